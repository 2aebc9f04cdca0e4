"""What every engine offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.metadata import ModelMetadata


class Engine(ABC):
    """A loaded model that turns one network input into the depth of its training camera.

    Made with (path, precision, num_threads); `precision` and `num_threads` are then what the
    library says that it uses, not what was asked for.
    """

    name: ClassVar[str]

    metadata: ModelMetadata
    precision: str
    num_threads: int

    @abstractmethod
    def __init__(self, path: Path, precision: str, num_threads: int) -> None:
        """Loads `path`; a UserError if it is missing, damaged or not ours."""

    @abstractmethod
    def infer(self, image: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 RGB of the input size -> (H, W) float32, valid until the next call."""

    @property
    def error(self) -> np.ndarray | None:
        """The expected |log depth error| of what infer() returned last, valid as long as that.

        (h, w) float32 over the same image, coarser; None where the model does not tell it.
        """
        return None


def unusable(path: Path, library: str, error: Exception) -> UserError:
    """The one line for a file that a library refuses, with the heart of what it said."""
    reason = ' '.join(str(error).split())[:200]
    return UserError(f"{library} cannot load '{path}': export it again ({reason})")
