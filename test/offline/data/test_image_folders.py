from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip('h5py')

from data_support import CAMERA, HEIGHT, WIDTH, write_pair, write_rgbd, write_tum

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import frame_name, frame_scene, list_frames, read_frame
from fastdepth_ros.offline.data.good_frames import good_frames
from fastdepth_ros.offline.data.roots import open_root
from fastdepth_ros.offline.data.tum_sequence import associate


def names(root: Path, split: str) -> list[str]:
    return [frame_name(ref) for ref in list_frames(root, split)]


def test_a_pair_is_read_in_metres_with_its_camera(tmp_path: Path) -> None:
    root = write_rgbd(tmp_path / 'lab', ['a'])
    frame = read_frame(list_frames(root, 'all')[0])
    np.testing.assert_allclose(frame.depth, write_pair(root / 'rgb/a.jpg', root / 'depth/a.png'))
    assert frame.depth[0, 0] == 0
    assert frame.depth.dtype == np.float32
    assert frame.rgb.shape == (3, HEIGHT, WIDTH)
    assert np.abs(frame.rgb.mean((1, 2)) - (50, 100, 200)).max() < 3  # RGB, not BGR
    assert frame.intrinsics is not None
    assert (frame.intrinsics.fx, frame.scene) == (70, 'lab')


def test_meta_says_unit_and_the_camera_of_single_frames(tmp_path: Path) -> None:
    own = {'b': {**CAMERA, 'fx': 90.0}}
    root = write_rgbd(tmp_path, ['a', 'b'], intrinsics_by_frame=own, depth_scale=5000)
    a, b = (read_frame(ref) for ref in list_frames(root, 'all'))
    assert a.intrinsics is not None
    assert b.intrinsics is not None
    assert (a.intrinsics.fx, b.intrinsics.fx) == (70, 90)
    assert a.depth.max() < 1
    root = write_rgbd(tmp_path, ['a'], intrinsics=None)
    assert read_frame(list_frames(root, 'all')[0]).intrinsics is None


def test_intrinsics_of_another_size_are_resized_or_refused(tmp_path: Path) -> None:
    double = {k: 2 * v for k, v in CAMERA.items()}
    root = write_rgbd(tmp_path, ['a'], intrinsics=double)
    camera = read_frame(list_frames(root, 'all')[0]).intrinsics
    assert camera is not None
    assert (camera.fx, camera.width) == (70, 80)
    root = write_rgbd(tmp_path, ['a'], intrinsics={**CAMERA, 'width': 100})
    with pytest.raises(UserError, match='80 x 60 pixels, its intrinsics are for 100 x 60'):
        read_frame(list_frames(root, 'all')[0])


def test_scenes_are_folders_or_names_or_the_set(tmp_path: Path) -> None:
    root = write_rgbd(tmp_path / 'set', ['hall/1', 'room_a_1', 'room_b_1'])
    assert [frame_scene(r) for r in list_frames(root, 'all')] == ['set/hall', 'set', 'set']
    root = write_rgbd(tmp_path / 'set', ['hall/1', 'room_a_1', 'room_b_1'], scenes=3)
    scenes = ['set/hall', 'set/room_a', 'set/room_b']
    assert [frame_scene(r) for r in list_frames(root, 'all')] == scenes
    assert [read_frame(r).scene for r in list_frames(root, 'all')] == scenes


def damage(root: Path, what: str) -> None:
    depth, rgb = root / 'depth/b.png', root / 'rgb/b.jpg'
    if what == '8-bit':
        cv2.imwrite(str(depth), np.full((HEIGHT, WIDTH), 9, np.uint8))
    elif what == 'colour':
        cv2.imwrite(str(depth), np.full((HEIGHT, WIDTH, 3), 9, np.uint16))
    elif what == 'size':
        cv2.imwrite(str(depth), np.full((HEIGHT, WIDTH + 1), 9, np.uint16))
    elif what == 'no depth':
        depth.unlink()
    elif what == 'no colour':
        rgb.unlink()
    else:
        path = depth if what.startswith('depth') else rgb
        path.write_bytes(path.read_bytes()[: -int(what.split()[1])])


