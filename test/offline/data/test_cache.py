from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('h5py')

from support import write_frame

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data import cache as cache_module
from fastdepth_ros.offline.data.cache import CacheError, FrameCache
from fastdepth_ros.offline.data.fastdepth_layout import Hdf5Ref
from fastdepth_ros.offline.data.frames import Frame, FrameRef, read_frame

CAMERA = (70.0, 71.0, 40.0, 30.0)


def whole(frame: Frame) -> Frame:
    """Shrinks nothing."""
    return frame


def same(first: Frame, second: Frame) -> bool:
    return (
        np.array_equal(first.rgb, second.rgb)
        and np.array_equal(first.depth, second.depth)
        and (first.rgb.dtype, first.depth.dtype) == (second.rgb.dtype, second.depth.dtype)
        and replace(first, rgb=0, depth=0) == replace(second, rgb=0, depth=0)
    )


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[FrameRef]:
    """The sources that caches have read."""
    seen: list[FrameRef] = []
    monkeypatch.setattr(
        cache_module, 'read_frame', lambda ref: seen.append(ref) or read_frame(ref)
    )
    return seen


@pytest.mark.parametrize('camera', [CAMERA, None])
def test_the_second_reading_is_the_first_one_without_its_source(
    tmp_path: Path, reads: list[FrameRef], camera: object
) -> None:
    path = write_frame(tmp_path / 'room7/1.h5', 1, camera)
    ref = Hdf5Ref(path)
    for _ in range(3):
        frame = FrameCache(tmp_path / 'cache', whole).read(ref)
        assert same(frame, read_frame(ref))
        assert frame.rgb.flags.writeable  # torch.from_numpy needs it
    assert reads == [ref]


def test_what_is_kept_is_what_shrink_gives(tmp_path: Path, reads: list[FrameRef]) -> None:
    def half(frame: Frame) -> Frame:
        return replace(frame, rgb=frame.rgb[:, ::2, ::2], depth=frame.depth[::2, ::2])

    path = write_frame(tmp_path / '1.h5')
    ref = Hdf5Ref(path)
    for _ in range(2):
        assert FrameCache(tmp_path / 'cache', half).read(ref).rgb.shape == (3, 30, 40)
    assert FrameCache(tmp_path / 'cache', whole).read(ref).rgb.shape == (3, 60, 80)
    assert reads == [ref, ref]


def test_a_changed_source_is_read_again(
    tmp_path: Path, reads: list[FrameRef], capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_frame(tmp_path / '1.h5', 1)
    ref = Hdf5Ref(path)
    cache = FrameCache(tmp_path / 'cache', whole)
    cache.read(ref)
    assert cache.rebuilt == 0
    write_frame(path, 2)  # of the same size
    os.utime(path, ns=(0, 12345))
    assert same(cache.read(ref), read_frame(ref))
    assert same(cache.read(ref), read_frame(ref))
    assert (reads, cache.rebuilt) == ([ref, ref], 1)
    assert len(list((tmp_path / 'cache').iterdir())) == 1  # nothing old stays


def test_a_frame_that_another_process_stores_meanwhile_is_not_said_to_be_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ref = Hdf5Ref(write_frame(tmp_path / '1.h5'))
    caches = [FrameCache(tmp_path / 'cache', whole) for _ in range(2)]
    look = cache_module._stored

    def look_before_the_other_stores(*arguments: object) -> Frame | None:
        found = look(*arguments)
        monkeypatch.setattr(cache_module, '_stored', look)
        caches[1].read(ref)
        return found

    monkeypatch.setattr(cache_module, '_stored', look_before_the_other_stores)
    assert same(caches[0].read(ref), read_frame(ref))
    assert [cache.rebuilt for cache in caches] == [0, 0]
    assert 'stale' not in capsys.readouterr().err


def test_damaged_files_are_rebuilt_with_one_line(
    tmp_path: Path, rng: np.random.Generator, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_frame(tmp_path / '1.h5', 1, CAMERA)
    ref = Hdf5Ref(path)
    cache = FrameCache(tmp_path / 'cache', whole)
    truth, file = cache.read(ref), cache.file(ref)
    good = file.read_bytes()
    for end in (0, 3, 4, 5, 200, len(good) - 1):
        file.write_bytes(good[:end])
        assert same(cache.read(ref), truth)
        assert file.read_bytes() == good
    for position in [*range(8), *rng.integers(8, len(good), 40)]:
        bad = bytearray(good)
        bad[position] ^= 1 << int(rng.integers(8))
        file.write_bytes(bad)
        assert same(cache.read(ref), truth)
        assert file.read_bytes() == good
    assert cache.rebuilt == 54
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert 'stale or damaged' in lines[0]
    assert str(path) in lines[0]


def test_damaged_and_missing_sources_are_not_kept(tmp_path: Path) -> None:
    path = write_frame(tmp_path / '1.h5')
    path.write_bytes(path.read_bytes()[:-100])
    cache = FrameCache(tmp_path / 'cache', whole)
    for broken in (path, tmp_path / 'gone.h5'):
        with pytest.raises(UserError, match=broken.name) as error:
            cache.read(Hdf5Ref(broken))
        assert not isinstance(error.value, CacheError)
    assert not list((tmp_path / 'cache').iterdir())


@contextmanager
def small_files() -> Iterator[None]:
    """Files that are written may have 1000 bytes; no longer than need be, pytest writes, too."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_no_room_is_a_mistake_of_the_cache_and_leaves_nothing(tmp_path: Path) -> None:
    path = write_frame(tmp_path / '1.h5')
    ref = Hdf5Ref(path)
    cache = FrameCache(tmp_path / 'cache', whole)
    message = r"cannot write the cache '.*cache': .*--cache"
    with small_files(), pytest.raises(CacheError, match=message) as error:
        cache.read(ref)
    assert not list((tmp_path / 'cache').iterdir())
    with pytest.raises(CacheError):  # it is no bad frame that could be skipped
        BadFrames(skip=True).handle(error.value)


def test_a_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('')
    with pytest.raises(CacheError, match='cannot use the cache'):
        FrameCache(tmp_path / 'file', whole)
