"""Furniture of random kinds and sizes, about the origin, backs to +y."""

from __future__ import annotations

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.piece import Piece, Surface
from fastdepth_ros.offline.synthesis.materials import Material, Random
from fastdepth_ros.offline.synthesis.meshes import Mesh, box, cylinder, ellipsoid, lathe


def legs(thick: float, height: float, x: float, y: float, material: Material) -> list[Mesh]:
    """Four square ones, at -x and x, -y and y."""
    size = (thick, thick, height)
    return [box(size, material, (sx * x, sy * y, 0)) for sx in (-1, 1) for sy in (-1, 1)]


def table(rng: Random, assets: Assets) -> Piece:
    """Desk, dining table, side table; round at times."""
    width, depth = rng.uniform(0.45, 2.2), rng.uniform(0.45, 1.1)
    height, thick = rng.uniform(0.38, 1.05), rng.uniform(0.015, 0.07)
    top = assets.material(rng, 'thing', rng.choice([0, 0, 0.06, 0.15]))
    leg = assets.material(rng, 'thing')
    if rng.random() < 0.2:
        width = depth = min(width, 1.3)
        radius = width / 2
        foot = lathe([(radius * 0.6, 0), (0.04, 0.05), (0.04, height - thick)], leg)
        meshes = [foot, cylinder(radius, thick, top, (0, 0, height - thick))]
        return Piece(meshes, width, width, [Surface(0, 0, width * 0.7, width * 0.7, height)])
    meshes = [box((width, depth, thick), top, (0, 0, height - thick))]
    r, inset = rng.uniform(0.012, 0.05), rng.uniform(0.03, 0.1)
    meshes += legs(2 * r, height - thick, width / 2 - inset, depth / 2 - inset, leg)
    if rng.random() < 0.3:  # drawers on one side
        corner = (rng.choice([-1, 1]) * (width / 2 - 0.25), 0, 0.05)
        meshes.append(box((0.4, depth * 0.9, height - thick - 0.05), leg, corner))
    return Piece(meshes, width, depth, [Surface(0, 0, width * 0.92, depth * 0.9, height)])


def chair(rng: Random, assets: Assets) -> Piece:
    """Four legs or a foot, a seat, often a back."""
    width, depth, height = rng.uniform(0.36, 0.6), rng.uniform(0.36, 0.6), rng.uniform(0.38, 0.78)
    seat, leg = assets.material(rng, 'thing'), assets.plain(rng)
    meshes = [box((width, depth, rng.uniform(0.02, 0.12)), seat, (0, 0, height))]
    if rng.random() < 0.3:
        meshes.append(cylinder(0.03, height, leg))
        meshes.append(cylinder(width * 0.5, 0.04, leg))
    else:
        meshes += legs(0.035, height, width * 0.44, depth * 0.44, leg)
    if rng.random() < 0.85:
        back = rng.uniform(0.25, 0.6)
        meshes.append(box((width, 0.04, back), seat, (0, depth / 2, height + 0.1)))
    return Piece(meshes, width, depth, [Surface(0, 0, width * 0.8, depth * 0.8, height + 0.05)])


def shelf(rng: Random, assets: Assets) -> Piece:
    """Boards between sides, with what stands on them."""
    width, depth, height = rng.uniform(0.5, 2.4), rng.uniform(0.2, 0.5), rng.uniform(0.6, 2.3)
    body = assets.material(rng, 'thing')
    levels = max(2, round(height / rng.uniform(0.28, 0.45)))
    meshes = [box((0.025, depth, height), body, (side * width / 2, 0, 0)) for side in (-1, 1)]
    if rng.random() < 0.7:
        meshes.append(box((width, 0.015, height), body, (0, depth / 2, 0)))
    full = rng.uniform(0.1, 1)
    for level in range(levels + 1):
        z = level * (height - 0.02) / levels
        meshes.append(box((width, depth, 0.02), body, (0, 0, z)))
        if level < levels and rng.random() < full:
            room = (height - 0.02) / levels - 0.05
            meshes += _books(rng, assets, width - 0.06, depth, z + 0.02, room)
    return Piece(meshes, width, depth, [Surface(0, 0, width * 0.9, depth * 0.7, height)])


def _books(
    rng: Random, assets: Assets, width: float, depth: float, z: float, room: float
) -> list[Mesh]:
    materials = [assets.plain(rng) for _ in range(3)] + [assets.material(rng, 'thing')]
    x, meshes = -width / 2, []
    thick = rng.uniform(0.02, 0.2)
    while x < width / 2 - 0.02:
        w = min(thick * rng.uniform(0.6, 1.6), width / 2 - x)
        if rng.random() < 0.85:
            size = (w * 0.95, depth * rng.uniform(0.4, 0.9), room * rng.uniform(0.4, 1))
            material = materials[rng.integers(len(materials))]
            meshes.append(box(size, material, (x + w / 2, 0, z)))
        x += w
    return meshes


