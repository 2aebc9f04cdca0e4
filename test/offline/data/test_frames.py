from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('h5py')

from support import write_frame

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import (
    depth_kind,
    frame_name,
    frame_scene,
    frame_weight,
    list_frames,
    read_frame,
)


def test_a_frame_is_read_with_its_camera_and_scene(data_root: Path) -> None:
    frame = read_frame(list_frames(data_root, 'train')[0])
    assert (frame.rgb.shape, frame.rgb.dtype) == ((3, 60, 80), np.uint8)
    assert (frame.depth.shape, frame.depth.dtype) == ((60, 80), np.float32)
    assert frame.intrinsics is not None
    assert (frame.intrinsics.fx, frame.intrinsics.width) == (70, 80)
    assert frame.scene == 'room0'


def test_depth_that_is_none_becomes_a_hole(tmp_path: Path) -> None:
    depth = np.ones((60, 80), np.float64)
    depth[0, :4] = [np.nan, np.inf, -1, 0]
    frame = read_frame(write_frame(tmp_path / 'a.h5', depth=depth))
    np.testing.assert_array_equal(frame.depth[0, :5], [0, 0, 0, 0, 1])
    assert frame.intrinsics is None


def test_splits_follow_the_authors(data_root: Path) -> None:
    write_frame(data_root / 'train/room0/00001.h5')
    write_frame(data_root / 'train/room1/00201.h5')
    assert len(list_frames(data_root, 'train')) == 6
    assert [frame_name(ref) for ref in list_frames(data_root, 'holdout')] == [
        'room0/00001',
        'room1/00201',
    ]
    assert len(list_frames(data_root, 'val')) == 3


def test_names_are_paths_under_the_split(data_root: Path) -> None:
    write_frame(data_root / 'train/room0/00001.h5')
    for split, first in (
        ('train', 'room0/00010'),
        ('val', 'official/00000'),
        ('holdout', 'room0/00001'),
        ('all', 'train/room0/00001'),
    ):
        names = [frame_name(ref) for ref in list_frames(data_root, split)]
        assert names[0] == first
        assert len({*names}) == len(names)
    assert len(names) == 10


def test_the_scene_is_the_folder_or_the_attribute_and_the_same_as_when_read(
    data_root: Path,
) -> None:
    with pytest.importorskip('h5py').File(data_root / 'val/official/00001.h5', 'a') as file:
        file.attrs['scene'] = 'kitchen'
    assert [frame_scene(ref) for ref in list_frames(data_root, 'train')][::3] == ['room0', 'room1']
    refs = list_frames(data_root, 'val')
    assert [frame_scene(ref) for ref in refs] == ['official', 'kitchen', 'official']
    for ref in [*refs, *list_frames(data_root, 'train')]:
        assert read_frame(ref).scene == frame_scene(ref)


def test_training_frames_are_known_without_opening_them(data_root: Path) -> None:
    for path in (data_root / 'train').rglob('*.h5'):
        path.write_bytes(b'')
    refs = list_frames(data_root, 'train')
    assert {(frame_scene(ref), frame_weight(ref)) for ref in refs} == {('room0', 1), ('room1', 1)}
    (data_root / 'val/official/00000.h5').write_bytes(b'')
    with pytest.raises(UserError, match=r'00000\.h5'):
        frame_scene(list_frames(data_root, 'val')[0])


def test_references_are_opaque_but_hashable_picklable_and_printable(data_root: Path) -> None:
    refs = list_frames(data_root, 'train')
    assert len({*refs, *list_frames(data_root, 'train')}) == 6
    assert pickle.loads(pickle.dumps(refs)) == refs  # noqa: S301
    assert str(refs[0]) == str(data_root / 'train/room0/00010.h5')
    assert depth_kind(refs) == 'as stored'


def test_scenes_may_be_links_and_hidden_files_are_no_frames(
    data_root: Path, tmp_path: Path
) -> None:
    subset = tmp_path / 'subset/train'
    subset.mkdir(parents=True)
    (subset / 'linked').symlink_to(data_root / 'train/room1')
    (data_root / 'train/room1/._00011.h5').write_bytes(b'of macOS')
    names = [frame_name(ref) for ref in list_frames(tmp_path / 'subset', 'train')]
    assert names == ['linked/00011', 'linked/00013', 'linked/00015']


def test_a_missing_split_says_what_the_root_is(data_root: Path) -> None:
    with pytest.raises(UserError, match=r'no holdout frames in .*root.: FastDepth HDF5 layout$'):
        list_frames(data_root, 'holdout')


def test_a_root_one_folder_below_is_pointed_at(data_root: Path) -> None:
    with pytest.raises(UserError, match=r"no val frames in .*; '.*root' is a data root$"):
        list_frames(data_root.parent, 'val')
    with pytest.raises(UserError, match=r"no val frames in '.*gone': it does not exist"):
        list_frames(data_root / 'gone', 'val')


def test_an_empty_root_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'no val frames in .*train/<scene>/ and val/official/'):
        list_frames(tmp_path, 'val')
    with pytest.raises(UserError, match="unknown split 'test': choose one of train, val, holdout"):
        list_frames(tmp_path, 'test')


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'rgb': None}, "has no dataset 'rgb'"),
        ({'depth': None}, "has no dataset 'depth'"),
        ({'rgb': np.zeros((60, 80, 3), np.uint8)}, r'rgb is uint8 \(60, 80, 3\), not uint8 \(3, '),
        ({'rgb': np.zeros((3, 60, 80))}, 'rgb is float64'),
        ({'depth': np.zeros((60, 81), np.float32)}, r'depth is float32 \(60, 81\)'),
        ({'depth': np.zeros((60, 80), np.uint16)}, 'depth is uint16'),
        ({'intrinsics': (0.0, 1.0, 1.0, 1.0)}, 'intrinsics are'),
        ({'intrinsics': (1.0, 1.0)}, 'intrinsics are'),
        ({'intrinsics': 'wide'}, 'intrinsics are'),
    ],
)
def test_frames_of_another_kind_are_named(tmp_path: Path, changes: dict, message: str) -> None:
    path = write_frame(tmp_path / 'odd.h5', **changes)
    with pytest.raises(UserError, match=message) as error:
        read_frame(path)
    assert str(path) in str(error.value)


def test_truncated_frames_are_named(tmp_path: Path) -> None:
    path = write_frame(tmp_path / 'cut.h5')
    whole = path.read_bytes()
    for end in (0, 10, 500, len(whole) // 2, len(whole) - 10):
        path.write_bytes(whole[:end])
        with pytest.raises(UserError, match=r"cut\.h5'") as error:
            read_frame(path)
        assert '\n' not in str(error.value)
