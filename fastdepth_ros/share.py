"""Where the package's own files are: in a checkout, under a pip prefix, or in a ROS workspace."""

from __future__ import annotations

import os
from pathlib import Path

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import user_path

DEFAULT = 'default'
SHIPPED = (DEFAULT, 'small')  # names of models that come with the package
NAMES = ' or '.join(map(repr, SHIPPED))
RECIPES = ('finetune',)  # names of training options that come with the package
MODEL_HELP = f'a model file, or {NAMES}'


def share_directories() -> list[Path]:
    """Candidates for the share directory, nearest to this file first. Needs no ROS."""
    here = Path(__file__).resolve()
    ament = [p for p in os.environ.get('AMENT_PREFIX_PATH', '').split(os.pathsep) if p]
    prefixes = [*here.parents, *map(Path, ament)]
    return [here.parents[1], *(prefix / 'share' / 'fastdepth_ros' for prefix in prefixes)]


def shared_file(name: str) -> Path | None:
    """A file such as config/depth.yaml; None where it is not installed."""
    paths = (share / name for share in share_directories())
    return next((path for path in paths if path.is_file()), None)


def resolve_model(model: str, suffix: str) -> Path:
    """The path of `model`: a file, or of one of SHIPPED that with `suffix` (.onnx, ...)."""
    if model not in SHIPPED:
        return user_path(model)
    return _shipped(f'models/{model}{suffix}', f'the model {model!r}', 'a model file')


def resolve_recipe(recipe: str) -> Path:
    """The path of `recipe`: a YAML file of training options, or that of one of RECIPES."""
    if recipe not in RECIPES:
        return user_path(recipe)
    return _shipped(f'config/{recipe}.yaml', f'the recipe {recipe!r}', 'a YAML file')


def _shipped(file: str, what: str, instead: str) -> Path:
    path = shared_file(file)
    if path is not None:
        return path
    raise UserError(
        f'{what} ({file}) is not installed: name {instead}, or install the package again'
    )
