"""The figures of an evaluation as text for people."""

from __future__ import annotations

from typing import Any

from fastdepth_ros.offline.evaluation.metrics import METRICS
from fastdepth_ros.offline.evaluation.results import KINDS
from fastdepth_ros.offline.evaluation.risk import risk_table

SHOWN_BY_BAND = ('rmse', 'absrel', 'delta1')


def table(result: dict[str, Any]) -> str:
    """A line for each kind of figures: what training prints every epoch."""
    lines = [heading(result), ' ' * 8 + ''.join(f'{name:>9}' for name in METRICS)]
    lines += [_row(kind, result[kind]) for kind in KINDS]
    if 'expected_error' in result:
        figures = result['expected_error'].items()
        lines.append('expected error: ' + ', '.join(f'{k} {v:.4f}' for k, v in figures))
    constant = result['constant']
    if constant:
        lines.append(f'for comparison, {constant["depth"]} m everywhere, without looking:')
        lines += [_row(kind, constant[kind]) for kind in KINDS]
    return '\n'.join(lines)


def _row(name: str, figures: dict[str, float]) -> str:
    return f'{name:<8}' + ''.join(f'{figures[metric]:9.3f}' for metric in METRICS)


def heading(result: dict[str, Any]) -> str:
    """What was scored, and what was left out."""
    what = f'{result["engine"]} {result["precision"]}'
    if result['engine'] is None:
        what = f"predictions '{result['predictions']}'"
    options = ', flips averaged' if result.get('flip') else ''
    if result.get('degraded'):
        options += f', pictures degraded by {result["degraded"]}'
    if result.get('aspect'):
        options += f', the middle {result["aspect"]} of each'
    if result['max_error']:
        options += (
            f', max_error {result["max_error"]:g} keeps {result["coverage"]:.1%} of the pixels'
        )
    return (
        f'{result["count"]} images of {scenes(result["scenes"])}, protocol {result["protocol"]}, '
        f'split {result["split"]}, depth {result["depth"]}, {what}{options}; '
        f'{result["invalid_predictions"]} pixels without a prediction, '
        f'{result["without_depth"]} images without depth, {result["skipped"]} damaged'
    )


def scenes(count: int) -> str:
    """'1 scene', '2 scenes'."""
    return f'{count} scene{"" if count == 1 else "s"}'


def full_table(result: dict[str, Any]) -> str:
    """A line a metric, with intervals and the constant; then a line a band."""
    constant = result['constant']
    lines = [heading(result), '']
    lines.append(f'{"":<8}' + ''.join(f'{kind:>10} {"95 %":<16}' for kind in KINDS))
    if constant:
        lines[-1] += f'  {constant["depth"]} m everywhere, scaled'
    for name in METRICS:
        cells = [f'{result[kind][name]:10.3f} {_interval(result, kind, name)}' for kind in KINDS]
        if constant:
            cells += [f'{constant[kind][name]:11.3f}' for kind in KINDS]
        lines.append(f'{name:<8}' + ''.join(cells))
    risk = risk_table(result['risk']) if result['risk'] else []
    return '\n'.join([*lines, about_intervals(result), *_bands(result), *risk])


def _interval(result: dict[str, Any], kind: str, name: str) -> str:
    if not result['intervals']:
        return f'{"-":<16}'
    low, high = result['intervals'][kind][name]
    return f'{f"{low:.3f} to {high:.3f}":<16}'


def about_intervals(result: dict[str, Any]) -> str:
    """What the intervals are, or why there are none."""
    if result['intervals']:
        return (
            f'95 %: bootstrap over {result["scenes"]} scenes (not over images: frames of one '
            'scene are alike)'
        )
    return (
        '95 %: none, for all images are of one scene as far as the frames say (attribute scene); '
        'an interval over images would be too narrow'
    )


def _bands(result: dict[str, Any]) -> list[str]:
    if not result['bands']:
        return []
    names = ''.join(f'{name:>9}' for name in SHOWN_BY_BAND)
    lines = [
        '',
        f'{"":<24}' + ''.join(f'{kind:>9}{"":18}' for kind in KINDS).rstrip(),
        f'{"true m":<8}{"images":>8}{"pixels":>8}{names}{names}',
    ]
    for band in result['bands']:
        figures = (
            [band[kind][m] for kind in KINDS for m in SHOWN_BY_BAND] if band['images'] else []
        )
        name = f'{band["from"]:g}-{band["to"]:g}'
        lines.append(
            f'{name:<8}{band["images"]:>8}{band["pixels"]:>8.1%}'
            + ''.join(f'{value:9.3f}' for value in figures)
        )
    return lines
