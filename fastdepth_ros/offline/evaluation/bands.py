"""Bands of true distance, each judged by itself."""

from __future__ import annotations

import argparse
from typing import NamedTuple

DEFAULT_BANDS = '0-1,1-2,2-4,4-10'


class Band(NamedTuple):
    """True depth from `near` up to, but without, `far`; metres."""

    near: float
    far: float

    @property
    def name(self) -> str:
        """As `parse_bands` reads it."""
        return f'{self.near:g}-{self.far:g}'


Bands = tuple[Band, ...]


def parse_bands(text: str) -> Bands:
    """'0-1,1-2.5' -> bands in metres, as argparse's type; they may overlap and leave gaps."""
    try:
        pairs = [item.split('-') for item in text.split(',')]
        bands = tuple(Band(float(near), float(far)) for near, far in pairs)
    except ValueError:
        bands = ()
    if not bands or not all(0 <= band.near < band.far for band in bands):
        raise argparse.ArgumentTypeError(
            f"'{text}' is no list of bands in metres: write them as {DEFAULT_BANDS}"
        )
    return bands
