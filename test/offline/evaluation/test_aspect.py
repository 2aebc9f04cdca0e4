"""evaluate --aspect: the middle of each frame, as a camera of another shape sees it."""

import argparse
from pathlib import Path

import numpy as np
import pytest

from fastdepth_ros.__main__ import main
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.data.frames import Frame
from fastdepth_ros.offline.evaluation.aspect import Aspect, parse_aspect
from fastdepth_ros.offline.evaluation.split_frames import SplitFrames

CAMERA = Intrinsics(90, 80, 60, 45, 120, 90)


def frame(camera: Intrinsics | None = CAMERA) -> Frame:
    """Each pixel's depth is its column and its colour's rest its row."""
    v, u = np.mgrid[:90, :120]
    rgb = np.stack([u, v, v]).astype(np.uint8)
    return Frame(rgb, (1 + u).astype(np.float32), camera, 's', Path('f.h5'))


@pytest.mark.parametrize(
    ('text', 'size', 'corner'),
    [
        ('16:9', (120, 68), (0, 11)),
        ('4:3', (120, 90), (0, 0)),
        ('1:1', (90, 90), (15, 0)),
        ('3:4', (68, 90), (26, 0)),
    ],
)
def test_the_middle_keeps_its_pixels_and_its_rays(
    text: str, size: tuple[int, int], corner: tuple[int, int]
) -> None:
    found = parse_aspect(text)(frame())
    width, height = size
    left, top = corner
    assert found.depth.shape == (height, width)
    assert found.rgb.shape == (3, height, width)
    assert found.depth[0, 0] == 1 + left
    assert found.rgb[:, 0, 0].tolist() == [left, top, top]
    assert found.intrinsics == Intrinsics(90, 80, 60 - left, 45 - top, width, height)
    assert parse_aspect(text)(frame(None)).intrinsics is None


@pytest.mark.parametrize('text', ['', '16', '16/9', '0:1', '16:0', '5:1', '1:5', '-4:3', '1.5:1'])
def test_mistakes_name_what_is_allowed(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r'WIDTH:HEIGHT is needed, such as 16:9'):
        parse_aspect(text)


def test_frames_of_a_split_have_the_shape(scene_root: Path) -> None:
    frames = SplitFrames(scene_root, 'val', aspect=Aspect(1, 1))
    for name, seen in frames:
        assert seen.depth.shape[0] == seen.depth.shape[1]
        assert np.array_equal(frames.read(name).rgb, seen.rgb)


def test_other_protocols_cut_frames_their_own_way(
    scene_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ['evaluate', '--data', str(scene_root), '--aspect', '16:9']
    assert main([*command, '--protocol', 'eigen']) == 2
    assert "protocol 'eigen' cuts frames its own way" in capsys.readouterr().err
