"""What every model file says about itself: kept in safetensors' and in ONNX's own metadata."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from fastdepth_ros.documents import parse_json
from fastdepth_ros.errors import UserError
from fastdepth_ros.network.config import INPUT_MULTIPLE, NetworkConfig

KEY = 'fastdepth_ros'  # the name of our entry in a file's metadata
FORMAT = 1
LARGEST_INPUT = 8192  # px a side: more is a damaged file


@dataclass(frozen=True)
class ModelMetadata:
    """Architecture, input, scale and origin of one set of weights."""

    network: NetworkConfig
    input_width: int  # px
    input_height: int  # px
    fx: float  # px at the input's size: the camera whose metres the network predicts
    fy: float
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)  # of rgb / 255
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    min_depth: float = 0.0  # m, the range of depth seen in training
    max_depth: float = 10.0
    name: str = ''
    licence: str = ''
    training: dict[str, Any] = field(default_factory=dict)  # data, recipe
    metrics: dict[str, Any] = field(default_factory=dict)  # as `evaluate --json` writes them
    quantisation: dict[str, Any] = field(default_factory=dict)  # how int8 was made; {}: is float

    def __post_init__(self) -> None:
        object.__setattr__(self, 'mean', tuple(self.mean))
        object.__setattr__(self, 'std', tuple(self.std))
        for name, size in (('width', self.input_width), ('height', self.input_height)):
            if type(size) is not int or size % INPUT_MULTIPLE or not 0 < size <= LARGEST_INPUT:
                raise UserError(
                    f'input {name} is {size}: multiples of {INPUT_MULTIPLE} up to '
                    f'{LARGEST_INPUT} are allowed'
                )
        if not (all(map(_is_number, (self.fx, self.fy))) and self.fx > 0 and self.fy > 0):
            raise UserError(f'model focal lengths are {self.fx}, {self.fy} px: both must be > 0')
        self._check_values()

    def resized(self, width: int, height: int) -> ModelMetadata:
        """The same weights with an input of another size, px, without the figures of this one.

        The focal length stays, in pixels: it is what the weights learnt.
        """
        if (width, height) == (self.input_width, self.input_height):
            return self
        return replace(self, input_width=width, input_height=height, metrics={})

    def _check_values(self) -> None:
        for name in ('mean', 'std'):
            values = getattr(self, name)
            fits = len(values) == 3 and all(map(_is_number, values))
            if not fits or (name == 'std' and not min(values) > 0):
                raise UserError(f'{name} is {list(values)}: 3 numbers are needed, a std above 0')
        if not (all(map(_is_number, (self.min_depth, self.max_depth)))):
            raise UserError(f'depths are {self.min_depth} to {self.max_depth}: metres are needed')
        for name in ('name', 'licence'):
            if not isinstance(getattr(self, name), str):
                raise UserError(f'{name} is {getattr(self, name)!r}: text is needed')
        for name in ('training', 'metrics', 'quantisation'):
            if not isinstance(getattr(self, name), dict):
                raise UserError(f'{name} is {getattr(self, name)!r}: a table is needed')

    @property
    def focal_length(self) -> float:
        """f_model = sqrt(fx fy) in pixels of the network's input."""
        return math.sqrt(self.fx * self.fy)

    @property
    def is_int8(self) -> bool:
        """A quantised copy, which runs in int8 only."""
        return self.quantisation.get('precision') == 'int8'

    def to_json(self) -> str:
        """One line of JSON, the value of KEY in a model file."""
        return json.dumps({'format': FORMAT, **asdict(self)})

    @classmethod
    def from_json(cls, text: str | None, path: object) -> ModelMetadata:
        """Reads to_json's text; a UserError names the file that it came from."""
        if text is None:
            raise UserError(
                f"'{path}' has no fastdepth_ros metadata: it was not written by this package "
                '(use train, export or import_checkpoint)'
            )
        try:
            values = parse_json(text)
            version = values.pop('format')
            known = {f.name for f in fields(cls)}
            if version != FORMAT:
                raise UserError(f"'{path}' has model format {version}: only {FORMAT} is read here")
            if not known.issuperset(values):
                raise ValueError(f'unknown entries {sorted(set(values) - known)}')
            return cls(**{**values, 'network': NetworkConfig(**values['network'])})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UserError(f"the metadata of '{path}' is damaged: {error}") from error


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]
