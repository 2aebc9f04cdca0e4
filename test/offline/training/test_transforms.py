from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('torchvision')

from PIL import Image  # noqa: E402

from fastdepth_ros.geometry.intrinsics import Intrinsics  # noqa: E402
from fastdepth_ros.offline.data.frames import Frame  # noqa: E402
from fastdepth_ros.offline.data.labelled_mat import NYU  # noqa: E402
from fastdepth_ros.offline.training.transforms import (  # noqa: E402
    TRAINING_TRANSFORMS,
    View,
    fastdepth_validation,
    nyu_at_input,
)


def plane_frame(camera: Intrinsics | None, height: int = 480, width: int = 640) -> Frame:
    """A picture whose depth can be read from its colour: red = 40 * depth, in every pixel."""
    depth = np.tile(np.linspace(1, 6, width, dtype=np.float32), (height, 1))
    rgb = np.repeat((40 * depth).round().astype(np.uint8)[None], 3, 0)
    return Frame(rgb, depth, camera, 's', Path('f.h5'))


def test_validation_equals_the_published_pipeline_in_pillow(rng: np.random.Generator) -> None:
    rgb = rng.integers(0, 256, (480, 640, 3), np.uint8)
    frame = Frame(rgb.transpose(2, 0, 1), np.ones((480, 640), np.float32), None, '', Path())
    expected = Image.fromarray(rgb).resize((333, 250), Image.NEAREST)
    left, top = round((333 - 304) / 2), round((250 - 228) / 2)
    expected = expected.crop((left, top, left + 304, top + 228)).resize((224, 224), Image.NEAREST)
    found = fastdepth_validation(View.of(frame)).image.permute(1, 2, 0).numpy()
    # torch places samples in float32, Pillow in float64: a few rows and columns fall on a tie.
    assert (found == np.asarray(expected)).mean() > 0.97


def test_the_nyu_camera_at_the_input_is_the_documented_one() -> None:
    camera = nyu_at_input('fastdepth', (224, 224))
    assert (camera.fx, camera.fy) == pytest.approx((198.9, 265.8), abs=0.1)
    through = fastdepth_validation(View.of(plane_frame(NYU))).intrinsics
    assert through is not None
    assert (through.fx, through.fy) == pytest.approx((camera.fx, camera.fy), rel=1e-3)
    assert nyu_at_input('full', (256, 192)).focal_length == pytest.approx(207.7, abs=0.1)


@pytest.mark.parametrize('name', list(TRAINING_TRANSFORMS))
def test_image_and_depth_stay_together(name: str) -> None:
    torch.manual_seed(1)
    transform = TRAINING_TRANSFORMS[name]((96, 64), 100.0)
    transform._jitter = transform._colours = lambda image: image  # geometry alone
    frame = plane_frame(Intrinsics(500, 500, 320, 240, 640, 480))
    ratios = []
    for _ in range(8):
        image, depth = transform(frame)
        assert (image.shape, image.dtype) == ((3, 64, 96), torch.uint8)
        assert (depth.shape, depth.dtype) == ((1, 64, 96), torch.float32)
        inner = (slice(12, -12), slice(12, -12))
        colour, metres = image[0][inner].float() / 40, depth[0][inner]
        assert ((metres > 0) | (colour == 0)).all()
        seen = metres > 0
        ratio = metres[seen] / colour[seen]
        assert ratio.std() / ratio.mean() < 0.03  # one factor for the whole picture
        ratios.append(ratio.mean().item())
    assert max(ratios) / min(ratios) > 1.1  # zoom makes the canonical camera nearer


def test_depth_is_that_of_the_training_camera_whatever_the_camera() -> None:
    """The same scene seen with twice the focal length asks the network for half the depth."""
    for name, kind in TRAINING_TRANSFORMS.items():
        medians = []
        for fx in (400.0, 800.0):
            torch.manual_seed(3)
            frame = plane_frame(Intrinsics(fx, fx, 320, 240, 640, 480))
            medians.append(kind((96, 64), 100.0)(frame)[1].median().item())
        assert medians[0] / medians[1] == pytest.approx(2, rel=1e-5), name


def test_without_intrinsics_zoom_alone_divides_the_depth() -> None:
    torch.manual_seed(0)
    frame = plane_frame(None)
    flat = Frame(frame.rgb, np.full_like(frame.depth, 3.0), None, '', Path())
    zooms = []
    for _ in range(20):
        depth = TRAINING_TRANSFORMS['fastdepth']((224, 224), 1.0)(flat)[1]
        zooms.append(3 / depth[depth > 0].unique().item())
    assert 1 <= min(zooms) < 1.2 < 1.35 < max(zooms) <= 1.5


def test_rotation_leaves_holes_not_invented_depth() -> None:
    view = View.of(plane_frame(None)).rotated(5.0)
    assert (view.depth[0, 0, 0], view.depth[0, -1, -1]) == (0, 0)
    values = set(np.unique(view.depth.numpy())) - {0.0}
    assert values <= set(np.unique(plane_frame(None).depth))


def test_a_flip_mirrors_both() -> None:
    view = View.of(plane_frame(None))
    assert torch.equal(view.flipped().depth, view.depth.flip(-1))
    assert torch.equal(view.flipped().image, view.image.flip(-1))
