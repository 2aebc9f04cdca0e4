"""One training run as data: the same fields are flags, a YAML file, and saved with the run."""

from __future__ import annotations

import argparse
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from fastdepth_ros.documents import read_yaml as parsed_file
from fastdepth_ros.errors import UserError, check_choice
from fastdepth_ros.network.config import NAMED_CONFIGS, PUBLISHED_INPUT
from fastdepth_ros.offline.evaluation.metrics import METRICS
from fastdepth_ros.offline.evaluation.protocols import PROTOCOLS
from fastdepth_ros.offline.training.augmentation import Strengths
from fastdepth_ros.offline.training.loss_mix import mix_text
from fastdepth_ros.offline.training.losses import LOSSES
from fastdepth_ros.offline.training.transforms import TRAINING_TRANSFORMS
from fastdepth_ros.share import RECIPES, resolve_recipe

OWN_SIZE = f"0: that of --init's model, {PUBLISHED_INPUT} where it is none"
LARGEST = 2**63 - 1  # of whole numbers in the files of a run
# What a resumed run may change: where and how it runs, not what it learns.
MAY_CHANGE = frozenset({'device', 'threads', 'workers', 'skip_bad', 'tensorboard'}) | {
    'checkpoint_steps',
    'checkpoint_minutes',
}


def _option(default: Any, text: str, choices: tuple[str, ...] = (), minimum: Any = None) -> Any:
    return field(
        default=default, metadata={'help': text, 'choices': choices or None, 'minimum': minimum}
    )


@dataclass(frozen=True)
class RunConfig(Strengths):
    """Defaults are the published recipe (Wofk et al.): SGD, L1, batch 8, 15 epochs.

    The strengths of the augmentation are options, too; they are those of transform `full`.
    """

    network: str = _option('fastdepth', 'architecture', tuple(NAMED_CONFIGS))
    init: str = _option(
        'none', "'none', 'default', 'small', a .safetensors model, or an .npz or .pth encoder"
    )
    input_width: int = _option(0, f'network input, px; {OWN_SIZE}', minimum=0)
    input_height: int = _option(0, f'network input, px; {OWN_SIZE}', minimum=0)
    transform: str = _option('fastdepth', 'training transform', tuple(TRAINING_TRANSFORMS))
    loss: str = _option(
        'l1', f'over pixels with depth: {", ".join(LOSSES)}, or a mix such as silog=1,gradient=0.5'
    )
    teacher: str = _option('', "a model whose depth is learned, too: 'default', 'small' or a file")
    teacher_weight: float = _option(1.0, 'of the loss against the teacher', minimum=0.0)
    error_weight: float = _option(
        1.0, 'of the loss of the expected error, where the network has it', minimum=0.0
    )
    optimizer: str = _option('sgd', 'optimizer', ('sgd', 'adamw'))
    lr: float = _option(0.01, 'learning rate', minimum=0.0)
    momentum: float = _option(0.9, 'of SGD', minimum=0.0)
    weight_decay: float = _option(1e-4, 'weight decay', minimum=0.0)
    schedule: str = _option('step', 'x 0.1 every third of the run, or cosine', ('step', 'cosine'))
    warmup_steps: int = _option(0, 'steps of linear warm-up', minimum=0)
    ema: float = _option(0.0, 'decay of the averaged weights that are kept; 0 = off', minimum=0)
    freeze_batchnorm: bool = _option(False, "keep BatchNorm's statistics as they are")
    batch_size: int = _option(8, 'images at once in each process', minimum=1)
    accumulate: int = _option(1, 'batches of each process in a step', minimum=1)
    epochs: int = _option(15, 'passes over the data', minimum=1)
    patience: int = _option(
        0, 'epochs without a better --best-by after which to stop; 0 = all', minimum=0
    )
    protocol: str = _option('fastdepth', 'validation protocol', PROTOCOLS)
    best_by: str = _option('rmse', 'the metric that chooses the best checkpoint', METRICS)
    precision: str = _option('f32', 'of the forward pass', ('f32', 'bf16'))
    device: str = _option('auto', 'where to train', ('auto', 'cpu', 'cuda'))
    threads: int = _option(0, 'CPU threads; 0 = all cores', minimum=0)
    workers: int = _option(
        -1,
        'processes that load data; 0 = in this one, -1 = 1, or with a GPU cores - 1',
        minimum=-1,
    )
    seed: int = _option(0, 'of every random choice', minimum=0)
    skip_bad: bool = _option(False, 'skip damaged frames, counted, instead of stopping')
    checkpoint_minutes: float = _option(
        10.0, 'between states kept for --resume, beside one an epoch; 0 = none', minimum=0.0
    )
    checkpoint_steps: int = _option(0, 'the same in steps; 0 = none', minimum=0)
    tensorboard: bool = _option(False, 'write events for TensorBoard into OUT/tensorboard')
    name: str = _option('', "the model's name in its metadata")
    licence: str = _option('', 'of the weights, for the metadata')

    def __post_init__(self) -> None:
        object.__setattr__(self, 'loss', mix_text(self.loss))
        for item in options():
            value, limits = getattr(self, item.name), item.metadata
            value = _checked_type(item.name, value, type(item.default))
            object.__setattr__(self, item.name, value)
            if limits.get('choices'):
                check_choice(item.name, value, limits['choices'])
            if limits.get('minimum') is not None and not value >= limits['minimum']:
                raise UserError(f'{item.name} is {value}: at least {limits["minimum"]} is needed')
        super().__post_init__()
        if not self.ema < 1:
            raise UserError(f'ema is {self.ema}: 0 (off) to below 1 is needed, such as 0.999')
        self._check_published()

    def _check_published(self) -> None:
        for item in fields(Strengths) if self.transform == 'fastdepth' else ():
            value = getattr(self, item.name)
            if value != item.default:
                raise UserError(
                    f"{item.name} is {value}, but transform 'fastdepth' is the published one as "
                    'it is: choose transform full'
                )

    def to_yaml(self) -> str:
        """Every option; --config reads it again."""
        values = {item.name: getattr(self, item.name) for item in options()}
        return yaml.safe_dump(values, sort_keys=False)


