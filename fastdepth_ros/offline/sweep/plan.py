"""A sweep as data: which runs a YAML file asks for."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastdepth_ros.documents import read_yaml
from fastdepth_ros.errors import UserError, check_choice
from fastdepth_ros.offline.training.run_config import RunConfig, options

PARTS = ('base', 'grid', 'trials')


@dataclass(frozen=True)
class Trial:
    """One run: its name, the options in which it is its own, and all of them."""

    name: str
    varied: dict[str, Any]
    config: RunConfig


def read_plan(path: Path) -> list[Trial]:
    """The trials of a file: every combination of `grid`, then `trials`, each over `base`.

    UserError for unknown options, values that do not do, and trials that are the same.
    """
    try:
        plan = read_yaml(path)
    except (OSError, ValueError) as error:
        raise UserError(f"cannot read the sweep '{path}': {error}") from error
    if not isinstance(plan, dict):
        raise UserError(f"'{path}' is not a sweep: {', '.join(PARTS)} are its parts")
    for part in plan:
        check_choice(f'part in {path}', str(part), PARTS)
    base = _mapping(plan.get('base') or {}, 'base', path)
    trials = [_trial(base, varied, path) for varied in _varied(plan, path)]
    names = [trial.name for trial in trials]
    for name in names:
        if names.count(name) > 1:
            raise UserError(f"trial '{name}' is in '{path}' twice: once is needed")
    return trials


def _varied(plan: dict[str, Any], path: Path) -> list[dict[str, Any]]:
    grid = _mapping(plan.get('grid') or {}, 'grid', path)
    for name, values in grid.items():
        if not isinstance(values, list) or not values:
            raise UserError(f"{name} in the grid of '{path}' is '{values}': a list is needed")
    cells = [dict(zip(grid, cell, strict=True)) for cell in itertools.product(*grid.values())]
    single = plan.get('trials') or []
    if not isinstance(single, list):
        raise UserError(f"trials of '{path}' is '{single}': a list is needed")
    varied = (cells if grid else []) + [_mapping(item, 'trials', path) for item in single]
    if not varied:
        raise UserError(f"'{path}' asks for no trial: give it a grid or trials")
    return varied


def _mapping(value: Any, part: str, path: Path) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UserError(f"{part} of '{path}' has '{value}': lines of 'option: value' are needed")
    known = [item.name for item in options()]
    for name in value:
        check_choice(f'option in {path}', str(name), known)
    return value


def _trial(base: dict[str, Any], varied: dict[str, Any], path: Path) -> Trial:
    try:
        config = RunConfig(**{**base, **varied})
    except UserError as error:
        raise UserError(f"a trial of '{path}': {error}") from error
    shown = {name: getattr(config, name) for name in varied}  # a mix of losses in its one form
    parts = [f'{name}={value}' for name, value in shown.items()]
    return Trial(re.sub(r'[^\w.=+-]+', '_', '-'.join(parts)) or 'base', shown, config)
