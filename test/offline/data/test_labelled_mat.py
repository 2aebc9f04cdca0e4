from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('h5py')

from data_support import write_mat, write_splits

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import (
    depth_kind,
    frame_name,
    frame_scene,
    list_frames,
    read_frame,
)
from fastdepth_ros.offline.data.good_frames import good_frames

NAME = 'nyu_depth_v2_labeled.mat'


@pytest.fixture
def mat(tmp_path: Path) -> Path:
    """Four frames, of which the official split holds 1 and 4 out."""
    write_mat(tmp_path / NAME)
    write_splits(tmp_path / 'splits.mat', [3, 2], [1, 4])
    return tmp_path / NAME


@pytest.mark.parametrize(('depth', 'dataset'), [('raw', 'rawDepths'), ('filled', 'depths')])
def test_frames_are_turned_round_and_have_the_depth_that_was_asked_for(
    tmp_path: Path, depth: str, dataset: str
) -> None:
    truth = write_mat(tmp_path / NAME)
    refs = list_frames(tmp_path / NAME, 'all', depth)
    assert depth_kind(refs) == depth
    for i, ref in enumerate(refs):
        frame = read_frame(ref)
        np.testing.assert_array_equal(frame.rgb, truth['images'][i])
        np.testing.assert_array_equal(frame.depth, truth[dataset][i])
        assert frame.rgb.flags.c_contiguous
        assert frame.ref == ref
    assert str(refs[2]) == f'{tmp_path / NAME} frame 3 ({dataset})'


def test_the_depth_is_raw_unless_it_is_said_otherwise(mat: Path) -> None:
    assert read_frame(list_frames(mat, 'val')[0]).depth[0, 0] == 0


def test_the_official_split_counts_from_one(mat: Path) -> None:
    assert [frame_name(ref) for ref in list_frames(mat, 'train')] == ['00003', '00002']
    assert [frame_name(ref) for ref in list_frames(mat, 'val')] == ['00001', '00004']
    first, last = (read_frame(ref) for ref in list_frames(mat, 'val'))
    truth = write_mat(mat)
    np.testing.assert_array_equal(first.rgb, truth['images'][0])
    np.testing.assert_array_equal(last.rgb, truth['images'][3])
    with pytest.raises(UserError, match='no holdout frames'):
        list_frames(mat, 'holdout')


def test_the_folder_is_a_root_too(mat: Path) -> None:
    assert list_frames(mat.parent, 'val') == list_frames(mat, 'val')


def test_scenes_are_read_without_the_pictures(mat: Path) -> None:
    refs = list_frames(mat, 'all')
    assert [frame_scene(ref) for ref in refs] == [f'kitchen_000{i}' for i in (0, 0, 1, 1)]
    assert read_frame(refs[2]).scene == 'kitchen_0001'


def test_references_are_hashable_and_picklable(mat: Path) -> None:
    refs = list_frames(mat, 'all')
    assert len({*refs, *list_frames(mat, 'all')}) == 4
    assert pickle.loads(pickle.dumps(refs)) == refs  # noqa: S301
    assert len(pickle.dumps(refs[0])) < 1000


def test_nyu_intrinsics_are_those_of_its_size_only(tmp_path: Path) -> None:
    write_mat(tmp_path / 'small.mat', 1)
    write_mat(tmp_path / 'large.mat', 1, (640, 480))
    assert read_frame(list_frames(tmp_path / 'small.mat', 'all')[0]).intrinsics is None
    camera = read_frame(list_frames(tmp_path / 'large.mat', 'all')[0]).intrinsics
    assert camera is not None
    assert (camera.fx, camera.fy, camera.cx, camera.cy, camera.width) == (
        518.857901,
        519.469611,
        325.582449,
        253.736166,
        640,
    )


def test_without_splits_only_all_can_be_read(tmp_path: Path) -> None:
    write_mat(tmp_path / NAME)
    with pytest.raises(UserError, match=r'splits\.mat, which is not beside it.*--split all'):
        list_frames(tmp_path / NAME, 'val')
    assert len(list_frames(tmp_path / NAME, 'all')) == 4


def test_damaged_splits_are_named(mat: Path) -> None:
    write_splits(mat.with_name('splits.mat'), [0], [5])
    for split in ('train', 'val'):
        with pytest.raises(UserError, match=r"splits\.mat': .*Ndxs goes from"):
            list_frames(mat, split)
    mat.with_name('splits.mat').write_bytes(b'not a .mat file at all')
    with pytest.raises(UserError, match=r"splits\.mat' cannot be read as a \.mat file"):
        list_frames(mat, 'val')
    pytest.importorskip('scipy.io').savemat(mat.with_name('splits.mat'), {'other': [1]})
    with pytest.raises(UserError, match='has no testNdxs'):
        list_frames(mat, 'val')


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'images': None}, "has no dataset 'images'"),
        ({'rawDepths': None}, "has no dataset 'rawDepths'"),
        ({'images': np.zeros((4, 80, 60, 3), np.uint8)}, r'images is uint8 \(4, 80, 60, 3\)'),
        ({'images': np.zeros((4, 3, 80, 60))}, 'images is float64'),
        ({'rawDepths': np.zeros((4, 60, 80), np.float32)}, r'rawDepths is float32 \(4, 60, 80\)'),
        ({'rawDepths': np.zeros((4, 80, 60), np.uint16)}, 'rawDepths is uint16'),
    ],
)
def test_files_of_another_kind_are_named(tmp_path: Path, changes: dict, message: str) -> None:
    write_mat(tmp_path / NAME, **changes)
    with pytest.raises(UserError, match=message) as error:
        list_frames(tmp_path / NAME, 'all')
    assert NAME in str(error.value)


def test_every_damaged_frame_is_counted_by_itself(mat: Path) -> None:
    refs = list_frames(mat, 'all')
    write_mat(mat, 1)  # shorter than it was
    bad = BadFrames(skip=True)
    assert [frame.ref for frame in good_frames(refs, bad)] == refs[:1]
    assert len(bad.seen) == 3


def test_truncated_files_are_named(mat: Path) -> None:
    refs, whole = list_frames(mat, 'all'), mat.read_bytes()
    for end in (0, 100, 512, 2000, len(whole) // 2):
        mat.write_bytes(whole[:end])
        for read in (lambda: list_frames(mat, 'all'), lambda: read_frame(refs[-1])):
            with pytest.raises(UserError, match='is not a whole HDF5 file') as error:
                read()
            assert '\n' not in str(error.value)