def cabinet(rng: Random, assets: Assets) -> Piece:
    """A closed body with doors or drawers, low or as high as a wardrobe."""
    width, depth = rng.uniform(0.4, 2.2), rng.uniform(0.35, 0.7)
    height = rng.choice([rng.uniform(0.35, 1.0), rng.uniform(1.0, 2.3)])
    body = assets.material(rng, 'thing', rng.choice([0, 0, 0.08]))
    front = body if rng.random() < 0.5 else assets.material(rng, 'thing')
    meshes = [box((width, depth, height), body)]
    columns = max(1, round(width / rng.uniform(0.35, 0.7)))
    rows = max(1, round(height / rng.uniform(0.2, 1.2)))
    knob = assets.plain(rng)
    for i in range(columns):
        for j in range(rows):
            w, h = width / columns, height / rows
            at = ((i + 0.5) * w - width / 2, -depth / 2 - 0.008, j * h + 0.01)
            meshes.append(box((w - 0.015, 0.018, h - 0.015), front, at))
            meshes.append(
                box((0.02, 0.03, 0.08), knob, (at[0] + w * 0.3, at[1] - 0.02, at[2] + h / 2))
            )
    return Piece(meshes, width, depth, [Surface(0, 0, width * 0.95, depth * 0.85, height)])


def kitchen_run(rng: Random, assets: Assets) -> Piece:
    """Base units under a worktop, units on the wall above, a hob, a sink's tap."""
    width, depth, height = rng.uniform(1.4, 3.6), rng.uniform(0.55, 0.7), rng.uniform(0.85, 0.95)
    front = assets.material(rng, 'thing', 0.04)
    top = assets.material(rng, 'floor', rng.choice([0.05, 0.15]))
    metal = assets.plain(rng, gloss=0.4)
    meshes = [
        box((width, depth - 0.04, height - 0.04), front, (0, 0.02, 0)),
        box((width, depth, 0.04), top, (0, 0, height - 0.04)),
        box((0.55, 0.5, 0.008), assets.plain(rng), (rng.uniform(-0.4, 0.4) * width, 0, height)),
    ]
    count = max(2, round(width / 0.6))
    for i in range(count):
        w = width / count
        x = (i + 0.5) * w - width / 2
        meshes.append(box((w - 0.01, 0.02, height - 0.16), front, (x, -depth / 2 + 0.03, 0.1)))
        meshes.append(box((w * 0.4, 0.03, 0.015), metal, (x, -depth / 2 + 0.005, height - 0.14)))
    if rng.random() < 0.7:
        low, high = height + rng.uniform(0.45, 0.6), rng.uniform(0.4, 0.8)
        start = rng.uniform(0, 0.4) * width
        meshes.append(box((width - start, 0.35, high), front, (start / 2, depth / 2 - 0.175, low)))
    tap = rng.uniform(-0.4, 0.4) * width
    meshes.append(cylinder(0.015, 0.25, metal, (tap, depth * 0.35, height)))
    meshes.append(box((0.02, 0.2, 0.02), metal, (tap, depth * 0.2, height + 0.23)))
    return Piece(meshes, width, depth, [Surface(0, -0.05, width * 0.95, depth * 0.7, height)])


def sofa(rng: Random, assets: Assets) -> Piece:
    """A couch or an armchair; without a back and arms, a bed."""
    width, depth = rng.uniform(0.7, 2.4), rng.uniform(0.75, 1.05)
    cloth = assets.material(rng, 'thing')
    seat = rng.uniform(0.35, 0.5)
    if rng.random() < 0.35:
        return _bed(rng, assets, cloth, seat)
    arm = rng.uniform(0.08, 0.25)
    meshes = [
        box((width, depth, seat), cloth),
        box((width, 0.2, seat + 0.4), cloth, (0, depth / 2 - 0.1, 0)),
    ]
    for side in (-1, 1):
        meshes.append(box((arm, depth, seat + 0.18), cloth, (side * (width - arm) / 2, 0, 0)))
    for _ in range(rng.integers(0, 4)):
        at = (rng.uniform(-0.35, 0.35) * width, depth * 0.15, seat)
        meshes.append(ellipsoid((0.2, 0.09, 0.2), assets.material(rng, 'thing'), at))
    return Piece(meshes, width, depth, [Surface(0, -0.1, width * 0.6, depth * 0.4, seat)])


def _bed(rng: Random, assets: Assets, cloth: Material, height: float) -> Piece:
    width, depth = rng.uniform(0.8, 1.9), rng.uniform(1.8, 2.1)
    head = (width + 0.05, 0.05, rng.uniform(0.7, 1.2))
    blanket = (width * 0.96, depth * 0.6, 0.06)
    meshes = [
        box((width, depth, height), cloth),
        box(head, assets.material(rng, 'thing'), (0, depth / 2, 0)),
        box(blanket, assets.material(rng, 'thing'), (0, -depth * 0.18, height)),
    ]
    for side in (-0.25, 0.25):
        at = (side * width, depth * 0.36, height)
        meshes.append(ellipsoid((width * 0.2, 0.2, 0.08), assets.plain(rng), at))
    return Piece(meshes, width, depth, [Surface(0, -0.2, width * 0.8, depth * 0.5, height + 0.06)])
