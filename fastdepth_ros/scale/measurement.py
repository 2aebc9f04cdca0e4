"""What a source of metric scale says about one image."""

from __future__ import annotations

from dataclasses import dataclass

GROUND = 'ground'


@dataclass(frozen=True)
class ScaleMeasurement:
    """True depth = factor * depth + shift."""

    factor: float
    shift: float  # m
    confidence: float  # 0 to 1
    source: str


@dataclass(frozen=True)
class Rejection:
    """Why a source has nothing to say: one line for people."""

    source: str
    reason: str
