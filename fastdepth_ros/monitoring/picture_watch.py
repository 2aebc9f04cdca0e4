"""Whether a picture shows anything that depth could be read from.

A network answers whatever it is shown: behind a covered lens, in a dark room or in the sun it
publishes depth as steadily as ever, and as wrong as can be.
"""

from __future__ import annotations

import math

import numpy as np

PERIOD = 1.0  # s between two looks, for one costs a quarter of a millisecond
STEP = 4  # every so manieth row and column is enough
WHITE = 250  # of 255: what is above is lost
# Of 1268 frames of real and rendered rooms none came near: 105, 5.7 and 0.46 were the nearest.
DARK = 24  # of 255, that 95 % of the picture are below
BLANK = 3  # of 255, the standard deviation of its luma
BURNT = 0.7  # share of it that is white


class PictureWatch:
    """Looks at one picture a second."""

    def __init__(self) -> None:
        self.problem = ''  # what is wrong with the last one, and what to do
        self.shown = 'unknown'  # its brightness, in one line
        self._next = -math.inf

    def is_due(self, now: float) -> bool:
        """Whether to look at `now`, seconds of a steady clock."""
        return now >= self._next

    def look(self, rgb: np.ndarray, now: float) -> None:
        """At (H, W, 3) uint8, what the network saw."""
        self._next = now + PERIOD
        luma = rgb[::STEP, ::STEP].mean(2, dtype=np.float32)
        bright, spread = float(np.quantile(luma, 0.95)), float(luma.std())
        white = float((luma >= WHITE).mean())
        self.shown = f'mean {luma.mean():.0f}, contrast {spread:.0f} of 255'
        self.problem = ''
        if bright < DARK:
            self.problem = (
                f'the picture is dark (95 % of it below {bright:.0f} of 255), its depth is a '
                'guess: is there light, is the lens free, is the exposure long enough?'
            )
        elif white > BURNT:
            self.problem = (
                f'{white:.0%} of the picture is white, its depth is a guess: lower the exposure '
                "or the gain, or look out of the lamp's light"
            )
        elif spread < BLANK:
            self.problem = (
                f'the picture shows nothing (contrast {spread:.1f} of 255), its depth is a guess: '
                'is the lens covered, fogged or right before a wall?'
            )
