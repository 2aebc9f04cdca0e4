from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('torchvision')

from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.geometry.intrinsics import Intrinsics  # noqa: E402
from fastdepth_ros.offline.data.frames import Frame  # noqa: E402
from fastdepth_ros.offline.training import augmentation  # noqa: E402
from fastdepth_ros.offline.training.augmentation import Strengths, camera_effects  # noqa: E402
from fastdepth_ros.offline.training.run_config import RunConfig  # noqa: E402
from fastdepth_ros.offline.training.shrink import shrinker  # noqa: E402
from fastdepth_ros.offline.training.transforms import FullTraining  # noqa: E402

NOTHING = {'zoom': 1.0} | dict.fromkeys(('rotation', 'colour', 'blur', 'noise'), 0.0)
CAMERA = Intrinsics(90, 80, 60, 45, 120, 90)


def picture() -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(0).integers(40, 160, (3, 48, 64), np.uint8))


def frame(camera: Intrinsics | None = CAMERA) -> Frame:
    rgb = np.random.default_rng(1).integers(0, 256, (3, 90, 120), np.uint8)
    return Frame(rgb, np.full((90, 120), 2, np.float32), camera, 's', Path('f.h5'))


def test_without_any_strength_a_picture_is_only_resized_and_mirrored() -> None:
    image, depth = FullTraining((120, 90), CAMERA.focal_length, Strengths(**NOTHING))(frame())
    whole = torch.from_numpy(frame().rgb)
    assert torch.equal(image, whole) or torch.equal(image, whole.flip(-1))
    torch.testing.assert_close(depth, torch.full((1, 90, 120), 2.0))


