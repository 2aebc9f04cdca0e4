"""A model card as Markdown, and its plots."""

from __future__ import annotations

from typing import Any

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined

from fastdepth_ros import __version__
from fastdepth_ros.offline.cards.curves import plot_training
from fastdepth_ros.offline.cards.facts import ModelFacts, caveats
from fastdepth_ros.offline.evaluation.plots import plot_bands, plot_images


def render(model: ModelFacts, results: list[dict[str, Any]], notes: str, plots: list[str]) -> str:
    """The card; `plots` are addresses of image files, as seen from it."""
    environment = Environment(
        loader=PackageLoader('fastdepth_ros.offline.cards'),
        autoescape=False,  # Markdown
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template('card.md.j2').render(
        model=model,
        metadata=model.metadata,
        training=model.metadata.training,
        recipe=yaml.safe_dump(model.recipe, sort_keys=False) if model.recipe else '',
        results=results,
        caveats=caveats(model, results),
        notes=notes,
        plots=plots,
        version=__version__,
        cell=cell,
    )


def cell(result: dict[str, Any], kind: str, metric: str) -> str:
    """A figure and its interval; `result` may be a band."""
    if not result[kind] or metric not in result[kind]:
        return ''
    text = f'{result[kind][metric]:.3f}'
    if not result.get('intervals'):
        return text
    low, high = result['intervals'][kind][metric]
    return f'{text} ({low:.3f} to {high:.3f})'


def card_plots(model: ModelFacts, results: list[dict[str, Any]]) -> dict[str, bytes]:
    """SVG files by name: the training, and for each result distances and images."""
    found = {'training.svg': plot_training(model.log)} if model.log else {}
    for number, result in enumerate(results, start=1):
        if result['bands']:
            found[f'distances{number}.svg'] = plot_bands(result['bands'])
        found[f'images{number}.svg'] = plot_images(result['images'])
    return found
