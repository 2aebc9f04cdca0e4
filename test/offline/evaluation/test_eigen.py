from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import Frame
from fastdepth_ros.offline.evaluation.protocols import score
from fastdepth_ros.offline.evaluation.shown import as_shown


def test_only_the_crop_counts() -> None:
    target = np.full((480, 640), 2.0, np.float32)
    prediction = np.full((480, 640), 8.0, np.float32)
    prediction[45:471, 41:601] = 2.0
    found = score(prediction, target, 'eigen')
    assert found is not None
    assert found.pixels == 426 * 560
    assert (found.metric['mae'], found.metric['delta1']) == (0, 1)
    prediction[45, 41] = prediction[470, 600] = 8.0  # its corners are in it
    found = score(prediction, target, 'eigen')
    assert found is not None
    assert found.metric['delta1'] == pytest.approx(1 - 2 / (426 * 560))


def test_depths_are_clamped_scaled_ones_too() -> None:
    target = np.full((480, 640), 8.0, np.float32)
    prediction = np.full((480, 640), 2.0, np.float32)
    prediction[100] = 50.0  # 10 m, and 10 m again after times 4
    found = score(prediction, target, 'eigen')
    assert found is not None
    row = 560 / (426 * 560)
    assert found.metric['mae'] == pytest.approx(6 - 6 * row + 2 * row)
    assert found.scaled['mae'] == pytest.approx(2 * row)


def test_a_small_prediction_is_brought_to_full_resolution() -> None:
    target = np.broadcast_to(np.linspace(1, 3, 640, dtype=np.float32), (480, 640))
    found = score(target.reshape(240, 2, 320, 2).mean((1, 3)), target, 'eigen')
    assert found is not None
    assert found.metric['absrel'] < 1e-3


def test_a_frame_of_another_size_is_named() -> None:
    rgb, depth = np.zeros((3, 240, 320), np.uint8), np.ones((240, 320), np.float32)
    frame = Frame(rgb, depth, None, 's', Path('val/a.h5'))
    with pytest.raises(UserError, match=r'eigen is for frames of 640 x 480, official/1 has 320 x'):
        as_shown(frame, 'eigen', 'official/1')
