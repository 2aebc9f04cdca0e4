"""What every writer of results offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from fastdepth_ros.files import write_atomically
from fastdepth_ros.predict.prediction import Prediction


class Writer(ABC):
    """Takes the predictions of one source, one by one."""

    written: int = 0  # pictures so far

    @abstractmethod
    def write(self, prediction: Prediction) -> None:
        """Takes one; a UserError if it cannot be written."""

    @abstractmethod
    def close(self) -> None:
        """Finishes: what was written is kept and whole."""


class FileWriter(Writer):
    """A file for each picture, named after it."""

    suffix: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, prediction: Prediction) -> None:
        """Atomically, so that a file that is there is whole."""
        write_atomically(self._folder / (prediction.name + self.suffix), self.encode(prediction))
        self.written += 1

    def close(self) -> None:
        """Every file is whole already."""

    @abstractmethod
    def encode(self, prediction: Prediction) -> bytes:
        """The file."""
