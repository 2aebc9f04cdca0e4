from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('torchvision')
pytest.importorskip('h5py')

from support import write_frame  # noqa: E402

from fastdepth_ros.offline.data.cache import FrameCache  # noqa: E402
from fastdepth_ros.offline.data.fastdepth_layout import Hdf5Ref  # noqa: E402
from fastdepth_ros.offline.data.frames import Frame, read_frame  # noqa: E402
from fastdepth_ros.offline.training.shrink import shrinker  # noqa: E402
from fastdepth_ros.offline.training.transforms import TRAINING_TRANSFORMS  # noqa: E402

CAMERA = (518.0, 519.0, 325.0, 253.0)


@pytest.fixture
def large(tmp_path: Path, rng: np.random.Generator) -> Path:
    """A frame of NYU's size: waves of some 20 px over a slanted floor."""
    y, x = np.mgrid[:480, :640]
    waves = [np.sin(x / 17), np.cos(y / 13), np.sin((x + y) / 23)]
    rgb = (128 + 90 * np.stack(waves) + rng.normal(0, 3, (3, 480, 640))).astype(np.uint8)
    depth = (5 - y / 120 + rng.uniform(0, 0.01, (480, 640))).astype(np.float32)
    return write_frame(tmp_path / 'large.h5', intrinsics=CAMERA, rgb=rgb, depth=depth)


def samples(
    transform: str, size: tuple[int, int], path: Path, folder: Path
) -> list[tuple[tuple[torch.Tensor, torch.Tensor], ...]]:
    """Of the same seed: (uncached, first from the cache, second from the cache), five times."""
    cache = FrameCache(folder, shrinker(transform, size))
    make = TRAINING_TRANSFORMS[transform](size, 100.0)
    found = []
    for seed in range(5):
        triple = []
        for read in (read_frame, cache.read, cache.read):
            torch.manual_seed(seed)
            triple.append(make(read(Hdf5Ref(path))))
        found.append(tuple(triple))
    return found


@pytest.mark.parametrize('size', [(224, 224), (96, 64)])
def test_published_samples_are_the_same_to_the_bit(
    large: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    small = write_frame(tmp_path / 'small.h5', 3)  # 80 x 60, enlarged by the pipeline itself
    for path in (large, small):
        for plain, *cached in samples('fastdepth', size, path, tmp_path / 'cache'):
            for sample in cached:
                assert torch.equal(plain[0], sample[0])
                assert torch.equal(plain[1], sample[1])
    assert shrinker('fastdepth', size)(read_frame(large)).rgb.shape == (3, 250, 333)


def test_full_samples_of_frames_that_are_small_already_are_the_same_to_the_bit(
    tmp_path: Path,
) -> None:
    small = write_frame(tmp_path / 'small.h5', 3, CAMERA)
    for plain, *cached in samples('full', (64, 64), small, tmp_path / 'cache'):
        for sample in cached:
            assert torch.equal(plain[0], sample[0])
            assert torch.equal(plain[1], sample[1])


def test_full_samples_of_large_frames_are_nearly_the_same(large: Path, tmp_path: Path) -> None:
    for plain, cached, again in samples('full', (256, 192), large, tmp_path / 'cache'):
        assert torch.equal(cached[0], again[0])
        assert (
            plain[0].float() - cached[0].float()
        ).abs().mean() < 6  # grey levels, noise and all
        both = (plain[1] > 0) & (cached[1] > 0)
        assert both.float().mean() > 0.9
        # the depth is the source's, from at most a pixel aside
        assert (plain[1] / cached[1] - 1)[both].abs().median() < 0.01


@pytest.mark.parametrize(
    ('height', 'width', 'expected'),
    [
        (480, 640, (288, 384)),
        (480, 848, (288, 509)),  # covers 384 x 288: the shorter side decides
        (640, 480, (512, 384)),
        (288, 384, (288, 384)),
        (240, 320, (240, 320)),
    ],
)
def test_full_keeps_what_zooming_in_needs(
    height: int, width: int, expected: tuple[int, int]
) -> None:
    depth = np.ones((height, width), np.float32)
    frame = Frame(np.zeros((3, height, width), np.uint8), depth, None, 's', Path())
    shrunk = shrinker('full', (256, 192))(frame)
    assert (shrunk.rgb.shape[1:], shrunk.depth.shape) == (expected, expected)


def test_the_camera_shrinks_with_the_frame(large: Path) -> None:
    camera = shrinker('full', (256, 192))(read_frame(large)).intrinsics
    assert camera is not None
    assert (camera.fx, camera.width) == (pytest.approx(518 * 0.6), 384)
