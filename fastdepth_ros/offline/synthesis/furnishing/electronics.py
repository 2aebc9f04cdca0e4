"""Devices as they lie on desks and boards, and their cables."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, screen, shade
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, solid
from fastdepth_ros.offline.synthesis.furnishing.textiles import bumps
from fastdepth_ros.offline.synthesis.materials import Random, keys, tinted
from fastdepth_ros.offline.synthesis.meshes import (
    Mesh,
    box,
    cylinder,
    ellipsoid,
    hoop,
    lathe,
    pipe,
    tube,
)


def _loose(rng: Random, assets: Assets, length: float, radius: float) -> Mesh:
    """A cable that lies in bends on z = 0, about the origin."""
    turns = np.cumsum(bumps(rng, 2, 40, 9)[0]) * rng.uniform(0.15, 0.5)
    step = length / 40
    path = np.cumsum(np.stack([np.cos(turns), np.sin(turns), 0 * turns], -1) * step, 0)
    path -= path.mean(0)
    skin = grey(rng, assets, 0.02, 0.1) if rng.random() < 0.7 else assets.plain(rng)
    return pipe(path, radius, skin).moved(0, 0, radius)


def cable(rng: Random, assets: Assets) -> Piece:
    """Loose, 0.3 to 0.9 m of it, with a plug, or coiled up to 8 to 14 cm."""
    radius = rng.uniform(0.0018, 0.0045)
    if rng.random() < 0.35:
        coil = rng.uniform(0.04, 0.07)
        t = np.linspace(0, 2 * math.pi * rng.integers(2, 6), 80)
        wobble = coil * (1 + 0.12 * np.sin(1.37 * t))
        z = radius + 0.25 * radius * t / math.pi
        path = np.stack([wobble * np.cos(t), wobble * np.sin(t), z], -1)
        return solid(pipe(path, radius, grey(rng, assets, 0.02, 0.9)))
    wire = _loose(rng, assets, rng.uniform(0.3, 0.9), radius)
    x, y = wire.vertices[-1, :2].tolist()
    plug = box((0.035, 0.016, 0.01), wire.material).moved(x, y, 0, rng.uniform(0, 6))
    return solid(wire, plug)


def power_strip(rng: Random, assets: Assets) -> Piece:
    """Of three to six sockets, 20 to 40 cm, with its cable."""
    count, white = int(rng.integers(3, 7)), shade(rng, assets)
    length = 0.06 + 0.055 * count
    meshes = [box((length, 0.055, 0.04), white)]
    for n in range(count):
        at = (0.055 * (n + 0.5 - count / 2), 0, 0.036)
        meshes.append(cylinder(0.02, 0.005, grey(rng, assets, 0.1, 0.6), at))
        if rng.random() < 0.4:
            meshes.append(box((0.04, 0.04, 0.035), grey(rng, assets, 0.02, 0.9), at))
    return solid(*meshes, _loose(rng, assets, 0.4, 0.004).moved(length / 2, 0))


def handset(rng: Random, assets: Assets) -> Piece:
    """A telephone, a tablet, a remote control, a calculator: what is flat and held."""
    kind, body = int(rng.integers(4)), grey(rng, assets, 0.02, 0.15, 0.06)
    w, d, h = (
        (0.073, 0.15, 0.009),
        (0.17, 0.245, 0.008),
        (0.046, 0.19, 0.02),
        (0.08, 0.15, 0.016),
    )[kind]
    glass = screen(rng, replace(body, gloss=0.15), w)
    face = glass if kind < 2 else replace(shade(rng, assets), texture=keys(rng), tile=0.25)
    flat = solid(box((w, d, h), body), box((w * 0.88, d * 0.86, 0.001), face, (0, 0, h)))
    if kind < 2 and rng.random() < 0.2:  # leans on something
        turn = rng.uniform(1.0, 1.35)
        meshes = [mesh.moved(0, d / 2).pitched(turn) for mesh in flat.meshes]
        return solid(*meshes, box((w * 0.4, 0.06, 0.03), body, (0, 0.05, 0)))
    return flat


def headphones(rng: Random, assets: Assets) -> Piece:
    """Two cups of 7 cm on a bow, lying."""
    skin, t = shade(rng, assets), np.linspace(0, math.pi, 16)
    bow = np.stack([0.078 * np.cos(t), 0.1 * np.sin(t), 0.03 + 0 * t], -1)
    cups = [ellipsoid((0.02, 0.036, 0.036), skin, (side * 0.075, 0, 0)) for side in (-1, 1)]
    return solid(pipe(bow, 0.008, skin), *cups)


def loudspeaker(rng: Random, assets: Assets) -> Piece:
    """A box of 16 to 35 cm with two cones in front, or a round one of 8 to 22."""
    if rng.random() < 0.3:
        r, h = rng.uniform(0.035, 0.06), rng.uniform(0.08, 0.22)
        return solid(
            lathe([(0, 0), (r, 0), (r, h * 0.9), (r * 0.8, h), (0, h)], shade(rng, assets))
        )
    h = rng.uniform(0.16, 0.35)
    w, d = h * rng.uniform(0.55, 0.7), h * rng.uniform(0.6, 0.9)
    body, cone = assets.material(rng, 'thing'), grey(rng, assets, 0.02, 0.3)
    meshes = [box((w, d, h), body)]
    for z, r in ((0.1, 0.36), (0.62, 0.22)):
        meshes.append(ellipsoid((w * r, 0.015, w * r), cone, (0, -d / 2, h * z)))
    return solid(*meshes)


def router(rng: Random, assets: Assets) -> Piece:
    """20 x 14 cm, flat, with up to four aerials."""
    skin = grey(rng, assets, 0.03, 0.15) if rng.random() < 0.6 else grey(rng, assets, 0.8, 0.95)
    meshes = [box((0.21, 0.14, 0.032), skin)]
    for n in range(int(rng.integers(0, 5))):
        x, lean = 0.05 * (n - 1.5), rng.normal(0, 0.3)
        top = (x + 0.16 * math.sin(lean), 0.06, 0.03 + 0.16 * math.cos(lean))
        meshes += tube(0.006, skin, (x, 0.06, 0.03), top)
    return solid(*meshes, _loose(rng, assets, 0.3, 0.003).moved(0, 0.12))


def tripod_camera(rng: Random, assets: Assets) -> Piece:
    """A camera of 9 to 14 cm with its lens, often on a small tripod of 12 to 28 cm."""
    dark = grey(rng, assets, 0.02, 0.12, 0.04)
    w, high = rng.uniform(0.09, 0.14), rng.uniform(0.12, 0.28) if rng.random() < 0.6 else 0.0
    lens = ellipsoid((0.03, 0.045, 0.03), dark, (0, -0.05, high + 0.008))
    meshes = [box((w, 0.045, 0.075), dark, (0, 0, high)), lens]
    if high:
        for n in range(3):
            a = 2 * math.pi * n / 3 + 0.5
            foot = (0.45 * high * math.cos(a), 0.45 * high * math.sin(a), 0.006)
            meshes += tube(0.006, dark, (0, 0, high), foot)
    return solid(*meshes)


def fan(rng: Random, assets: Assets) -> Piece:
    """A table fan of 20 to 34 cm across on its foot."""
    r, skin = rng.uniform(0.1, 0.17), shade(rng, assets)
    z = r + rng.uniform(0.1, 0.16)
    meshes = [cylinder(0.09, 0.02, skin), cylinder(0.015, z, skin)]
    meshes += [pipe(hoop(r * share, z, y=-0.06), 0.003, skin) for share in (1.0, 0.7, 0.4)]
    for n in range(4):
        a = n * math.pi / 2 + 0.4
        tip = (0.9 * r * math.cos(a), -0.03, z + 0.9 * r * math.sin(a))
        meshes += tube(0.02, skin, (0, -0.03, z), tip)
    return solid(*meshes, ellipsoid((0.04, 0.06, 0.04), skin, (0, -0.01, z - 0.04)))


def circuit_board(rng: Random, assets: Assets) -> Piece:
    """Of 5 to 20 cm with chips, sockets and coolers, its cables beside it."""
    w, d = rng.uniform(0.05, 0.2), rng.uniform(0.05, 0.17)
    green = rng.uniform((0.02, 0.15, 0.05), (0.1, 0.4, 0.4))
    base = tinted(assets.plain(rng), green)
    meshes: list[Mesh] = [box((w, d, 0.002), base, (0, 0, 0.005))]
    for _ in range(rng.integers(5, 20)):
        size = rng.uniform((0.005, 0.005, 0.001), (0.03, 0.03, 0.018))
        x, y = rng.uniform(-0.42, 0.42, 2) * (w, d)
        meshes.append(box(size, grey(rng, assets, 0.02, 0.8), (x, y, 0.007)))
    for _ in range(rng.integers(0, 3)):
        meshes.append(_loose(rng, assets, 0.25, 0.002).moved(0, d / 2))
    return solid(*meshes)


DEVICES: tuple[Maker, ...] = (
    *(cable, cable, cable, cable, handset, handset, handset, headphones, loudspeaker, router),
    *(tripod_camera, power_strip, circuit_board),
)