@pytest.mark.parametrize(
    ('name', 'strength'),
    [
        ('colour', 0.4),
        ('exposure', 1.5),
        ('blur', 2),
        ('motion', 9),
        ('noise', 0.1),
        ('jpeg', 80),
        ('occlusion', 0.2),
        ('vignette', 0.9),
        ('border', 0.3),
    ],
)
def test_each_strength_alone_changes_the_picture_and_no_size(
    name: str, strength: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(augmentation, 'OFTEN', 1.0)
    torch.manual_seed(1)
    changed = camera_effects(Strengths(**{**NOTHING, name: strength}))(picture())
    assert (changed.shape, changed.dtype) == ((3, 48, 64), torch.uint8)
    difference = (changed.float() - picture().float()).abs()
    assert difference.mean() > 2
    share = (difference.amax(0) > 0).float().mean()
    least, most = {'occlusion': (0, 0.25), 'border': (0.05, 0.7)}.get(name, (0.5, 1.01))
    assert least < share < most
    assert torch.equal(camera_effects(Strengths(**NOTHING))(picture()), picture())


def test_an_exposure_is_of_the_light_and_clips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(augmentation, 'uniform', lambda _, high: high)
    grey = torch.tensor([0, 100, 250], dtype=torch.uint8).view(1, 1, 3).repeat(3, 1, 1)
    found = augmentation.Exposure(1.0)(grey)[0, 0].tolist()
    assert found == [0, pytest.approx(100 * 2 ** (1 / 2.2), abs=1), 255]


def test_an_aspect_changes_fx_and_fy_apart_and_the_depth_with_their_mean() -> None:
    torch.manual_seed(0)
    transform = FullTraining((96, 64), 100.0, Strengths(**{**NOTHING, 'aspect': 0.5}))
    ratios, depths = [], []
    for camera in (CAMERA, None):
        torch.manual_seed(0)
        depth = transform(frame(camera))[1]
        depths.append(depth.unique().item())
    torch.manual_seed(0)
    for _ in range(40):
        across, down = transform._zooms()
        assert min(across, down) == 1  # nothing beyond the image
        ratios.append(across / down)
    assert 1 / 1.5 <= min(ratios) < 0.85
    assert 1.15 < max(ratios) <= 1.5
    torch.manual_seed(0)
    uniform = augmentation.uniform
    uniform(1, 1.0)
    stretch = math.log(1.5) / 2
    stretch = math.exp(uniform(-stretch, stretch))
    longer = max(stretch, 1 / stretch)  # of one axis; the mean of both is its square root
    assert depths[1] == pytest.approx(2 / math.sqrt(longer), rel=1e-5)
    resized = math.sqrt(96 / 120 * 64 / 90) * CAMERA.focal_length
    expected = 2 * 100 / (resized * math.sqrt(longer))
    assert depths[0] == pytest.approx(expected, rel=0.02)  # crops are whole pixels


def test_whole_views_show_all_there_is() -> None:
    transform = FullTraining((96, 64), 100.0, Strengths(zoom=3.0, whole_views=0.5))
    torch.manual_seed(0)
    zooms = [transform._zooms()[0] for _ in range(200)]
    assert sum(zoom == 1 for zoom in zooms) == pytest.approx(100, abs=25)


def test_a_cache_keeps_what_a_larger_zoom_needs() -> None:
    large = Frame(np.zeros((3, 900, 1200), np.uint8), np.ones((900, 1200)), None, '', Path())
    widths = [
        shrinker('full', (96, 64), Strengths(zoom=zoom, aspect=aspect))(large).rgb.shape[2]
        for zoom, aspect in ((1.5, 0), (3, 0), (3, 0.44))
    ]
    assert widths == [144, 288, pytest.approx(346, abs=2)]


def test_strengths_are_options_of_a_run_within_limits() -> None:
    assert RunConfig(transform='full', jpeg=60).jpeg == 60
    with pytest.raises(UserError, match=r'zoom is 0.5: 1 to 8 is needed'):
        RunConfig(transform='full', zoom=0.5)
    with pytest.raises(UserError, match=r'occlusion is 0.9: 0 to 0.5'):
        RunConfig(transform='full', occlusion=0.9)
    with pytest.raises(UserError, match="jpeg is 60.0, but transform 'fastdepth' is the publish"):
        RunConfig(jpeg=60)


def test_the_wanted_share_of_samples_has_no_colour() -> None:
    torch.manual_seed(0)
    effects = camera_effects(Strengths(**NOTHING, grey=0.4))
    seen = [effects(picture()) for _ in range(100)]
    without = [
        bool((image[0] == image[1]).all() and (image[1] == image[2]).all()) for image in seen
    ]
    assert 25 < sum(without) < 55


@pytest.mark.parametrize('angle', [0, 30, 90, 135])
def test_a_streak_is_a_line_about_its_middle_that_keeps_the_light(angle: float) -> None:
    streak = augmentation._streak(9, angle)
    assert float(streak.sum()) == pytest.approx(1)
    v, u = torch.meshgrid(*[torch.arange(n) - n // 2 for n in streak.shape], indexing='ij')
    assert float((streak * u).sum()) == pytest.approx(0, abs=0.05)
    assert float((streak * v).sum()) == pytest.approx(0, abs=0.05)
    a = math.radians(angle)
    along = u * math.cos(a) - v * math.sin(a)
    across = u * math.sin(a) + v * math.cos(a)
    assert float((streak * along**2).sum()) == pytest.approx(9**2 / 12, rel=0.15)
    assert float((streak * across**2).sum()) < 0.5


def test_motion_smears_along_one_direction_and_leaves_even_pictures_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = iter([7.0, 0.0] * 3)  # px, degrees
    monkeypatch.setattr(augmentation, 'uniform', lambda *_: next(drawn))
    smear = augmentation.MotionBlur(7)
    rows = torch.zeros(3, 40, 40, dtype=torch.uint8)
    rows[:, ::2] = 200
    assert torch.equal(smear(rows), rows)
    columns = smear(rows.transpose(1, 2))
    assert (columns.float() - 100)[..., 5:-5].abs().max() < 20
    even = torch.full((3, 40, 40), 77, dtype=torch.uint8)
    assert torch.equal(smear(even), even)


def test_a_vignette_leaves_the_middle_alone_and_takes_light_from_the_corners(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(augmentation, 'uniform', lambda _, high: high)
    grey = torch.full((3, 49, 65), 200, dtype=torch.uint8)
    found = augmentation.Vignette(0.7)(grey).float()
    assert float(found[0, 24, 32]) == 200
    assert float(found[0, 0, -1] / 200) ** 2.2 == pytest.approx(0.3, abs=0.01)
    assert float(found[0, 0, 32] / 200) ** 2.2 == pytest.approx(0.65, abs=0.01)
    assert torch.equal(found, found.flip(-1))


def test_borders_are_of_one_colour_at_most_so_wide_and_the_inside_stays() -> None:
    torch.manual_seed(0)
    colours, widths = set(), []
    for _ in range(60):
        found = augmentation.Border(0.25)(picture())
        same = (found == picture()).all(0)
        rows, columns = same.any(1).nonzero(), same.any(0).nonzero()
        top, bottom = int(rows.min()), 48 - int(rows.max()) - 1
        left, right = int(columns.min()), 64 - int(columns.max()) - 1
        assert same[top : 48 - bottom, left : 64 - right].all()
        assert max(top, bottom) <= 12
        assert max(left, right) <= 16
        colours |= {tuple(c) for c in found[:, ~same].T.tolist()}
        widths += [top, bottom, left, right]
    black, white = (0, 0, 0), (255, 255, 255)
    assert {black, white} < colours
    assert len(colours) <= 60
    assert 0.1 < widths.count(0) / len(widths) < 0.4
