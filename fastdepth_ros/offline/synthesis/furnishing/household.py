"""Things and furniture in the sizes in which they are sold, which tell how far away they are.

What objects.py and furniture.py draw has any size and shape, for breadth; of that alone a network
cannot learn that a keyboard is 45 cm wide and a desk 73 cm high. Fronts face -y.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, printed, shade
from fastdepth_ros.offline.synthesis.furnishing.furniture import kitchen_run, legs
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, Surface, solid
from fastdepth_ros.offline.synthesis.materials import (
    Material,
    Random,
    glossy,
    keys,
    print_,
    text,
    tinted,
)
from fastdepth_ros.offline.synthesis.meshes import Mesh, box, cylinder, ellipsoid, lathe


def keyboard(rng: Random, assets: Assets) -> Piece:
    """Full size, or without the number block."""
    width = rng.choice([rng.uniform(0.43, 0.46), rng.uniform(0.28, 0.36)])
    size = (width, rng.uniform(0.12, 0.16), rng.uniform(0.012, 0.03))
    return solid(box(size, replace(shade(rng, assets), texture=keys(rng), tile=0.3)))


def mouse(rng: Random, assets: Assets) -> Piece:
    """On a mat at times."""
    body = ellipsoid((0.031, 0.055, 0.018), shade(rng, assets))
    if rng.random() < 0.3:
        return solid(box((0.23, 0.19, 0.003), printed(rng, 0.23)), body)
    return solid(body)


def _screen(rng: Random, assets: Assets, width: float, height: float) -> list[Mesh]:
    """A dark frame with a picture in it that shines, if it is on; stands on z = 0."""
    dark = grey(rng, assets, 0.01, 0.06, 0.06)
    frame = rng.uniform(0.008, 0.03)
    shown = replace(dark, gloss=0.1)
    if rng.random() < 0.6:
        light = rng.uniform(0.1, 0.9)
        texture = (text if rng.random() < 0.5 else print_)(rng)
        shown = Material(texture, (0.02, 0.02, 0.02), width, emission=(light, light, light * 1.1))
    inside = box((width - 2 * frame, 0.004, height - 2 * frame), shown, (0, -0.02, frame))
    return [box((width, 0.035, height), dark), inside]


def monitor(rng: Random, assets: Assets) -> Piece:
    """19 to 27 inches, on a foot."""
    diagonal = rng.uniform(19, 27) * 0.0254
    aspect = (16 / 9, 16 / 10, 16 / 9, 5 / 4)[rng.integers(4)]
    height = diagonal / math.hypot(aspect, 1)
    dark, lift = shade(rng, assets), rng.uniform(0.06, 0.16)
    return solid(
        box((rng.uniform(0.18, 0.28), rng.uniform(0.15, 0.22), 0.015), dark),
        box((0.06, 0.03, lift + 0.1), dark, (0, 0.035, 0)),
        *(m.moved(0, 0, lift) for m in _screen(rng, assets, height * aspect, height)),
    )


def laptop(rng: Random, assets: Assets) -> Piece:
    """13 to 16 inches, open."""
    width = rng.uniform(0.3, 0.36)
    depth, body = width * rng.uniform(0.66, 0.71), shade(rng, assets)
    base = [
        box((width, depth, 0.016), body),
        box((width * 0.9, depth * 0.5, 0.002), replace(body, texture=keys(rng), tile=0.3)).moved(
            0, depth * 0.15, 0.016
        ),
    ]
    back = math.radians(rng.uniform(5, 35))
    lid = [
        mesh.transformed(np.diag([1, 0.3, 1])).pitched(-back).moved(0, depth / 2, 0.016)
        for mesh in _screen(rng, assets, width, depth)
    ]
    return solid(*base, *lid)


def mug(rng: Random, assets: Assets) -> Piece:
    """With its handle."""
    r, h = rng.uniform(0.036, 0.046), rng.uniform(0.08, 0.11)
    glaze = printed(rng, 0.15) if rng.random() < 0.3 else assets.plain(rng, gloss=0.05)
    body = lathe([(0, 0), (r, 0), (r, h), (r * 0.92, h), (r * 0.9, 0.01), (0, 0.01)], glaze)
    ear = [
        box((0.03, 0.012, 0.01), glaze, (r + 0.012, 0, 0.02)),
        box((0.03, 0.012, 0.01), glaze, (r + 0.012, 0, h - 0.03)),
        box((0.01, 0.012, h - 0.045), glaze, (r + 0.024, 0, 0.025)),
    ]
    return solid(body, *ear)


def can(rng: Random, assets: Assets) -> Piece:
    """A drink's or food's."""
    r, h = ((0.033, 0.116), (0.029, 0.146), (0.037, 0.11), (0.05, 0.12))[rng.integers(4)]
    label, metal = printed(rng, 0.2), tinted(assets.plain(rng, gloss=0.3), np.full(3, 0.7))
    body = lathe([(r * 0.85, 0), (r, 0.008), (r, h - 0.01), (r * 0.85, h)], label)
    return solid(body, cylinder(r * 0.84, h - 0.004, metal))


def bottle(rng: Random, assets: Assets) -> Piece:
    """0.33 to 1.5 litres."""
    r, h = ((0.031, 0.21), (0.034, 0.24), (0.038, 0.3), (0.045, 0.33))[rng.integers(4)]
    skin = tinted(assets.plain(rng, gloss=0.1), rng.uniform(0.05, 0.7, 3))
    neck = rng.uniform(0.011, 0.016)
    profile = [(0, 0), (r, 0.004), (r, h * 0.62), (neck, h * 0.85), (neck, h), (0, h)]
    label = lathe([(r * 1.01, h * 0.2), (r * 1.01, h * 0.5)], printed(rng, 0.2))
    return solid(lathe(profile, skin), label)


def dish(rng: Random, assets: Assets) -> Piece:
    """A plate, a soup plate, a bowl; a few of them, one in the other."""
    r, h = ((0.13, 0.02), (0.11, 0.035), (0.075, 0.065), (0.1, 0.09))[rng.integers(4)]
    glaze = assets.plain(rng, gloss=0.06)
    if rng.random() < 0.5:
        glaze = tinted(glaze, np.full(3, rng.uniform(0.7, 0.95)))
    profile = [(0, 0), (r * 0.55, 0), (r, h), (r * 0.96, h), (r * 0.5, 0.008), (0, 0.008)]
    body = lathe(profile, glaze)
    return solid(*(body.moved(0, 0, 0.012 * n) for n in range(rng.choice([1, 1, 1, 4]))))


def packet(rng: Random, _: Assets) -> Piece:
    """Cereal, milk, juice, tea, tissues: a printed box that stands or lies."""
    sizes = [(0.19, 0.06, 0.28), (0.07, 0.07, 0.24), (0.095, 0.063, 0.165), (0.15, 0.08, 0.07)]
    size = np.array([*sizes, (0.23, 0.12, 0.08), (0.24, 0.18, 0.04)][rng.integers(6)])
    return solid(box(size * rng.uniform(0.93, 1.07), printed(rng, float(size.max()))))


def paper(rng: Random, _: Assets) -> Piece:
    """Sheets of A4, a few of them askew."""
    sheets = []
    for n in range(rng.integers(1, 5)):
        sheet = Material(text(rng), tile=0.3)
        a, x, y = rng.normal(0, 0.15), *rng.normal(0, 0.02, 2)
        sheets.append(box((0.21, 0.297, 0.002), sheet).moved(x, y, 0.002 * n, a))
    return solid(*sheets)


def books(rng: Random, assets: Assets) -> Piece:
    """Lying on each other, from paperback to A4."""
    pile, z = [], 0.0
    for _ in range(rng.integers(1, 5)):
        w, d = ((0.11, 0.18), (0.148, 0.21), (0.17, 0.24), (0.21, 0.297))[rng.integers(4)]
        thick = rng.uniform(0.008, 0.045)
        cover = printed(rng, d) if rng.random() < 0.6 else assets.plain(rng)
        pile.append(box((w, d, thick), cover).moved(0, 0, z, rng.normal(0, 0.2)))
        z += thick
    return solid(*pile)


def binders(rng: Random, assets: Assets) -> Piece:
    """A row of ring binders."""
    thick, count = rng.choice([0.05, 0.08]), int(rng.integers(1, 7))
    row: list[Mesh] = []
    for n in range(count):
        cover = assets.plain(rng) if n == 0 or rng.random() < 0.4 else row[-1].material
        x = (n + 0.5 - count / 2) * thick
        row.append(box((thick * 0.97, 0.285, 0.318), cover, (x, 0, 0)))
    return solid(*row)


def pencils(rng: Random, assets: Assets) -> Piece:
    """In a cup."""
    cup = lathe([(0.038, 0), (0.042, 0.1), (0.039, 0.1), (0.036, 0.01)], assets.plain(rng))
    pens = []
    for _ in range(rng.integers(2, 7)):
        x, y = rng.uniform(-0.02, 0.02, 2)
        pens.append(cylinder(0.004, rng.uniform(0.13, 0.18), assets.plain(rng), (x, y, 0)))
    return solid(cup, *pens)


def desk_lamp(rng: Random, assets: Assets) -> Piece:
    """A foot, a stem, a shade."""
    body, tall = assets.plain(rng, gloss=0.08), rng.uniform(0.32, 0.5)
    cone = lathe([(0.08, tall - 0.02), (0.03, tall + 0.08), (0, tall + 0.08)], body)
    reach = rng.uniform(0, 0.15)
    arm = box((0.015, reach + 0.015, 0.015), body, (0, -reach / 2, tall + 0.02))
    foot = cylinder(rng.uniform(0.07, 0.1), 0.02, body)
    return solid(foot, cylinder(0.009, tall + 0.03, body), arm, cone.moved(0, -reach))


def kettle(rng: Random, assets: Assets) -> Piece:
    """With spout and handle."""
    steel = shade(rng, assets, gloss=rng.choice([0, 0.2]))
    grip = tinted(steel, np.full(3, 0.04))
    body = lathe([(0, 0), (0.08, 0), (0.078, 0.1), (0.055, 0.2), (0.02, 0.22), (0, 0.22)], steel)
    return solid(
        body,
        box((0.05, 0.03, 0.03), steel, (-0.075, 0, 0.15)),
        box((0.02, 0.025, 0.17), grip, (0.11, 0, 0.03)),
        box((0.06, 0.025, 0.02), grip, (0.085, 0, 0.19)),
    )


def pot(rng: Random, assets: Assets) -> Piece:
    """A saucepan or a pot with two ears; a lid at times."""
    r, h = rng.uniform(0.08, 0.13), rng.uniform(0.08, 0.16)
    steel = shade(rng, assets, gloss=0.2)
    meshes = [lathe([(0, 0), (r, 0), (r, h), (r * 0.97, h), (r * 0.95, 0.01), (0, 0.01)], steel)]
    dark = tinted(steel, np.full(3, 0.05))
    if rng.random() < 0.5:
        meshes.append(box((0.19, 0.02, 0.015), dark, (r + 0.09, 0, h - 0.03)))
    else:
        meshes.append(box((2 * r + 0.07, 0.06, 0.012), dark, (0, 0, h - 0.035)))
    if rng.random() < 0.5:
        lid = [(r, h), (r * 0.6, h + 0.02), (0.015, h + 0.025), (0.015, h + 0.05), (0, h + 0.05)]
        meshes.append(lathe(lid, steel))
    return solid(*meshes)


def appliance(rng: Random, assets: Assets) -> Piece:
    """Microwave, toaster, coffee machine, printer, loudspeaker."""
    kind = rng.integers(5)
    size = np.array(
        [
            (0.48, 0.36, 0.28),
            (0.28, 0.18, 0.19),
            (0.2, 0.3, 0.34),
            (0.43, 0.36, 0.2),
            (0.16, 0.2, 0.27),
        ][kind]
    )
    w, d, h = size * rng.uniform(0.9, 1.1, 3)
    body = shade(rng, assets, gloss=rng.choice([0, 0.08]))
    dark = tinted(assets.plain(rng, gloss=0.1), np.full(3, 0.03))
    front = -d / 2
    details = (
        [box((w * 0.68, 0.01, h * 0.75), dark, (-w * 0.12, front, h * 0.12))],
        [box((w * 0.75, d * 0.25, 0.01), dark, (0, y * d, h)) for y in (-0.2, 0.2)],
        [box((w * 0.8, 0.02, h * 0.45), dark, (0, front, h * 0.1))],
        [box((w * 0.7, 0.12, 0.03), dark, (0, front, h * 0.3)), box((w, d * 0.5, 0.03), dark)],
        [ellipsoid((w * 0.4, 0.01, w * 0.4), dark, (0, front, h * 0.05))],
    )[kind]
    return solid(box((w, d, h), body), *details)


def ball(rng: Random, assets: Assets) -> Piece:
    """A tennis ball, an apple, a football."""
    r = rng.choice([0.033, 0.04, 0.04, 0.11])
    return solid(ellipsoid((r, r, r), assets.material(rng, 'thing')))


def workplace(rng: Random, assets: Assets) -> Piece:
    """A desk with screens, a keyboard before them, what lies about, and mostly a chair."""
    width, depth, height = rng.uniform(1.2, 1.8), rng.uniform(0.6, 0.85), rng.uniform(0.7, 0.76)
    top, leg = assets.material(rng, 'thing'), shade(rng, assets)
    meshes = [box((width, depth, 0.025), top, (0, 0, height - 0.025))]
    for side in (-1, 1):
        at = (side * (width / 2 - 0.06), 0, 0)
        panel_like = (0.025, depth * 0.9, height - 0.025)
        meshes.append(box(panel_like if rng.random() < 0.5 else (0.05, 0.05, height), leg, at))
    if rng.random() < 0.4:  # a pedestal with drawers
        beside = rng.choice([-1, 1]) * (width / 2 - 0.3)
        meshes.append(box((0.42, 0.55, 0.58), shade(rng, assets), (beside, 0.05, 0)))
    x, turn = rng.uniform(-0.2, 0.2) * width, rng.normal(0, 0.12)
    if rng.random() < 0.3:
        meshes += laptop(rng, assets).moved(x, -0.05, height, turn).meshes
    else:
        pair = rng.random() < 0.3
        for side in (-1, 1) if pair else (0,):
            y = depth / 2 - 0.18
            seen = monitor(rng, assets).moved(x + side * 0.29, y, height, turn - side * 0.2)
            meshes += seen.meshes
        u, v = x + rng.normal(0, 0.06), -depth * rng.uniform(0.1, 0.3)
        meshes += keyboard(rng, assets).moved(u, v, height, rng.normal(0, 0.1)).meshes
        meshes += mouse(rng, assets).moved(u + 0.32, v, height).meshes
    sides = []
    for side in (-1, 1):  # of the screens: what is left of the top
        inner, outer = x + side * 0.38, side * width / 2
        if (free := side * (outer - inner)) > 0.15:
            sides.append(Surface((inner + outer) / 2, 0, free, depth * 0.9, height))
    if rng.random() < 0.3:
        return Piece(meshes, width, depth, sides)
    away = rng.uniform(0.3, 0.7)
    seat = office_chair(rng, assets).moved(
        x, -depth / 2 - away + 0.25, 0, rng.normal(math.pi, 0.6)
    )
    whole = [mesh.moved(0, away / 2) for mesh in (*meshes, *seat.meshes)]
    tops = [replace(top, y=away / 2) for top in sides]
    return Piece(whole, width, depth + away, tops)


def office_chair(rng: Random, assets: Assets) -> Piece:
    """On five castors; seat 42 to 52 cm high. Its back is to +y."""
    seat, cloth = rng.uniform(0.42, 0.52), assets.material(rng, 'thing')
    dark = grey(rng, assets, 0.02, 0.15)
    meshes = [
        box((0.48, 0.46, 0.07), cloth, (0, 0, seat - 0.07)),
        box((0.45, 0.06, rng.uniform(0.4, 0.65)), cloth, (0, 0.24, seat + 0.08)),
        box((0.06, 0.03, 0.2), dark, (0, 0.25, seat - 0.07)),
        cylinder(0.028, seat - 0.1, dark, (0, 0, 0.05)),
    ]
    turn = rng.uniform(0, 2 * math.pi)
    for n in range(5):
        arm = box((0.3, 0.04, 0.03), dark, (0.15, 0, 0.06))
        castor = ellipsoid((0.03, 0.02, 0.03), dark, (0.29, 0, 0))
        meshes += [m.moved(0, 0, 0, turn + n * 2 * math.pi / 5) for m in (arm, castor)]
    if rng.random() < 0.6:
        for side in (-1, 1):
            meshes.append(box((0.05, 0.28, 0.03), dark, (side * 0.29, 0.02, seat + 0.2)))
            meshes.append(box((0.03, 0.04, 0.27), dark, (side * 0.29, 0.08, seat - 0.06)))
    return Piece(meshes, 0.66, 0.66)


def dining_table(rng: Random, assets: Assets) -> Piece:
    """72 to 76 cm high, with its chairs and what is on it."""
    width, depth = rng.uniform(0.75, 2.0), rng.uniform(0.75, 0.95)
    height = rng.uniform(0.72, 0.76)
    wood = assets.material(rng, 'thing', rng.choice([0, 0.05]))
    leg = wood if rng.random() < 0.6 else shade(rng, assets)
    meshes = [
        box((width, depth, 0.03), wood, (0, 0, height - 0.03)),
        box((width - 0.16, depth - 0.16, 0.08), leg, (0, 0, height - 0.11)),
    ]
    meshes += legs(0.06, height - 0.03, width / 2 - 0.07, depth / 2 - 0.07, leg)
    seat, back = side_chair(rng, assets), rng.uniform(0.1, 0.4)
    for side in (-1, 1):
        for place in range(int(width / 0.65)):
            if rng.random() < 0.6:
                x = (place + 0.5) * width / int(width / 0.65) - width / 2
                y = side * (depth / 2 + back - 0.1)
                yaw = rng.normal(0 if side > 0 else math.pi, 0.2)
                meshes += [mesh.moved(x, y, 0, yaw) for mesh in seat]
    top = Surface(0, 0, width * 0.92, depth * 0.9, height)
    return Piece(meshes, width, depth + 2 * back + 0.3, [top])


def side_chair(rng: Random, assets: Assets) -> list[Mesh]:
    """Seat 44 to 48 cm high; its back is to +y."""
    seat, wood = rng.uniform(0.44, 0.48), assets.material(rng, 'thing')
    leg = wood if rng.random() < 0.6 else shade(rng, assets)
    w, d, tall = rng.uniform(0.4, 0.46), rng.uniform(0.4, 0.46), rng.uniform(0.82, 0.98)
    meshes = [box((w, d, 0.03), wood, (0, 0, seat - 0.03))]
    for side in (-1, 1):
        x = side * (w / 2 - 0.02)
        meshes.append(box((0.035, 0.035, seat - 0.03), leg, (x, -d / 2 + 0.02, 0)))
        meshes.append(box((0.035, 0.035, tall), leg, (x, d / 2 - 0.02, 0)))
    if rng.random() < 0.5:
        meshes.append(box((w, 0.02, tall - seat - 0.12), wood, (0, d / 2 - 0.02, seat + 0.12)))
    else:
        for z in np.arange(seat + 0.15, tall, 0.12).tolist():
            meshes.append(box((w, 0.018, 0.05), wood, (0, d / 2 - 0.02, z - 0.05)))
    return meshes


def white_goods(rng: Random, assets: Assets) -> Piece:
    """A refrigerator, or a washing machine with its round door."""
    body = tinted(assets.plain(rng, gloss=0.05), np.full(3, rng.choice([0.9, 0.85, 0.5, 0.1])))
    grip = shade(rng, assets, gloss=0.2)
    if rng.random() < 0.6:
        tall, split = rng.uniform(1.5, 2.0), rng.uniform(0.55, 0.75)
        doors = [
            box((0.59, 0.04, tall * split - 0.015), body, (0, -0.31, 0.05)),
            box((0.59, 0.04, tall * (1 - split) - 0.05), body, (0, -0.31, tall * split + 0.045)),
            box((0.02, 0.03, 0.3), grip, (0.25, -0.34, tall * split - 0.4)),
        ]
        return Piece([box((0.6, 0.6, tall), body), *doors], 0.6, 0.7)
    dark = tinted(grip, np.full(3, 0.04))
    door = ellipsoid((0.17, 0.03, 0.17), dark, (0, -0.3, 0.3))
    ring = ellipsoid((0.21, 0.02, 0.21), grip, (0, -0.3, 0.26))
    return Piece(
        [box((0.6, 0.58, 0.85), body), ring, door], 0.6, 0.64, [Surface(0, 0, 0.5, 0.5, 0.85)]
    )


def fitted_kitchen(rng: Random, assets: Assets) -> Piece:
    """Base and wall units with an oven, and kitchen things on the worktop's back."""
    run = kitchen_run(rng, assets)
    top = run.tops[0]
    black = glossy(tinted(assets.plain(rng), np.full(3, 0.03)), 0.1)
    x = rng.uniform(-0.3, 0.3) * run.width
    meshes = [*run.meshes, box((0.58, 0.02, 0.55), black, (x, -run.depth / 2 + 0.02, 0.14))]
    makers = (kettle, pot, appliance, bottle, packet, dish, can, mug)
    at = -run.width / 2 + 0.1
    while at < run.width / 2 - 0.3:
        piece = makers[rng.integers(len(makers))](rng, assets)
        at += piece.width / 2
        if rng.random() < 0.6 and at + piece.width / 2 < run.width / 2:
            meshes += piece.moved(at, 0.02, top.z, rng.normal(0, 0.3)).meshes
        at += piece.width / 2 + rng.uniform(0.02, 0.2)
    front = Surface(top.x, -run.depth * 0.3, top.width, run.depth * 0.3, top.z)
    return Piece(meshes, run.width, run.depth, [front])


SMALL: tuple[Maker, ...] = (
    *(keyboard, mouse, laptop, monitor, mug, mug, can, bottle, bottle, dish, packet, packet),
    *(paper, paper, books, books, binders, pencils, desk_lamp, kettle, pot, appliance, ball),
)
ALONG_WALLS: tuple[Maker, ...] = (workplace, workplace, fitted_kitchen, white_goods)
FREE: tuple[Maker, ...] = (workplace, dining_table, dining_table, office_chair)
