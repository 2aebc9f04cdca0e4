"""Which kind of data root a path is: told by what is in it."""

from __future__ import annotations

from pathlib import Path

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import user_path
from fastdepth_ros.offline.data.collection import Collection, SplitCollection
from fastdepth_ros.offline.data.fastdepth_layout import FastDepthRoot
from fastdepth_ros.offline.data.labelled_mat import LabelledRoot
from fastdepth_ros.offline.data.mix import Mix
from fastdepth_ros.offline.data.root import RAW, DataRoot

LOOKED_FOR = (
    'the FastDepth layout has .h5 files under train/<scene>/ and val/official/; other roots are '
    'nyu_depth_v2_labeled.mat, RGB-D folders (rgb/, depth/ and meta.json), TUM sequences (rgb.txt '
    'and depth.txt, or associations.txt), folders of those, or a mix of roots (.yaml)'
)


def open_root(path: Path, depth: str = RAW) -> DataRoot:
    """The root at `path`; `depth` is which of the labelled NYU set, raw or filled.

    A UserError if it is none, or says what is wrong with it.
    """
    root = find_root(path, depth)
    if root is None:
        raise UserError(no_frames(path, 'all'))
    return root


def find_root(path: Path, depth: str = RAW) -> DataRoot | None:
    """The root at `path`, or None where nothing is like one; a UserError if it is damaged."""
    path = user_path(path)
    try:
        return (
            Mix.at(path, depth, open_root)
            or LabelledRoot.at(path, depth)
            or FastDepthRoot.at(path)
            or SplitCollection.at(path)
            or Collection.at(path)
        )
    except OSError as error:
        raise UserError(f"cannot read '{error.filename}': {error.strerror}") from error


def no_frames(path: Path, split: str) -> str:
    """What to tell of a path where no frame of the split was found."""
    wanted = 'frames' if split == 'all' else f'{split} frames'
    if not user_path(path).exists():
        return f"no {wanted} in '{path}': it does not exist"
    inside = _root_inside(user_path(path))
    hint = f"; '{inside}' is a data root" if inside else ''
    return f"no {wanted} in '{path}': {LOOKED_FOR}{hint}"


def _root_inside(path: Path) -> Path | None:
    """A root one folder below, as in the folder into which an archive was unpacked."""
    folders = sorted(p for p in path.iterdir() if p.is_dir()) if path.is_dir() else []
    return next((f for f in folders if FastDepthRoot.at(f) or Collection.at(f)), None)
