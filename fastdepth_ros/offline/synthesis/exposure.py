"""From light to an 8-bit picture, as a cheap camera makes it."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.offline.synthesis.materials import Random


def develop(light: np.ndarray, rng: Random) -> np.ndarray:
    """(H, W, 3) linear light -> (H, W, 3) uint8 sRGB.

    With the exposure that the camera chose, not always well, a white balance that is a little off,
    a tone curve, darker corners, a soft lens and a sensor's noise.
    """
    height, width = light.shape[:2]
    level = np.quantile(light.mean(2), rng.uniform(0.5, 0.9)) + 1e-4
    exposed = light * (rng.uniform(0.18, 0.75) / level)
    lamp = exposed.mean((0, 1)) / exposed.mean()
    exposed /= lamp ** rng.uniform(0.3, 1.1) * np.exp(rng.normal(0, 0.04, 3))
    y, x = np.mgrid[:height, :width]
    radius = np.hypot((x - width / 2) / width, (y - height / 2) / width)
    exposed *= (1 - rng.uniform(0, 0.5) * radius**2)[..., None]
    if rng.random() < 0.5:
        exposed = cv2.GaussianBlur(exposed, (0, 0), rng.uniform(0.3, 0.9))
    shot, read = rng.uniform(0, 0.02), rng.uniform(0, 0.01)
    sigma = np.sqrt(np.maximum(exposed, 0)) * shot + read
    exposed = exposed + sigma * rng.standard_normal(exposed.shape, np.float32)
    shoulder = rng.uniform(0, 0.5)  # film-like highlights instead of clipping
    curved = exposed.clip(0) / (1 + shoulder * exposed.clip(0)) * (1 + shoulder)
    gamma = 1 / rng.uniform(1.9, 2.5)
    return np.asarray(255 * curved.clip(0, 1) ** gamma + 0.5, np.uint8)
