"""A report as one HTML file with everything in it, to be read without a server."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from fastdepth_ros import __version__
from fastdepth_ros.files import write_atomically
from fastdepth_ros.offline.evaluation import plots
from fastdepth_ros.offline.evaluation.comparison import Comparison, verdict
from fastdepth_ros.offline.evaluation.evaluation import Evaluation
from fastdepth_ros.offline.evaluation.metrics import DELTAS, METRICS, mean_metrics
from fastdepth_ros.offline.evaluation.pictures import WORST_ERROR, choose, draw
from fastdepth_ros.offline.evaluation.results import KINDS, ImageResult
from fastdepth_ros.offline.evaluation.split_frames import SplitFrames
from fastdepth_ros.offline.evaluation.table import about_intervals, heading, scenes

FILE = 'index.html'
WORST_SCENES = 10
UNITS = {'rmse': 'm', 'mae': 'm', 'sqrel': 'm', 'irmse': '1/m'}


def write_report(
    folder: Path, result: dict[str, Any], evaluation: Evaluation, frames: SplitFrames
) -> None:
    """Writes FOLDER/index.html of a finished evaluation; the pictures' frames are read again."""
    rows = by_scene(evaluation.images)
    source, protocol = evaluation.source, evaluation.protocol
    pictures = {
        title: [draw(image, frames.read(image.name), source, protocol) for image in group]
        for title, group in choose(evaluation.images).items()
    }
    drawn = {
        'bands': plots.plot_bands(result['bands']),
        'images': plots.plot_images(evaluation.images),
        'distances': plots.plot_distances(evaluation.distances),
        'scenes': plots.plot_scenes(rows),
    }
    if result['risk']:
        drawn['risk'] = plots.plot_risk(result['risk'])
    page = _environment().get_template('report.html.j2')
    html = page.render(
        result=result,
        heading=heading(result),
        about_intervals=about_intervals(result),
        plots=drawn,
        pictures=pictures,
        worst_error=WORST_ERROR,
        scenes=rows[::-1][:WORST_SCENES],
    )
    write_atomically(folder / FILE, html.encode())


def by_scene(images: list[ImageResult]) -> list[dict[str, Any]]:
    """Means over the images of each scene, best metric AbsRel first."""
    groups: dict[str, list[ImageResult]] = {}
    for image in images:
        groups.setdefault(image.scene, []).append(image)
    rows: list[dict[str, Any]] = [
        {
            'scene': scene,
            'images': len(group),
            **{k: mean_metrics([getattr(i.score, k) for i in group]) for k in KINDS},
        }
        for scene, group in groups.items()
    ]
    return sorted(rows, key=lambda row: row['metric']['absrel'])


def write_comparison(folder: Path, comparison: Comparison) -> None:
    """Writes FOLDER/index.html of A against B."""
    page = _environment().get_template('comparison.html.j2')
    html = page.render(
        result=comparison.result,
        scenes_text=scenes(comparison.result['scenes']),
        verdict=verdict,
        plots={
            'differences': plots.plot_differences(comparison.result),
            'pairs': plots.plot_pairs(comparison),
        },
        changes=largest_changes(comparison),
    )
    write_atomically(folder / FILE, html.encode())


def largest_changes(comparison: Comparison, each: int = 5) -> list[dict[str, Any]]:
    """The images whose metric AbsRel B improves and worsens most."""
    column = METRICS.index('absrel')
    a, b = comparison.a[:, column], comparison.b[:, column]
    order = np.argsort(b - a)
    chosen = order if len(order) <= 2 * each else np.r_[order[:each], order[-each:]]
    return [
        {'frame': comparison.frames[i], 'a': float(a[i]), 'b': float(b[i])}
        for i in map(int, chosen)
    ]


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader('fastdepth_ros.offline.evaluation'),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters['data_uri'] = data_uri
    environment.globals |= {'METRICS': METRICS, 'KINDS': KINDS, 'DELTAS': DELTAS, 'UNITS': UNITS}
    environment.globals['version'] = __version__
    return environment


def data_uri(data: bytes, kind: str) -> str:
    """The file itself as an address: kind is image/png and so on."""
    return f'data:{kind};base64,{base64.b64encode(data).decode()}'
