"""RGB-D folders and TUM sequences as a root: one, some side by side, or under train/ and val/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fastdepth_ros.offline.data.frame import FrameRef
from fastdepth_ros.offline.data.image_pairs import PairFolder, PairRef
from fastdepth_ros.offline.data.rgbd_folder import RgbdFolder
from fastdepth_ros.offline.data.root import DataRoot
from fastdepth_ros.offline.data.splitting import split_frames, split_rule
from fastdepth_ros.offline.data.tum_sequence import TumSequence

OWN_SPLITS = ('train', 'val', 'holdout')


class Collection(DataRoot):
    """Folders of image pairs that have no split of their own, which is therefore made."""

    def __init__(self, path: Path, folders: Sequence[PairFolder]) -> None:
        super().__init__(path)
        self._folders = folders

    @classmethod
    def at(cls, path: Path) -> Collection | None:
        """The root, if it is one folder of pairs or has some directly in it."""
        one = pair_folder(path)
        folders = [one] if one else pair_folders(path)
        return cls(path, folders) if folders else None

    @property
    def kind(self) -> str:
        """How many folders of which kinds."""
        kinds = [folder.kind for folder in self._folders]
        counted = [f'{kinds.count(k)} x {k}' if len(kinds) > 1 else k for k in sorted({*kinds})]
        return ', '.join(counted)

    def frames(self, split: str) -> list[FrameRef]:
        """Folder by folder; see splitting.py for train and val."""
        pairs = self.pairs()
        return [*(pairs if split == 'all' else split_frames(pairs, split))]

    def pairs(self) -> list[PairRef]:
        """All frames; named after their folder, too, unless the root is that folder."""
        return [pair for folder in self._folders for pair in self._pairs_of(folder)]

    def _pairs_of(self, folder: PairFolder) -> list[PairRef]:
        if folder.path == self.path:
            return folder.pairs()
        return [replace(p, name=f'{folder.path.name}/{p.name}') for p in folder.pairs()]

    def split_rule(self) -> str:
        """By scenes, or by frames where there are few scenes."""
        return split_rule(self.pairs())

    def notes(self) -> list[str]:
        """What the folders say."""
        return [note for folder in self._folders for note in folder.notes()]


class SplitCollection(DataRoot):
    """Such folders under train/, val/ and holdout/."""

    def __init__(self, path: Path, splits: dict[str, Collection]) -> None:
        super().__init__(path)
        self._splits = splits

    @classmethod
    def at(cls, path: Path) -> SplitCollection | None:
        """The root, if it is one."""
        found = {name: Collection.at(path / name) for name in OWN_SPLITS}
        splits = {name: one for name, one in found.items() if one}
        return cls(path, splits) if splits else None

    @property
    def kind(self) -> str:
        """What each split is."""
        return '; '.join(f'{name}/: {one.kind}' for name, one in self._splits.items())

    def frames(self, split: str) -> list[FrameRef]:
        """Those under the folder of that name."""
        if split != 'all':
            return [*self._splits[split].pairs()] if split in self._splits else []
        return [
            replace(pair, name=f'{name}/{pair.name}')
            for name, one in self._splits.items()
            for pair in one.pairs()
        ]

    def notes(self) -> list[str]:
        """What the folders say."""
        return [note for one in self._splits.values() for note in one.notes()]


def pair_folder(path: Path) -> PairFolder | None:
    """A TUM sequence (which has rgb/ and depth/, too) or an RGB-D folder."""
    return TumSequence.at(path) or RgbdFolder.at(path)


def pair_folders(path: Path) -> list[PairFolder]:
    """Those directly in a folder, by name."""
    if not path.is_dir():
        return []
    found = (pair_folder(child) for child in sorted(path.iterdir()) if child.is_dir())
    return [folder for folder in found if folder]
