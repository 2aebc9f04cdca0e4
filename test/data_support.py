"""Writers of small data roots: the labelled NYU .mat, RGB-D folders and TUM sequences."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

WIDTH, HEIGHT = 80, 60
CAMERA = {'fx': 70.0, 'fy': 71.0, 'cx': 40.0, 'cy': 30.0, 'width': WIDTH, 'height': HEIGHT}


def write_mat(
    path: Path, count: int = 4, size: tuple[int, int] = (WIDTH, HEIGHT), **changes: object
) -> dict[str, np.ndarray]:
    """A MATLAB v7.3 file as NYU's, userblock and all; `changes` replace or drop datasets.

    Returns what MATLAB would show: images (N, 3, H, W), depths and rawDepths (N, H, W).
    """
    h5py = pytest.importorskip('h5py')
    rng = np.random.default_rng(0)
    width, height = size
    depths = rng.uniform(1, 5, (count, height, width)).astype(np.float32)
    raw = depths.copy()
    raw[:, :3, :7] = 0  # holes
    images = rng.integers(0, 256, (count, 3, height, width), np.uint8)
    data: dict[str, object] = {
        'images': images.transpose(0, 1, 3, 2),
        'depths': depths.transpose(0, 2, 1),
        'rawDepths': raw.transpose(0, 2, 1),
        **changes,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, 'w', userblock_size=512) as file:
        for name, value in data.items():
            if value is not None:
                file[name] = value
        names = [f'kitchen_{i // 2:04d}' for i in range(count)]
        cells = [
            file.create_dataset(f'#refs#/{i}', data=np.array([[ord(c)] for c in name], np.uint16))
            for i, name in enumerate(names)
        ]
        file.create_dataset('scenes', (1, count), h5py.ref_dtype)[0] = [c.ref for c in cells]
    with path.open('r+b') as file:
        file.write(b'MATLAB 7.3 MAT-file'.ljust(124) + b'\x00\x02IM')
    return {'images': images, 'depths': depths, 'rawDepths': raw}


def write_splits(path: Path, train: Sequence[int], test: Sequence[int]) -> None:
    """splits.mat: columns of indices that count from 1."""
    io = pytest.importorskip('scipy.io')
    columns = {'trainNdxs': train, 'testNdxs': test}
    io.savemat(path, {k: np.array(v, np.uint16).reshape(-1, 1) for k, v in columns.items()})


def write_pair(rgb: Path, depth: Path, seed: int = 0, scale: float = 1000) -> np.ndarray:
    """One pair of images (60 x 80); returns the depth in metres, with a hole."""
    rng = np.random.default_rng(seed)
    values = rng.integers(1, 4, (HEIGHT, WIDTH)) * scale + rng.integers(0, scale // 2)
    values[:4, :9] = 0
    for path in (rgb, depth):
        path.parent.mkdir(parents=True, exist_ok=True)
    image = np.full((HEIGHT, WIDTH, 3), (200, 100, 50), np.uint8)  # BGR
    cv2.imwrite(str(rgb), image)
    cv2.imwrite(str(depth), values.astype(np.uint16))
    return (values / scale).astype(np.float32)


def write_rgbd(folder: Path, names: Sequence[str], **meta: object) -> Path:
    """An RGB-D folder; `meta` is added to its meta.json, None drops an entry."""
    for seed, name in enumerate(names):
        write_pair(folder / f'rgb/{name}.jpg', folder / f'depth/{name}.png', seed)
    content = {k: v for k, v in {'intrinsics': CAMERA, **meta}.items() if v is not None}
    (folder / 'meta.json').write_text(json.dumps(content))
    return folder


def write_tum(folder: Path, rgb: Sequence[float], depth: Sequence[float]) -> Path:
    """A TUM sequence: images at these stamps, rgb.txt and depth.txt."""
    for kind, stamps in (('rgb', rgb), ('depth', depth)):
        lines = ['# timestamp filename', *(f'{s:.6f} {kind}/{s:.6f}.png' for s in stamps)]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f'{kind}.txt').write_text('\n'.join(lines) + '\n')
    for i, stamp in enumerate(rgb):
        write_pair(folder / f'rgb/{stamp:.6f}.png', folder / 'depth/unused.png', i, 5000)
    for i, stamp in enumerate(depth):
        write_pair(folder / 'rgb/unused.png', folder / f'depth/{stamp:.6f}.png', i, 5000)
    return folder
