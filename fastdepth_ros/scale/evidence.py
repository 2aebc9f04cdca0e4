"""What the robot's sensors say at one image."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class KnownFloor:
    """Where the floor is known to be."""

    up: np.ndarray  # (3,) unit vector in the optical frame
    height: float  # m of the camera above it


@dataclass
class Evidence:
    """What each source has measured; a str says why it is no use."""

    floor: KnownFloor | str | None = None  # None: the ground is no source
    # by source, (n, 3) metres in the optical frame; a source that has sent nothing new is not here
    points: dict[str, np.ndarray | str] = field(default_factory=dict)
