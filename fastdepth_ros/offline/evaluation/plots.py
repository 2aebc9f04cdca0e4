"""The plots of a report, as SVG files."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fastdepth_ros.offline.evaluation.comparison import COLUMNS, Comparison
from fastdepth_ros.offline.evaluation.distances import CELLS, DistanceHistogram
from fastdepth_ros.offline.evaluation.metrics import METRICS
from fastdepth_ros.offline.evaluation.protocols import MAX_DEPTH
from fastdepth_ros.offline.evaluation.results import KINDS, ImageResult
from fastdepth_ros.offline.evaluation.risk import RISKS

COLOURS = {'metric': '#2c7fb8', 'scaled': '#41ab5d'}
GREY = '#888888'
NAMES = {'absrel': 'AbsRel', 'delta1': 'delta 1', 'rmse': 'RMSE, m'}
STYLE: Any = {
    'svg.hashsalt': 'fastdepth_ros',  # the same plot is the same file
    'font.size': 9,
    'axes.spines.top': False,
    'axes.spines.right': False,
}
ENOUGH = 0.002  # of all pixels: distances with fewer are not drawn


def to_svg(figure: Figure) -> bytes:
    """The same figure is the same file."""
    file = io.BytesIO()
    with mpl.rc_context(STYLE):
        figure.savefig(file, format='svg', metadata={'Date': None})
    return file.getvalue()


def new_axes(count: int, width: float, height: float) -> tuple[Figure, Sequence[Axes]]:
    """`count` axes side by side; inches."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout='constrained')
        return figure, figure.subplots(1, count, squeeze=False)[0]


def plot_bands(bands: list[dict[str, Any]]) -> bytes:
    """delta 1, AbsRel and RMSE by band of true distance, with their intervals."""
    figure, axes = new_axes(3, 11.8, 2.7)
    filled = [band for band in bands if band['images']]
    for ax, metric in zip(axes, ('delta1', 'absrel', 'rmse'), strict=True):
        for shift, kind in zip((-0.2, 0.2), KINDS, strict=True):
            values = np.array([band[kind][metric] for band in filled])
            places = np.arange(len(filled)) + shift
            ax.bar(places, values, 0.36, color=COLOURS[kind], label=kind)
            for x, band in zip(places, filled, strict=True):
                if band['intervals']:
                    ax.plot([x, x], band['intervals'][kind][metric], color='black', lw=1)
        ax.set_title(NAMES[metric])
        ax.set_xticks(range(len(filled)), [f'{b["from"]:g}-{b["to"]:g} m' for b in filled])
        ax.set_ylim(0, 1 if metric == 'delta1' else None)
    axes[0].legend(frameon=False)
    return to_svg(figure)


def plot_images(images: list[ImageResult]) -> bytes:
    """How many images have which AbsRel and which delta 1."""
    figure, axes = new_axes(2, 11.8, 2.7)
    for ax, metric in zip(axes, ('absrel', 'delta1'), strict=True):
        values = {k: np.array([getattr(i.score, k)[metric] for i in images]) for k in KINDS}
        top = 1 if metric == 'delta1' else float(np.quantile(values['metric'], 0.99)) * 1.1
        for kind in KINDS:
            found = np.minimum(values[kind], top)  # the last bar holds what is beyond
            ax.hist(
                found, list(np.linspace(0, top, 31)), histtype='step', color=COLOURS[kind], lw=1.5
            )
            label = f'{kind}, median {np.median(values[kind]):.3f}'
            ax.axvline(float(np.median(found)), color=COLOURS[kind], lw=1, ls=':')
            ax.plot([], [], color=COLOURS[kind], label=label)
        ax.set_xlabel(f'{NAMES[metric]} of an image')
        ax.set_ylabel('images')
        ax.legend(frameon=False)
    return to_svg(figure)


