"""What a source of metric scale says about one image."""

from __future__ import annotations

from dataclasses import dataclass

GROUND = 'ground'


@dataclass(frozen=True)
class ScaleMeasurement:
    """True depth = factor * exp(lean * x / z) * depth + shift."""

    factor: float
    shift: float  # m
    confidence: float  # 0 to 1
    source: str
    lean: float = 0.0  # of the factor's logarithm, by x / z in the optical frame


@dataclass(frozen=True)
class Rejection:
    """Why a source has nothing to say: one line for people."""

    source: str
    reason: str
