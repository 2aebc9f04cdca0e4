"""Where the package's own files are: in a checkout, under a pip prefix, or in a ROS workspace."""

from __future__ import annotations

import os
from pathlib import Path

from fastdepth_ros.errors import UserError

DEFAULT = 'default'


def share_directories() -> list[Path]:
    """Candidates for the share directory, nearest to this file first. Needs no ROS."""
    here = Path(__file__).resolve()
    ament = [p for p in os.environ.get('AMENT_PREFIX_PATH', '').split(os.pathsep) if p]
    prefixes = [*here.parents, *map(Path, ament)]
    return [here.parents[1], *(prefix / 'share' / 'fastdepth_ros' for prefix in prefixes)]


def resolve_model(model: str, suffix: str) -> Path:
    """The path of `model`, where 'default' is the shipped one with `suffix` (.onnx, ...)."""
    if model != DEFAULT:
        return Path(model).expanduser()
    path = find_shared(f'models/default{suffix}')
    if path is None:
        raise UserError(
            f'the default model (models/default{suffix}) is not installed: name a model file, or '
            'install the package again'
        )
    return path


def find_shared(name: str) -> Path | None:
    """The path of a file of the share directory, such as config/depth.yaml."""
    paths = (share / name for share in share_directories())
    return next((path for path in paths if path.is_file()), None)
