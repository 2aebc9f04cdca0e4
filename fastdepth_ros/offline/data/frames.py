"""Frames of any data root, for training, evaluation and export. See docs/data.md.

References to frames are opaque: small, hashable, picklable, and str() names one for the user.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fastdepth_ros.errors import UserError, check_choice
from fastdepth_ros.offline.data.fastdepth_layout import Hdf5Ref
from fastdepth_ros.offline.data.frame import Frame, FrameRef
from fastdepth_ros.offline.data.root import DEPTHS, RAW, SPLITS
from fastdepth_ros.offline.data.roots import find_root, no_frames

__all__ = [
    'DEPTHS',
    'SPLITS',
    'Frame',
    'FrameRef',
    'depth_kind',
    'frame_name',
    'frame_scene',
    'frame_weight',
    'list_frames',
    'read_frame',
]


def list_frames(root: Path, split: str, depth: str = RAW) -> list[FrameRef]:
    """The frames of one split of a data root in order; a UserError if there are none.

    `depth` chooses `raw` (with holes) or `filled` where the root has both: the labelled NYU set.
    """
    check_choice('split', split, SPLITS)
    check_choice('depth', depth, DEPTHS)
    found = find_root(root, depth)
    refs = found.frames(split) if found else []
    if found and not refs:
        rule = found.split_rule()
        end = f'; split: {rule}' if rule else ''
        raise UserError(f"no {split} frames in '{root}': {found.kind}{end}")
    if not refs:
        raise UserError(no_frames(root, split))
    return refs


def read_frame(ref: FrameRef | Path) -> Frame:
    """Reads one frame, or an HDF5 file; a UserError that names it if it is damaged."""
    return (Hdf5Ref(ref) if isinstance(ref, Path) else ref).read()


def frame_name(ref: FrameRef) -> str:
    """'<path under the split>' without the suffix, unique in the split.

    It may have dots in it: append a suffix, do not replace one.
    """
    return ref.name


def frame_scene(ref: FrameRef) -> str:
    """The scene, as the frame has it when it is read; opens the file only where nothing else says.

    A UserError if that file is damaged.
    """
    return ref.scene or ref.read_scene()


def frame_weight(ref: FrameRef) -> float:
    """How often training draws it, relative to others; 1 unless a mix says otherwise."""
    return ref.weight


def depth_kind(refs: Iterable[FrameRef]) -> str:
    """Which depth the frames have: 'raw' and 'filled' (labelled NYU set), 'as stored'."""
    return ' + '.join(sorted({ref.depth_kind for ref in refs}))
