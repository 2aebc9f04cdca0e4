from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.geometry.quaternion import transform_matrix


@pytest.mark.parametrize(
    ('quaternion', 'point', 'expected'),
    [
        ((0, 0, 0, 1), (1, 2, 3), (1, 2, 3)),
        ((0, 0, np.sin(np.pi / 4), np.cos(np.pi / 4)), (1, 0, 0), (0, 1, 0)),
        ((1, 0, 0, 0), (1, 2, 3), (1, -2, -3)),
        ((-0.5, 0.5, -0.5, 0.5), (0, 0, 1), (1, 0, 0)),  # optical to body: forward is x
        ((-1, 1, -1, 1), (1, 0, 0), (0, -1, 0)),  # not normalised; right is -y
    ],
)
def test_rotations(quaternion, point, expected) -> None:
    matrix = transform_matrix((0.5, 0, -1), quaternion)
    found = matrix @ (*point, 1)
    np.testing.assert_allclose(found[:3] - (0.5, 0, -1), expected, atol=1e-12)