def plot_distances(histogram: DistanceHistogram) -> bytes:
    """Predicted against true distance: density, median and middle 80 %, up to what occurs."""
    figure, (ax,) = new_axes(1, 5.8, 4.6)
    density = histogram.density / max(histogram.density.sum(), 1)
    occurs = density.sum(1) > ENOUGH
    far = MAX_DEPTH * (np.nonzero(occurs)[0].max(initial=0) + 1) / CELLS
    shade = np.log10(np.where(density > 0, density, np.nan))
    box = (0, MAX_DEPTH, 0, MAX_DEPTH)
    ax.imshow(
        shade.T, origin='lower', extent=box, cmap='Blues', vmin=-6, vmax=-2.2, rasterized=True
    )
    low, median, high = np.where(occurs, histogram.quantiles((0.1, 0.5, 0.9)), np.nan)
    truth = (np.arange(CELLS) + 0.5) * MAX_DEPTH / CELLS
    ax.plot([0, far], [0, far], color=GREY, lw=1, ls='--', label='exact')
    ax.plot(truth, median, color='#d95f0e', label='median')
    ax.plot(truth, low, color='#d95f0e', lw=0.8, ls=':', label='10 % and 90 %')
    ax.plot(truth, high, color='#d95f0e', lw=0.8, ls=':')
    ax.set(xlim=(0, far), ylim=(0, far), xlabel='true distance, m', ylabel='predicted, m')
    ax.legend(frameon=False, loc='upper left')
    return to_svg(figure)


def plot_scenes(scenes: list[dict[str, Any]]) -> bytes:
    """AbsRel of every scene, best first; the area of a dot is its number of images."""
    figure, (ax,) = new_axes(1, 5.8, 4.6)
    for kind in KINDS:
        values = [scene[kind]['absrel'] for scene in scenes]
        sizes = [8 * scene['images'] for scene in scenes]
        colour = COLOURS[kind]
        ax.scatter(range(1, len(scenes) + 1), values, sizes, colour, alpha=0.6, linewidths=0)
        ax.plot([], [], 'o', color=colour, alpha=0.6, ms=5, label=kind)
    ax.set(xlabel='scene, in the order of metric AbsRel', ylabel='AbsRel', ylim=(0, None))
    ax.legend(frameon=False, loc='upper left')
    return to_svg(figure)


def plot_risk(risk: dict[str, Any]) -> bytes:
    """AbsRel and delta 1 of what is kept, down to half of the pixels; the oracle's dotted."""
    figure, axes = new_axes(2, 11.8, 2.9)
    left_out = 100 * (1 - np.array(risk['coverage']))
    shown = left_out <= 50
    for ax, metric in zip(axes, RISKS, strict=True):
        for kind in KINDS:
            curve, colour = risk[kind][metric], COLOURS[kind]
            label = f'{kind}, AUSE {curve["ause"]:.3f}'
            ax.plot(left_out[shown], np.array(curve['model'])[shown], color=colour, label=label)
            ax.plot(left_out[shown], np.array(curve['oracle'])[shown], color=colour, lw=1, ls=':')
            ax.axhline(curve['random'], color=GREY, lw=0.8, ls='--')
        ax.set(xlabel='pixels left out, %', ylabel=f'{NAMES[metric]} of the rest', xlim=(0, 50))
        ax.legend(frameon=False)
    return to_svg(figure)


def plot_differences(result: dict[str, Any]) -> bytes:
    """B - A in percent of A, with intervals, for every figure."""
    figure, axes = new_axes(2, 11.8, 3.2)
    for ax, kind in zip(axes, KINDS, strict=True):
        for y, metric in enumerate(METRICS):
            found = result[kind][metric]
            unit = abs(found['a']) / 100 or 1
            ax.plot(found['difference'] / unit, y, 'o', color=COLOURS[kind], ms=4)
            if found['interval']:
                ax.plot([v / unit for v in found['interval']], [y, y], color=COLOURS[kind])
        ax.axvline(0, color=GREY, lw=1)
        ax.set_yticks(range(len(METRICS)), METRICS)
        ax.invert_yaxis()
        ax.set(title=kind, xlabel='B - A, % of A')
    return to_svg(figure)


def plot_pairs(comparison: Comparison) -> bytes:
    """AbsRel and delta 1 of every image by A and by B."""
    figure, axes = new_axes(2, 11.8, 4.4)
    for ax, metric in zip(axes, ('absrel', 'delta1'), strict=True):
        column = COLUMNS.index(('metric', metric))
        a, b = comparison.a[:, column], comparison.b[:, column]
        top = 1.0 if metric == 'delta1' else 1.05 * float(np.maximum(a, b).max())
        ax.plot([0, top], [0, top], color=GREY, lw=1)
        ax.scatter(a, b, 8, COLOURS['metric'], alpha=0.5, linewidths=0)
        ax.set(xlim=(0, top), ylim=(0, top), aspect='equal')
        ax.set(xlabel=f'{NAMES[metric]} by A', ylabel='by B')
    return to_svg(figure)
