"""What every data root offers."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

from fastdepth_ros.offline.data.frame import FrameRef

SPLITS = ('train', 'val', 'holdout', 'all')
RAW, FILLED = 'raw', 'filled'
DEPTHS = (
    RAW,
    FILLED,
)  # measured with holes, or in-painted: the labelled NYU set has both


def files_below(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Files with one of the suffixes, in any order; also behind links, but no hidden ones."""
    for place, _, names in os.walk(folder, followlinks=True):
        for name in names:
            if name.lower().endswith(suffixes) and not name.startswith('.'):
                yield Path(place, name)


class DataRoot(ABC):
    """Frames in splits."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    @abstractmethod
    def kind(self) -> str:
        """Which layout it is, for people."""

    @abstractmethod
    def frames(self, split: str) -> list[FrameRef]:
        """The frames of one of SPLITS in order; empty where there are none.

        Names are unique in the split. `all` is everything there is, each frame once.
        """

    def split_rule(self) -> str:
        """How it is split, for people; empty where that is plain to see."""
        return ''

    def notes(self) -> list[str]:
        """What else people should know of it."""
        return []
