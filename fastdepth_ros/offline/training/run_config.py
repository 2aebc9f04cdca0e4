"""One training run as data: the same fields are flags, a YAML file, and saved with the run."""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from fastdepth_ros.errors import UserError, check_choice
from fastdepth_ros.network.config import NAMED_CONFIGS
from fastdepth_ros.offline.evaluation.metrics import METRICS
from fastdepth_ros.offline.evaluation.protocols import PROTOCOLS
from fastdepth_ros.offline.training.losses import LOSSES
from fastdepth_ros.offline.training.transforms import TRAINING_TRANSFORMS


def _option(default: Any, text: str, choices: tuple[str, ...] = (), minimum: Any = None) -> Any:
    return field(
        default=default, metadata={'help': text, 'choices': choices or None, 'minimum': minimum}
    )


@dataclass(frozen=True)
class RunConfig:
    """Defaults are the published recipe (Wofk et al.): SGD, L1, batch 8, 15 epochs."""

    network: str = _option('fastdepth', 'architecture', tuple(NAMED_CONFIGS))
    init: str = _option('none', "'none', 'default', a .safetensors model or an .npz encoder")
    input_width: int = _option(224, 'network input, px', minimum=32)
    input_height: int = _option(224, 'network input, px', minimum=32)
    transform: str = _option('fastdepth', 'training transform', tuple(TRAINING_TRANSFORMS))
    loss: str = _option('l1', 'loss over pixels with depth', tuple(LOSSES))
    gradient_weight: float = _option(0.0, 'weight of the gradient-matching term', minimum=0.0)
    optimizer: str = _option('sgd', 'optimizer', ('sgd', 'adamw'))
    lr: float = _option(0.01, 'learning rate', minimum=0.0)
    momentum: float = _option(0.9, 'of SGD', minimum=0.0)
    weight_decay: float = _option(1e-4, 'weight decay', minimum=0.0)
    schedule: str = _option('step', 'x 0.1 every third of the run, or cosine', ('step', 'cosine'))
    warmup_steps: int = _option(0, 'steps of linear warm-up', minimum=0)
    ema: float = _option(0.0, 'decay of the averaged weights that are kept; 0 = off', minimum=0)
    batch_size: int = _option(8, 'images a step', minimum=1)
    epochs: int = _option(15, 'passes over the data', minimum=1)
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
    name: str = _option('', "the model's name in its metadata")
    licence: str = _option('', 'of the weights, for the metadata')

    def __post_init__(self) -> None:
        for item in fields(self):
            value, minimum = getattr(self, item.name), item.metadata['minimum']
            value = _checked_type(item.name, value, type(item.default))
            object.__setattr__(self, item.name, value)
            if item.metadata['choices']:
                check_choice(item.name, value, item.metadata['choices'])
            if minimum is not None and not value >= minimum:
                raise UserError(f'{item.name} is {value}: at least {minimum} is needed')
        if not self.ema < 1:
            raise UserError(f'ema is {self.ema}: 0 (off) to below 1 is needed, such as 0.999')

    def to_yaml(self) -> str:
        """Every field, in order; --config reads it again."""
        return yaml.safe_dump(asdict(self), sort_keys=False)


def _checked_type(name: str, value: Any, kind: type) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise UserError(f"{name} is '{value}': {kind.__name__} is needed")
    return value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A flag for every field, and --config. Flags win over the file, the file over defaults."""
    parser.add_argument('--config', type=Path, help='YAML with any of the options below')
    for item in fields(RunConfig):
        kind: dict[str, Any] = {'type': type(item.default), 'choices': item.metadata['choices']}
        if isinstance(item.default, bool):
            kind = {'action': argparse.BooleanOptionalAction}
        text = f'{item.metadata["help"]} (default: {item.default!r})'
        flag = '--' + item.name.replace('_', '-')
        parser.add_argument(flag, dest=item.name, default=None, help=text, **kind)


def from_arguments(args: argparse.Namespace) -> RunConfig:
    """The run that the command line and its --config file describe."""
    values = read_yaml(args.config) if args.config else {}
    given = {f.name: getattr(args, f.name) for f in fields(RunConfig)}
    return RunConfig(**{**values, **{k: v for k, v in given.items() if v is not None}})


def read_yaml(path: Path) -> dict[str, Any]:
    """The options in a file; a UserError names unknown ones."""
    try:
        values = yaml.safe_load(path.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = ' '.join(str(error).split())
        raise UserError(f"cannot read the configuration '{path}': {reason}") from error
    if not isinstance(values, dict):
        raise UserError(f"'{path}' is not a configuration: lines of 'option: value' are needed")
    known = [f.name for f in fields(RunConfig)]
    for name in values:
        check_choice(f'option in {path}', str(name), known)
    return values
