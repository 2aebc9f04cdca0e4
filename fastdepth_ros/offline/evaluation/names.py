"""What a frame is called in tables, in result files and in a folder of predictions."""

from __future__ import annotations

from pathlib import Path


def frame_name(root: Path, split: str, reference: Path) -> str:
    """Its path under the split without suffix: official/00001 of ROOT/val/official/00001.h5."""
    folder = root / ('val' if split == 'val' else 'train')
    return reference.relative_to(folder).with_suffix('').as_posix()