def options() -> list[Field[Any]]:
    """Every option of a run in the order in which people read them."""
    strengths = {item.name for item in fields(Strengths)}
    own = [item for item in fields(RunConfig) if item.name not in strengths]
    return [*own, *fields(Strengths)]


def _checked_type(name: str, value: Any, kind: type) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise UserError(f"{name} is '{value}': {kind.__name__} is needed")
    if isinstance(value, int) and value > LARGEST:
        raise UserError(f'{name} is {value}: at most {LARGEST} is allowed')
    if isinstance(value, str) and not value.isprintable():
        raise UserError(f"{name} is '{value}': one line of printable text is needed")
    return value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A flag for every option, and --config. Flags win over the file, the file over defaults."""
    named = ' or '.join(map(repr, RECIPES))
    text = f'YAML with any of the options below, or {named}, which comes with the package'
    parser.add_argument('--config', metavar='RECIPE', help=text)
    for item in options():
        kind: dict[str, Any] = {
            'type': type(item.default),
            'choices': item.metadata.get('choices'),
        }
        if isinstance(item.default, bool):
            kind = {'action': argparse.BooleanOptionalAction}
        text = f'{item.metadata["help"]} (default: {item.default!r})'
        flag = '--' + item.name.replace('_', '-')
        parser.add_argument(flag, dest=item.name, default=None, help=text, **kind)


def from_arguments(args: argparse.Namespace, saved: Path | None = None) -> RunConfig:
    """The run that the command line, its --config file and a `saved` one under them describe."""
    values = read_yaml(saved) if saved else {}
    values |= recipe_options(args.config)
    given = {f.name: getattr(args, f.name) for f in fields(RunConfig)}
    return RunConfig(**{**values, **{k: v for k, v in given.items() if v is not None}})


def recipe_options(recipe: str | None) -> dict[str, Any]:
    """What --config names: the options in a file, or in one of RECIPES; none without it."""
    return read_yaml(resolve_recipe(recipe)) if recipe else {}


def check_same(config: RunConfig, earlier: RunConfig, out: Path) -> None:
    """A UserError that names the first option in which a resumed run differs from its start."""
    for item in options():
        new, old = getattr(config, item.name), getattr(earlier, item.name)
        if new != old and item.name not in MAY_CHANGE:
            raise UserError(
                f"the run in '{out}' has {item.name} {old!r}, not {new!r}: resume it with "
                f'{old!r}, or train into another --out'
            )


def read_yaml(path: Path) -> dict[str, Any]:
    """The options in a file; a UserError names unknown ones."""
    try:
        values = parsed_file(path)
    except (OSError, ValueError) as error:
        raise UserError(f"cannot read the configuration '{path}': {error}") from error
    if not isinstance(values, dict):
        raise UserError(f"'{path}' is not a configuration: lines of 'option: value' are needed")
    known = [item.name for item in options()]
    for name in values:
        check_choice(f'option in {path}', str(name), known)
    return values
