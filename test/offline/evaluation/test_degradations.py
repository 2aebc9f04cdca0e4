"""evaluate --degrade: what worse cameras make of pictures, and only of them."""

import argparse
from pathlib import Path

import numpy as np
import pytest

from fastdepth_ros.offline.data.frames import list_frames, read_frame
from fastdepth_ros.offline.evaluation.degradations import KINDS, Degradation, parse_degradation
from fastdepth_ros.offline.evaluation.split_frames import SplitFrames


def picture() -> np.ndarray:
    return np.random.default_rng(0).integers(60, 180, (3, 144, 192), np.uint8)


def even(level: int) -> np.ndarray:
    return np.full((3, 48, 64), level, np.uint8)


@pytest.mark.parametrize('kind', KINDS)
def test_each_changes_the_picture_more_with_strength_and_the_same_every_time(kind: str) -> None:
    change = {}
    for strength in (0.3, 1.0):
        worse = Degradation(kind, strength)(picture(), 'a/1')
        assert (worse.shape, worse.dtype) == (picture().shape, np.uint8)
        assert np.array_equal(worse, Degradation(kind, strength)(picture(), 'a/1'))
        change[strength] = np.abs(worse.astype(float) - picture()).mean()
    assert 1 < change[0.3] < change[1.0]


def test_frames_differ_in_noise_and_direction() -> None:
    for kind in ('noise', 'dark', 'motion'):
        one, other = (Degradation(kind)(picture(), name) for name in ('a/1', 'a/2'))
        assert not np.array_equal(one, other)


@pytest.mark.parametrize('kind', ['motion', 'soft'])
def test_what_smears_keeps_even_pictures_and_takes_contrast(kind: str) -> None:
    worse = Degradation(kind, 3)
    assert np.array_equal(worse(even(120), 'n'), even(120))
    assert worse(picture(), 'n').std() < 0.7 * picture().std()


def test_motion_of_a_point_is_a_line_of_its_length() -> None:
    dot = np.zeros((3, 65, 64), np.uint8)
    dot[:, 32, 32] = 255
    v, u = np.nonzero(Degradation('motion', 10)(dot, 'n')[0])
    assert np.hypot(np.ptp(u), np.ptp(v)) == pytest.approx(10 * 64 / 32, abs=3)
    (lengths := np.linalg.svd(np.stack([u - u.mean(), v - v.mean()]), compute_uv=False)).sort()
    assert lengths[0] < 0.2 * lengths[1]


def test_light_colour_and_noise() -> None:
    assert np.ptp(Degradation('grey')(picture(), 'n'), axis=0).max() == 0
    red, _, blue = Degradation('warm')(even(100), 'n').mean((1, 2))
    assert red > 110
    assert blue < 90
    assert Degradation('bright')(even(200), 'n').min() == 255
    assert Degradation('dark')(even(200), 'n').mean() < 100
    noise = Degradation('noise')(even(120), 'n').astype(float)
    assert noise.mean() == pytest.approx(120, abs=3)
    assert noise.std() > 8


def test_a_vignette_and_a_border_are_about_the_middle() -> None:
    dark = Degradation('vignette')(even(200), 'n')[0] / 200
    assert dark[23:25, 31:33].min() > 0.99
    assert dark[0, 0] ** 2.2 == pytest.approx(0.3, abs=0.02)
    framed = Degradation('border', 2)(even(200), 'n')[0]
    assert (framed[4:-4, 4:-4] == 200).all()
    framed[4:-4, 4:-4] = 0
    assert not framed.any()


@pytest.mark.parametrize('text', ['rain', 'motion:x', 'motion:0', 'motion:-1', 'motion:11', ''])
def test_mistakes_name_what_is_allowed(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match='is none of motion, soft'):
        parse_degradation(text)


def test_texts_are_read_and_written_alike() -> None:
    assert parse_degradation('grey') == Degradation('grey')
    assert str(parse_degradation('motion:0.5')) == 'motion:0.5'
    assert str(parse_degradation('motion')) == 'motion'


def test_frames_of_a_split_are_degraded_and_their_depth_is_not(scene_root: Path) -> None:
    frames = SplitFrames(scene_root, 'val', degradation=Degradation('bright'))
    for (name, frame), reference in zip(frames, list_frames(scene_root, 'val'), strict=True):
        before = read_frame(reference)
        assert np.array_equal(frame.depth, before.depth)
        assert frame.rgb.mean() > before.rgb.mean()
        assert np.array_equal(frames.read(name).rgb, frame.rgb)