@pytest.mark.parametrize(
    ('what', 'message'),
    [
        ('8-bit', r"depth/b\.png' is uint8 with 1 channels: depth is a 16-bit PNG"),
        ('colour', r"depth/b\.png' is uint16 with 3 channels"),
        ('size', r"rgb/b\.jpg' has 80 x 60 pixels, its depth 81 x 60"),
        ('no depth', r"rgb/b\.jpg' has no partner: '.*depth/b\.png' does not exist"),
        ('no colour', r"depth/b\.png' has no partner: '.*rgb/b\.\*' does not exist"),
        ('depth 20', r"depth/b\.png' is not a whole image"),
        ('depth 200', r"depth/b\.png' is not a whole image"),
        ('rgb 2', r"rgb/b\.jpg' is not a whole image"),
        ('rgb 300', r"rgb/b\.jpg' is not a whole image"),
    ],
)
def test_bad_pairs_are_named_or_skipped_and_counted(
    tmp_path: Path, what: str, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    root = write_rgbd(tmp_path, ['a', 'b', 'c'])
    damage(root, what)
    refs = list_frames(root, 'all')
    with pytest.raises(UserError, match=message):
        list(good_frames(refs, BadFrames(skip=False)))
    bad = BadFrames(skip=True)
    assert [frame_name(f.ref) for f in good_frames(refs, bad)] == ['a', 'c']
    assert len(bad.seen) == 1
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == 1  # nothing of libpng's or libjpeg's own


@pytest.mark.parametrize(
    ('meta', 'message'),
    [
        ({'intrinsics': {'fx': 1}}, "'fy'"),
        ({'intrinsics': {**CAMERA, 'fy': -1}}, 'is no camera'),
        ({'depth_scale': 0.001}, 'depth_scale is 0.001: units a metre are meant'),
        ({'depth_scale': 'mm'}, 'could not convert'),
    ],
)
def test_a_damaged_meta_is_named(tmp_path: Path, meta: dict, message: str) -> None:
    with pytest.raises(UserError, match=message) as error:
        list_frames(write_rgbd(tmp_path, ['a'], **meta), 'all')
    assert 'meta.json' in str(error.value)
    (tmp_path / 'meta.json').write_text('{')
    with pytest.raises(UserError, match='is not the meta.json of an RGB-D folder'):
        list_frames(tmp_path, 'all')


def test_without_meta_the_unit_is_unknown_and_it_is_no_root(tmp_path: Path) -> None:
    write_rgbd(tmp_path, ['a'])
    (tmp_path / 'meta.json').unlink()
    with pytest.raises(UserError, match=r'RGB-D folders \(rgb/, depth/ and meta\.json\)'):
        list_frames(tmp_path, 'all')


def test_two_images_of_one_name_are_refused(tmp_path: Path) -> None:
    root = write_rgbd(tmp_path, ['a'])
    (root / 'rgb/a.png').write_bytes(b'')
    with pytest.raises(UserError, match="are both the frame 'a'"):
        list_frames(root, 'all')


def test_every_tenth_scene_is_validation(tmp_path: Path) -> None:
    root = write_rgbd(
        tmp_path / 'set', [f'r{i:02d}_{j}' for i in range(21) for j in (0, 1)], scenes=21
    )
    assert names(root, 'val') == ['r09_0', 'r09_1', 'r19_0', 'r19_1']
    assert len(names(root, 'train')) == 38
    assert not {*names(root, 'train')} & {*names(root, 'val')}
    assert 'every 10th scene' in open_root(root).split_rule()


def test_of_few_scenes_the_ends_are_validation_with_a_gap_before(tmp_path: Path) -> None:
    root = write_rgbd(tmp_path / 'walk', [f'{i:03d}' for i in range(50)])
    assert names(root, 'val') == [f'{i:03d}' for i in range(40, 50)]
    assert names(root, 'train') == [f'{i:03d}' for i in range(38)]
    assert 'last fifth' in open_root(root).split_rule()
    tiny = write_rgbd(tmp_path / 'tiny', ['1', '2', '3'])
    assert names(tiny, 'train') == ['1', '2', '3']
    with pytest.raises(UserError, match='no val frames in .*RGB-D folder; split: fewer than 10'):
        list_frames(tiny, 'val')


def test_frames_that_are_numbered_without_zeros_are_in_order(tmp_path: Path) -> None:
    root = write_rgbd(tmp_path / 'walk', [f'frame_{i}' for i in range(1, 51)])
    assert names(root, 'train') == [f'frame_{i}' for i in range(1, 39)]
    assert names(root, 'val') == [f'frame_{i}' for i in range(41, 51)]


def test_folders_side_by_side_are_one_root(tmp_path: Path) -> None:
    write_rgbd(tmp_path / 'a', [f'{i}' for i in range(5)])
    write_tum(tmp_path / 'b', [1.0], [1.0])
    assert names(tmp_path, 'all') == [*(f'a/{i}' for i in range(5)), 'b/1.000000']
    assert names(tmp_path, 'val') == ['a/4']
    assert open_root(tmp_path).kind == '1 x RGB-D folder, 1 x TUM sequence'


def test_folders_under_train_and_val_are_split_already(tmp_path: Path) -> None:
    write_rgbd(tmp_path / 'train/a', ['1', '2'])
    write_rgbd(tmp_path / 'val/a', ['1'])
    assert (names(tmp_path, 'train'), names(tmp_path, 'val')) == (['a/1', 'a/2'], ['a/1'])
    assert names(tmp_path, 'all') == ['train/a/1', 'train/a/2', 'val/a/1']


def test_a_tum_sequence_pairs_by_stamp_and_knows_its_camera(tmp_path: Path) -> None:
    root = write_tum(tmp_path / 'rgbd_freiburg2_desk', [1.0, 1.1, 1.2], [1.005, 1.21, 9.0])
    assert names(root, 'all') == ['1.000000', '1.200000']
    first, second = list_frames(root, 'all')
    frame = read_frame(second)
    truth = write_pair(tmp_path / 'x.png', tmp_path / 'y.png', 1, 5000)
    np.testing.assert_allclose(frame.depth, truth, atol=1e-6)
    assert frame.scene == frame_scene(first) == 'rgbd_freiburg2_desk'
    assert frame.intrinsics is not None
    assert (frame.intrinsics.fx * 8, frame.intrinsics.cy * 8) == pytest.approx((520.9, 249.7))
    assert any('1 colour images without depth' in n for n in open_root(root).notes())


def test_the_nearest_stamp_wins_and_no_image_serves_twice() -> None:
    rgb = [(0.0, 'a'), (0.015, 'b'), (0.1, 'c')]
    depth = [(0.012, 'A'), (0.03, 'B'), (0.121, 'C')]
    assert associate(rgb, depth) == [('b', 'A')]
    assert associate(rgb, depth, 0.035) == [('a', 'B'), ('b', 'A'), ('c', 'C')]


def test_associations_may_name_depth_first(tmp_path: Path) -> None:
    for first, second in (('rgb', 'depth'), ('depth', 'rgb')):
        root = write_tum(tmp_path / first, [1.0, 2.0], [1.5, 2.5])
        pairs = {'rgb': '1.000000', 'depth': '1.500000'}
        line = ' '.join(f'{pairs[kind]} {kind}/{pairs[kind]}.png' for kind in (first, second))
        (root / 'associations.txt').write_text(f'# {first} {second}\n{line}\n')
        ref = list_frames(root, 'all')[0]
        assert [file.parent.name for file in ref.files] == ['rgb', 'depth']
        assert names(root, 'all') == ['1.000000']


@pytest.mark.parametrize(
    ('line', 'message'),
    [('1.0 rgb/1.png 1.0', 'stamp file stamp file is needed'), ('a b c d', "'a' is no stamp")],
)
def test_damaged_lists_are_named(tmp_path: Path, line: str, message: str) -> None:
    root = write_tum(tmp_path, [1.0], [1.0])
    (root / 'associations.txt').write_text(f'{line}\n')
    with pytest.raises(UserError, match=message) as error:
        list_frames(root, 'all')
    assert 'associations.txt' in str(error.value)


def test_a_tum_sequence_takes_its_camera_from_files_first(tmp_path: Path) -> None:
    root = write_tum(tmp_path / 'freiburg1', [1.0], [1.0])
    matrix = {'data': [66.0, 0.0, 40.0, 0.0, 67.0, 30.0, 0.0, 0.0, 1.0]}
    calibration = {
        'image_width': 80,
        'image_height': 60,
        'camera_matrix': matrix,
        'rectification_matrix': {'data': [1.0, 0, 0, 0, 1.0, 0, 0, 0, 1.0]},
        'projection_matrix': {'data': [66.0, 0, 40.0, 0, 0, 67.0, 30.0, 0, 0, 0, 1.0, 0]},
        'distortion_coefficients': {'data': [0.0] * 5},
    }
    (root / 'calibration.yaml').write_text(json.dumps(calibration))
    camera = read_frame(list_frames(root, 'all')[0]).intrinsics
    assert camera is not None
    assert camera.fx == 66
    (root / 'meta.json').write_text(json.dumps({'intrinsics': CAMERA, 'depth_scale': 1000}))
    frame = read_frame(list_frames(root, 'all')[0])
    assert frame.intrinsics is not None
    assert frame.intrinsics.fx == 70
    assert frame.depth.max() > 5  # 5000 units a metre, read as millimetres
    (root / 'meta.json').unlink()
    (root / 'calibration.yaml').write_text('image_width: 80')
    with pytest.raises(UserError, match=r"calibration\.yaml' is no camera calibration"):
        list_frames(root, 'all')


def test_an_unnamed_sequence_has_no_camera(tmp_path: Path) -> None:
    root = write_tum(tmp_path / 'mine', [1.0], [1.0])
    assert read_frame(list_frames(root, 'all')[0]).intrinsics is None


def test_a_thousand_equal_stamps_do_not_multiply() -> None:
    many = [(1.0, f'{i}.png') for i in range(1000)]
    with pytest.raises(UserError, match='1000 depth images are within'):
        associate(many, many)


@pytest.mark.parametrize('line', ['1 . 1 depth/a.png', '1 / 1 depth/a.png', 'nan a.png 1 b.png'])
def test_a_line_that_names_no_file_or_time_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / 'associations.txt').write_text(line)
    with pytest.raises(UserError, match='is needed|no stamp'):
        open_root(tmp_path).frames('all')


@pytest.mark.parametrize(
    'meta',
    [
        '[' * 100_000,
        json.dumps({'intrinsics': {**CAMERA, 'width': float('inf')}}),
        '{"depth_scale": 1' + '0' * 400 + '}',
    ],
)
def test_a_meta_that_python_chokes_on_is_named(tmp_path: Path, meta: str) -> None:
    write_rgbd(tmp_path, ['a'])
    (tmp_path / 'meta.json').write_text(meta)
    with pytest.raises(UserError, match=r'meta\.json'):
        list_frames(tmp_path, 'all')
