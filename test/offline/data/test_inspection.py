from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip('h5py')

from data_support import write_mat, write_rgbd, write_splits
from support import write_frame

from fastdepth_ros.__main__ import main


def inspected(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict]:
    code = main(['inspect', *map(str, arguments), '--json'])
    return code, json.loads(capsys.readouterr().out)


def test_figures_are_those_of_the_frames(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    depth = np.full((60, 80), 2.25, np.float32)
    depth[:30] = 0
    depth[30:45] = 12
    for i in range(2):
        write_frame(tmp_path / f'train/room{i}/7.h5', intrinsics=(40, 70, 40, 30), depth=depth)
    write_frame(
        tmp_path / 'val/official/1.h5',
        depth=np.full((30, 40), 0.25, np.float32),
        rgb=np.zeros((3, 30, 40), np.uint8),
    )
    code, result = inspected(capsys, tmp_path)
    assert code == 0
    assert result['kind'] == 'FastDepth HDF5 layout'
    assert result['splits'] == {'train': 2, 'val': 1}
    assert (result['frames'], result['read'], result['bad']) == (3, 3, {})
    assert result['sizes'] == {'80 x 60': 2, '40 x 30': 1}
    assert result['scenes'] == {'official': 1, 'room0': 1, 'room1': 1}
    assert result['invalid_share'] == pytest.approx(1 / 3)
    assert result['most_invalid'] == 0.5
    figures = result['depth']
    assert (figures['nearest'], figures['farthest']) == (0.25, 12)
    assert figures['median'] == pytest.approx(2.25, abs=0.01)
    pixels = dict(zip(figures['edges'], figures['pixels'], strict=False))
    assert {edge: n for edge, n in pixels.items() if n} == {0: 1200, 2: 2400, 10: 2400}
    assert result['intrinsics']['frames_without'] == 1
    assert result['intrinsics']['hfov'] == [90, 90]
    assert result['intrinsics']['cameras'][0]['frames'] == 2


def test_the_text_has_a_bar_for_each_band_and_names_the_split_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_rgbd(tmp_path / 'walk', [f'{i}' for i in range(5)])
    assert main(['inspect', str(tmp_path / 'walk')]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f'{tmp_path / "walk"}: RGB-D folder'
    assert 'train 4, val 1; read 5 of 5 (all)' in lines[1]
    assert any(line.startswith('split ') and 'last fifth' in line for line in lines)
    assert any(line.startswith('holes') for line in lines)
    assert sum('#' in line for line in lines) >= 3
    assert lines[-1].split() == ['bad', 'none']


def test_bad_files_are_all_named_and_make_the_exit_code_1(
    data_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data_root / 'train/room0/00010.h5').write_bytes(b'')
    write_frame(data_root / 'train/room0/00012.h5', depth=None)
    code, result = inspected(capsys, data_root)
    assert code == 1
    assert [*result['bad']] == ['train/room0/00010', 'train/room0/00012']
    assert (result['frames'], result['read']) == (9, 7)
    assert main(['inspect', str(data_root)]) == 1
    text = capsys.readouterr().out
    assert '00010.h5' in text
    assert "no dataset 'depth'" in text


def test_a_root_of_bad_files_alone_still_has_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / 'train/a').mkdir(parents=True)
    (tmp_path / 'train/a/1.h5').write_bytes(b'')
    assert main(['inspect', str(tmp_path)]) == 1
    assert 'bad         1' in capsys.readouterr().out
    assert main(['inspect', str(tmp_path), '--sheet', str(tmp_path / 's.jpg')]) == 2
    assert 'nothing to draw' in capsys.readouterr().err
    assert not (tmp_path / 's.jpg').exists()


def test_depth_without_pixels_and_in_millimetres_is_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_frame(tmp_path / 'train/a/7.h5', depth=np.zeros((60, 80), np.float32))
    assert main(['inspect', str(tmp_path)]) == 0
    assert '1 frames have no depth at all' in capsys.readouterr().out
    write_frame(tmp_path / 'train/a/8.h5', depth=np.full((60, 80), 2000, np.float32))
    assert main(['inspect', str(tmp_path)]) == 0
    assert 'the median depth is 655 m: is it in millimetres?' in capsys.readouterr().out


def test_the_depth_of_the_labelled_set_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / 'nyu_depth_v2_labeled.mat'
    write_mat(path)
    holes = {}
    for depth in ('raw', 'filled'):
        code, result = inspected(capsys, path, '--depth', depth)
        assert (code, result['depth_kind'], result['splits']) == (0, depth, {})
        assert 'only --split all' in result['split_rule']
        holes[depth] = result['invalid_share']
    assert (holes['raw'], holes['filled']) == (pytest.approx(21 / 4800), 0)
    write_splits(tmp_path / 'splits.mat', [1], [2, 3])
    _, result = inspected(capsys, path, '--split', 'val')
    assert (result['splits'], result['read']) == ({'train': 1, 'val': 2}, 2)


def test_the_contact_sheet_shows_images_beside_their_depth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, out = write_rgbd(tmp_path / 'lab', ['a', 'b', 'c', 'd']), tmp_path / 'sheet.png'
    assert main(['inspect', str(root)]) == 0
    assert {p.name for p in root.iterdir()} == {'rgb', 'depth', 'meta.json'}  # nothing written
    assert main(['inspect', str(root), '--sheet', str(out)]) == 0
    sheet = cv2.imread(str(out))
    assert sheet.shape == (2 * (150 + 16 + 6), 3 * (400 + 6), 3)
    assert np.abs(sheet[100, 100].astype(int) - (200, 100, 50)).max() < 3  # the image, BGR
    assert (sheet[18, 202] == 0).all()  # a hole stays one
    assert (sheet[100, 300] > 0).any()
    assert not sheet[172 + 20 :, 406:].any()  # the second row has one frame


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (['--frames', '0'], '--frames is 0'),
        (['--sheet', 'sheet.gif'], "--sheet is 'sheet.gif'"),
        (['--split', 'holdout'], 'no holdout frames'),
    ],
)
def test_mistakes_are_one_line(
    data_root: Path, options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(['inspect', str(data_root), *options]) == 2
    error = capsys.readouterr().err.strip().splitlines()
    assert len(error) == 1
    assert message in error[0]


def test_some_frames_are_taken_from_all_over(
    data_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, result = inspected(capsys, data_root, '--frames', '3')
    assert (code, result['frames'], result['read']) == (0, 9, 3)
    assert result['scenes'] == {'official': 1, 'room0': 1, 'room1': 1}


@pytest.mark.shared_data
def test_real_sets_are_whole(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, result = inspected(capsys, shared_data / 'rgbd/tum_fr3_cabinet')
    assert (code, result['splits'], result['read']) == (0, {'train': 45, 'val': 11}, 58)
    assert result['intrinsics']['cameras'][0]['fx'] == 267.7
    assert 0.5 < result['depth']['median'] < 5
