"""Two evaluations of the same frames, image by image."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.evaluation.bootstrap import mean_intervals
from fastdepth_ros.offline.evaluation.metrics import DELTAS, METRICS
from fastdepth_ros.offline.evaluation.results import KINDS, ImageResult, Results, rounded
from fastdepth_ros.offline.evaluation.table import scenes

COLUMNS = [(kind, metric) for kind in KINDS for metric in METRICS]


@dataclass(frozen=True)
class Comparison:
    """Paired figures: (n, len(COLUMNS)) of A and of B, their frames, and the result for JSON."""

    frames: list[ImageResult]  # A's
    a: np.ndarray
    b: np.ndarray
    result: dict[str, Any]


def compare(first: Results, second: Results, seed: int = 0) -> Comparison:
    """B - A over the frames that both have; a UserError where the two do not compare.

    Pairing takes out what makes some images hard for both, so that small differences show.
    """
    if first.protocol != second.protocol:
        raise UserError(
            f"'{first.label}' is of protocol {first.protocol}, '{second.label}' of "
            f'{second.protocol}: they do not compare'
        )
    by_name = [{image.name: image for image in r.images} for r in (first, second)]
    names = [name for name in by_name[0] if name in by_name[1]]
    if not names:
        raise UserError(f"'{first.label}' and '{second.label}' have no frame in common")
    frames = [by_name[0][name] for name in names]
    for frame in frames:
        pixels, others = frame.score.pixels, by_name[1][frame.name].score.pixels
        if pixels != others:
            raise UserError(
                f"'{frame.name}' has {pixels} pixels in '{first.label}' and {others} in "
                f"'{second.label}': they do not compare; evaluate both with the same --depth, and "
                'without --max-error'
            )
    a, b = _values(frames), _values([by_name[1][name] for name in names])
    groups = [frame.scene for frame in frames]
    found = mean_intervals(b - a, groups, seed)
    result: dict[str, Any] = {
        'a': first.label,
        'b': second.label,
        'protocol': first.protocol,
        'count': len(names),
        'scenes': len(set(groups)),
        'only_in_a': len(by_name[0]) - len(names),
        'only_in_b': len(by_name[1]) - len(names),
        **{kind: {} for kind in KINDS},
    }
    for i, (kind, metric) in enumerate(COLUMNS):
        result[kind][metric] = _difference(a[:, i], b[:, i], metric, found[i] if found else None)
    return Comparison(frames, a, b, result)


def _values(images: list[ImageResult]) -> np.ndarray:
    # A file's figures and fresh ones of the same depth must be equal: all are rounded.
    return np.array([[rounded(getattr(i.score, kind)[m]) for kind, m in COLUMNS] for i in images])


def _difference(
    a: np.ndarray, b: np.ndarray, metric: str, interval: tuple[float, float] | None
) -> dict[str, Any]:
    better = b > a if metric in DELTAS else b < a
    return {
        'a': float(a.mean()),
        'b': float(b.mean()),
        'difference': float((b - a).mean()),
        'interval': interval and list(interval),
        'b_better': float(better.mean()),  # share of the images
    }


def verdict(metric: str, figures: dict[str, Any]) -> str:
    """'better', 'worse' or '': what the interval says of B."""
    if figures['interval'] is None or figures['interval'][0] <= 0 <= figures['interval'][1]:
        return ''
    return 'better' if (figures['difference'] > 0) == (metric in DELTAS) else 'worse'


def comparison_table(result: dict[str, Any]) -> str:
    """The differences for people."""
    lines = [
        f'B - A over {result["count"]} images of {scenes(result["scenes"])}, protocol '
        f'{result["protocol"]}; {result["only_in_a"]} images are only in A, '
        f'{result["only_in_b"]} only in B',
        f'A: {result["a"]}',
        f'B: {result["b"]}',
    ]
    for kind in KINDS:
        lines += [
            '',
            f'{kind:<8}{"A":>9}{"B":>9}{"B - A":>10}  {"95 % over scenes":<20}B better on',
        ]
        lines += [_row(metric, result[kind][metric]) for metric in METRICS]
    if result['scenes'] < 2:
        lines.append('no intervals: all images are of one scene as far as the frames say')
    return '\n'.join(lines)


def _row(metric: str, figures: dict[str, Any]) -> str:
    interval = '-'
    if figures['interval']:
        interval = '{:+.4f} to {:+.4f}'.format(*figures['interval'])
    return (
        f'{metric:<8}{figures["a"]:9.3f}{figures["b"]:9.3f}{figures["difference"]:+10.4f}  '
        f'{interval:<20}{figures["b_better"]:4.0%} of images  {verdict(metric, figures)}'
    ).rstrip()


def differences_csv(comparison: Comparison) -> bytes:
    """A line an image: name, scene, and B - A of every figure."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator='\n')
    writer.writerow(['name', 'scene', *(f'{kind}_{metric}' for kind, metric in COLUMNS)])
    for frame, values in zip(comparison.frames, comparison.b - comparison.a, strict=True):
        writer.writerow([frame.name, frame.scene, *(f'{value:.6g}' for value in values)])
    return text.getvalue().encode()
