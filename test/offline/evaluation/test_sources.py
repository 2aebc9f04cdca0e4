from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import Frame
from fastdepth_ros.offline.evaluation.sources import StoredDepth, read_depth

NAMES = ['official/00000', 'a/00001', 'b/00001']


def frame(height: int = 60, width: int = 80, value: int = 0) -> Frame:
    rgb = np.full((3, height, width), value, np.uint8)
    return Frame(rgb, np.ones((height, width), np.float32), None, 's', Path('f.h5'))


def store(folder: Path, name: str, depth: np.ndarray) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    np.save(folder / name, depth)


def test_maps_are_found_by_path_or_by_a_stem_that_is_unique(tmp_path: Path) -> None:
    store(tmp_path, '00000.npy', np.full((60, 80), 2.0))
    store(tmp_path, 'a/00001.npy', np.full((60, 80), 3.0, np.float32))
    (tmp_path / 'b').mkdir()
    cv2.imwrite(str(tmp_path / 'b/00001.png'), np.full((60, 80), 4567, np.uint16))
    source = StoredDepth(tmp_path, NAMES, 'full')
    found = [source.depth(frame(), name) for name in NAMES]
    assert [float(depth[0, 0]) for depth in found] == pytest.approx([2, 3, 4.567])
    assert all(depth.dtype == np.float32 for depth in found)


def test_the_whole_path_goes_before_the_stem(tmp_path: Path) -> None:
    store(tmp_path, '00000.npy', np.full((60, 80), 2.0))
    store(tmp_path, 'official/00000.npy', np.full((60, 80), 5.0))
    assert StoredDepth(tmp_path, NAMES[:1], 'full').depth(frame(), NAMES[0])[0, 0] == 5


def test_missing_maps_are_counted_and_the_first_is_named(tmp_path: Path) -> None:
    store(tmp_path, '00000.npy', np.ones((60, 80)))
    store(tmp_path, '00001.npy', np.ones((60, 80)))  # whose: a's or b's?
    with pytest.raises(UserError, match=r"2 of 3 predictions are missing in .*, first 'a/00001'"):
        StoredDepth(tmp_path, NAMES, 'full')
    with pytest.raises(UserError, match='no folder of predictions'):
        StoredDepth(tmp_path / 'gone', NAMES, 'full')


@pytest.mark.parametrize(
    ('depth', 'message'),
    [
        (np.ones((80, 60)), 'is 60 x 80: the frame.s 80 x 60 is needed, or its proportions'),
        (np.ones((64, 64)), 'is 64 x 64'),
        (np.ones((1, 60, 80)), r'is float64 \(1, 60, 80\): float \(H, W\) in metres is needed'),
        (np.ones((60, 80), np.uint16), r'is uint16 \(60, 80\): float'),
        (np.ones((0, 80)), 'is 80 x 0'),
        (np.array([None]), 'is not a whole .npy file'),
    ],
)
def test_maps_that_do_not_do_are_named(tmp_path: Path, depth: np.ndarray, message: str) -> None:
    store(tmp_path, '00000.npy', depth)
    with pytest.raises(UserError, match=message):
        StoredDepth(tmp_path, NAMES[:1], 'full').depth(frame(), NAMES[0])


@pytest.mark.parametrize('data', [b'', b'\x93NUMPY', b'PK\x03\x04 an .npz', b'text'])
def test_damaged_files_are_named(tmp_path: Path, data: bytes) -> None:
    for name in ('x.npy', 'x.png'):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UserError, match=name):
            read_depth(tmp_path / name)


@pytest.mark.parametrize('pixels', [np.ones((6, 8), np.uint8), np.ones((6, 8, 3), np.uint16)])
def test_a_png_that_is_no_depth_is_refused(tmp_path: Path, pixels: np.ndarray) -> None:
    cv2.imwrite(str(tmp_path / 'x.png'), pixels)
    with pytest.raises(UserError, match=r'a PNG of 16-bit millimetres is needed'):
        read_depth(tmp_path / 'x.png')


def test_an_archive_of_arrays_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / 'x.npz', np.ones((2, 2)))
    (tmp_path / 'x.npz').rename(tmp_path / 'x.npy')
    with pytest.raises(UserError, match='holds several arrays'):
        read_depth(tmp_path / 'x.npy')


def test_a_map_of_half_the_size_is_taken_as_it_is(tmp_path: Path) -> None:
    store(tmp_path, '00000.npy', np.ones((30, 40)))
    assert StoredDepth(tmp_path, NAMES[:1], 'full').depth(frame(), NAMES[0]).shape == (30, 40)


def test_under_protocol_fastdepth_a_map_of_the_frame_is_cropped_as_the_frame(
    tmp_path: Path,
) -> None:
    pytest.importorskip('torchvision')
    from fastdepth_ros.offline.evaluation.shown import as_shown

    ramp = np.random.default_rng(0).uniform(1, 5, (60, 80)).astype(np.float32)
    store(tmp_path, '00000.npy', ramp)
    shown = frame()
    found = StoredDepth(tmp_path, NAMES[:1], 'fastdepth').depth(shown, NAMES[0])
    truth = as_shown(replace(shown, depth=ramp), 'fastdepth').depth
    np.testing.assert_array_equal(found, truth)
    assert found.shape == (224, 224)
