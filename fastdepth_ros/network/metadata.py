"""What every model file says about itself: kept in safetensors' and in ONNX's own metadata."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.config import INPUT_MULTIPLE, NetworkConfig

KEY = 'fastdepth_ros'  # the name of our entry in a file's metadata
FORMAT = 1


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
            if not isinstance(size, int) or size <= 0 or size % INPUT_MULTIPLE:
                raise UserError(
                    f'input {name} is {size}: multiples of {INPUT_MULTIPLE} are allowed'
                )
        if not (self.fx > 0 and self.fy > 0):
            raise UserError(f'model focal lengths are {self.fx}, {self.fy} px: both must be > 0')

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
            values = json.loads(text)
            version = values.pop('format')
            known = {f.name for f in fields(cls)}
            if version != FORMAT:
                raise UserError(f"'{path}' has model format {version}: only {FORMAT} is read here")
            if not known.issuperset(values):
                raise ValueError(f'unknown entries {sorted(set(values) - known)}')
            return cls(**{**values, 'network': NetworkConfig(**values['network'])})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UserError(f"the metadata of '{path}' is damaged: {error}") from error
