"""What is known of a model: from its file, its run's log, and its evaluations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastdepth_ros.documents import read_json
from fastdepth_ros.engines.onnx_metadata import read_onnx_metadata
from fastdepth_ros.errors import UserError
from fastdepth_ros.network.cost import macs, parameters
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import load_model
from fastdepth_ros.offline.evaluation.metrics import DELTAS
from fastdepth_ros.offline.evaluation.results import read_results
from fastdepth_ros.offline.training.logs import read_log

LOGGED = ('epoch', 'loss', 'metric_absrel', 'metric_delta1', 'scaled_absrel', 'scaled_delta1')
LEARNED_FROM = ('train', 'all')  # splits with frames that training has seen
FEW_SCENES, FEW_IMAGES = 10, 50
BAD_DELTA1 = 0.5  # of a band of distance


@dataclass(frozen=True)
class ModelFacts:
    """A model file and how its training went."""

    path: Path
    metadata: ModelMetadata
    log: list[dict[str, float]]  # a row an epoch, with all of LOGGED; empty where there is none

    @property
    def validation(self) -> dict[str, Any]:
        """Figures that chose the checkpoint, as `evaluate` writes them; {} where unknown."""
        return self.metadata.metrics.get('val', {})

    @property
    def recipe(self) -> dict[str, Any]:
        """The run's options, without what the card says elsewhere."""
        recipe = self.metadata.training.get('recipe', {})
        return {k: v for k, v in recipe.items() if k not in ('name', 'licence')}

    @property
    def parameters(self) -> int:
        """Weights of the network."""
        return parameters(self.metadata.network)

    @property
    def macs(self) -> int:
        """Multiply-adds of one image."""
        return macs(self.metadata.network, self.metadata.input_width, self.metadata.input_height)


def read_model(path: Path, log: Path | None) -> ModelFacts:
    """Reads a .safetensors or .onnx file and, where there is one, log.csv."""
    metadata = read_onnx_metadata(path) if path.suffix == '.onnx' else load_model(path)[0]
    rows = read_log(log) if log else []
    return ModelFacts(path, metadata, [row for row in rows if row.keys() >= set(LOGGED)])


def read_result(path: Path, model: ModelFacts) -> dict[str, Any]:
    """A result of `evaluate --json` with this model, with `images` as ImageResults."""
    images = read_results(path).images
    result = read_json(path) if path.suffix == '.json' else {}
    if 'model_name' not in result:
        raise UserError(f"'{path}' is not of a model: give a file of evaluate --model ... --json")
    if result['model_name'] != model.metadata.name:
        raise UserError(
            f"'{path}' is of the model '{result['model_name']}', the card of "
            f"'{model.metadata.name}'"
        )
    return {**result, 'file': path.name, 'images': images}


def caveats(model: ModelFacts, results: list[dict[str, Any]]) -> list[str]:
    """How to read the figures honestly, as far as the facts tell."""
    found = [*_of_training(model), *(c for result in results for c in _of_result(result, model))]
    if results:
        found.append(
            'Intervals are about other scenes of the same kind. They say nothing about other '
            'cameras or other kinds of places.'
        )
    else:
        found.append('Nothing but the validation of the training run was measured.')
    return found


def _of_training(model: ModelFacts) -> list[str]:
    found, validation = [], model.validation
    by = model.recipe.get('best_by')
    if validation and by:
        found.append(
            f'The checkpoint was chosen by its {by} on {validation["count"]} validation images: '
            'figures on these are a little flattered.'
        )
    if validation.get('epoch') and validation['epoch'] == model.recipe.get('epochs'):
        found.append(
            f'Epoch {validation["epoch"]} of {validation["epoch"]} was the best: it was still '
            'getting better when the schedule ended.'
        )
    if model.metadata.is_int8:
        found.append('This is an int8 copy; training and its validation were in float.')
    return found


def _of_result(result: dict[str, Any], model: ModelFacts) -> list[str]:
    found, label = [], f'`{result["file"]}`'
    if result['split'] in LEARNED_FROM:
        found.append(f'{label} is of the split {result["split"]}: the network learned from it.')
    if result['scenes'] == 1:
        found.append(
            f'{label} is one scene as far as the frames say, so there is no interval for it.'
        )
    elif result['scenes'] < FEW_SCENES or result['count'] < FEW_IMAGES:
        found.append(
            f'{label} is {result["count"]} images of {result["scenes"]} scenes, which are few: '
            'its interval is too narrow, if anything.'
        )
    if result['invalid_predictions']:
        found.append(f'{label}: {result["invalid_predictions"]} pixels got no depth at all.')
    weak = [b for b in result['bands'] if b['images'] and b['metric']['delta1'] < BAD_DELTA1]
    found += [
        f'{label}: from {band["from"]:g} to {band["to"]:g} m only '
        f'{100 * band["metric"]["delta1"]:.0f} % of the pixels are within 25 % of the truth.'
        for band in weak
    ]
    return [*found, *_against_constant(result, label), *_other_precision(result, label, model)]


def _against_constant(result: dict[str, Any], label: str) -> list[str]:
    constant = result['constant'] or {}
    lost = [m for m in (*DELTAS, 'absrel', 'rmse') if constant and not _beats(result, constant, m)]
    if not lost:
        return []
    return [f'{label}: no better than {constant["depth"]} m everywhere by {", ".join(lost)}.']


def _beats(result: dict[str, Any], constant: dict[str, Any], metric: str) -> bool:
    ours, its = result['metric'][metric], constant['metric'][metric]
    return bool(ours > its if metric in DELTAS else ours < its)


def _other_precision(result: dict[str, Any], label: str, model: ModelFacts) -> list[str]:
    then = model.validation.get('precision')
    if then in (None, result['precision']):
        return []
    return [
        f'{label} was measured in {result["precision"]}; the validation in training in {then}.'
    ]
