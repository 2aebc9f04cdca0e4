from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip('h5py')

from data_support import write_mat, write_rgbd, write_splits

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import (
    depth_kind,
    frame_name,
    frame_weight,
    list_frames,
    read_frame,
)
from fastdepth_ros.offline.data.roots import open_root


def write_mix(folder: Path, text: str) -> Path:
    path = folder / 'mix.yaml'
    path.write_text(text)
    return path


@pytest.fixture
def mix(data_root: Path) -> Path:
    """HDF5 frames in two scenes, an RGB-D folder drawn more often, and the labelled set."""
    folder = data_root.parent
    write_rgbd(folder / 'lab', [f'{i}' for i in range(10)])
    write_mat(folder / 'nyu/nyu_depth_v2_labeled.mat')
    write_splits(folder / 'nyu/splits.mat', [1], [2, 3])
    return write_mix(
        folder,
        """
roots:
  - path: root
    scenes: {room1: 0.5, room*: 2}
  - {path: lab, name: robot, weight: 3, splits: {train: all}}
  - {path: nyu/nyu_depth_v2_labeled.mat, name: nyu, depth: filled, splits: {val: val}}
""",
    )


def test_a_mix_lists_every_root_under_its_name(mix: Path) -> None:
    train = [frame_name(ref) for ref in list_frames(mix, 'train')]
    assert train[:2] == ['root/room0/00010', 'root/room0/00012']
    assert train[6:] == [f'robot/{i}' for i in range(10)]
    val = [frame_name(ref) for ref in list_frames(mix, 'val')]
    assert val == [*(f'root/official/0000{i}' for i in range(3)), 'nyu/00002', 'nyu/00003']
    for ref in [*list_frames(mix, 'train'), *list_frames(mix, 'val')]:
        assert read_frame(ref).depth.max() > 0


def test_frames_have_the_weight_of_their_root_and_scene(mix: Path) -> None:
    weights = {frame_name(ref): frame_weight(ref) for ref in list_frames(mix, 'train')}
    assert weights['root/room0/00010'] == 2
    assert weights['root/room1/00011'] == 0.5
    assert weights['robot/4'] == 3
    notes = open_root(mix).notes()
    assert 'robot: train is its all' in open_root(mix).split_rule()
    assert 'robot: 80.0% of what training draws' in notes  # 30 of 3 x 2 + 3 x 0.5 + 10 x 3


def test_the_depth_of_each_root_is_told(mix: Path) -> None:
    assert depth_kind(list_frames(mix, 'val', 'raw')) == 'as stored + filled'
    assert depth_kind(list_frames(mix, 'train')) == 'as stored'


def test_all_has_every_frame_once(mix: Path) -> None:
    write_mix(mix.parent, 'roots: [{path: lab, splits: {train: all, val: val}}, {path: root}]')
    refs = list_frames(mix, 'all')
    names = [frame_name(ref) for ref in refs]
    assert len({*names}) == len({ref.key for ref in refs}) == len(refs) == 10 + 9
    assert {'train/lab/9', 'train/root/room0/00010', 'val/root/official/00000'} < {*names}


def test_a_scene_of_weight_0_is_left_out(mix: Path) -> None:
    write_mix(mix.parent, 'roots: [{path: root, scenes: {room1: 0}}]')
    assert {name.split('/')[1] for name in map(frame_name, list_frames(mix, 'train'))} == {'room0'}


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('roots: [', 'is no YAML'),
        ('- a', "it has no list 'roots'"),
        ('roots: []', "it has no list 'roots'"),
        ('{roots: [{path: root}], weight: 2}', "it has no list 'roots', or more"),
        ('roots: [root]', "root 1: 'root' has no path"),
        ('roots: [{path: root, wieght: 2}]', "root 1: unknown entry 'wieght': choose one of path"),
        ('roots: [{path: root, weight: 0}]', 'weight is 0: a number above 0'),
        ('roots: [{path: root, weight: .inf}]', 'weight is inf'),
        ('roots: [{path: root, weight: heavy}]', "weight is 'heavy'"),
        ('roots: [{path: root, scenes: {a: -1}}]', 'the weight of scene a is -1'),
        ('roots: [{path: root, scenes: [a]}]', 'it is a table'),
        ('roots: [{path: root, splits: {test: val}}]', "unknown split of a mix 'test'"),
        ('roots: [{path: root, splits: {val: test}}]', "unknown split 'test'"),
        ('roots: [{path: root, depth: cooked}]', "unknown depth 'cooked'"),
        ('roots: [{path: root}, {path: root}]', "two roots are named 'root'"),
        ('roots: [{path: root, name: a/b}]', "a root is named 'a/b'"),
        ('roots: [{path: mix.yaml}]', "'mix.yaml' is a mix"),
        ('roots: [{path: gone}]', "no frames in '.*gone': it does not exist"),
        ('roots: [{path: 3}]', 'path is 3: text is needed'),
        ('roots: [{path: "~}"}]', "root 1: '~}' begins with no user's home"),
    ],
)
def test_a_damaged_mix_is_named_in_one_line(mix: Path, text: str, message: str) -> None:
    write_mix(mix.parent, text)
    with pytest.raises(UserError, match=message) as error:
        list_frames(mix, 'train')
    assert 'mix.yaml' in str(error.value)
    assert '\n' not in str(error.value)
