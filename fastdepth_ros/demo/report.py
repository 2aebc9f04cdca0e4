"""The demo's results as a table for people and as JSON for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from fastdepth_ros.demo.figures import Accuracy


@dataclass(frozen=True)
class Model:
    """What runs in the depth node."""

    model: str
    engine: str
    precision: str
    num_threads: int
    median_depth: float | None  # m, of its training data


@dataclass(frozen=True)
class Run:
    """How the depth node did, from its first depth on."""

    seconds: float
    rate_hz: float  # of depth images
    latency_p50_ms: float  # camera's stamp to depth received
    latency_p95_ms: float
    cpu_share: float | None  # of one core, the depth node's process; None: it had ended
    frames: int  # depth images
    lost: int  # camera images without one


def to_json(camera: str, model: Model, run: Run, accuracy: Accuracy | None) -> dict[str, Any]:
    """Everything, in metres, seconds and shares of one."""
    return {
        'camera': camera,
        **asdict(model),
        **asdict(run),
        'accuracy': accuracy and {'network': accuracy.network, 'constant': accuracy.constant},
    }


def to_table(camera: str, model: Model, run: Run, accuracy: Accuracy | None) -> str:
    """A few lines of at most 80 characters."""
    lines = [
        f'camera     {camera}',
        f'model      {model.model} on {model.engine} {model.precision}, '
        f'{model.num_threads} thread{"s" if model.num_threads > 1 else ""}',
        f'rate       {run.rate_hz:.1f} Hz: {run.frames} depth images, {run.lost} frames lost, '
        f'in {run.seconds:.0f} s',
        f'latency    p50 {run.latency_p50_ms:.1f} ms, p95 {run.latency_p95_ms:.1f} ms '
        '(stamp to depth received)',
        f'CPU        {percent(run.cpu_share)} % of one core (the depth node)',
    ]
    if accuracy is None:
        return '\n'.join([*lines, 'accuracy   not measured: no true depth came'])
    rows = [_row('network', accuracy.network)]
    if accuracy.constant is not None:
        rows.append(_row(f'constant {model.median_depth:.2f} m', accuracy.constant))
    return '\n'.join([*lines, '', *_heading(accuracy.network['count']), *rows])


def percent(share: float | None) -> str:
    """In whole ones, without the sign; '-' for what is not known."""
    return '-' if share is None else f'{100 * share:.0f}'


def _heading(count: object) -> list[str]:
    return [
        f'depth against the truth, {count} frames',
        f'{"":<18}{"metric":^20}{"scaled to the median":^24}',
        f'{"":<18}{"delta 1":>9}{"AbsRel":>9}  {"delta 1":>11}{"AbsRel":>9}',
    ]


def _row(name: str, figures: dict[str, Any]) -> str:
    metric, scaled = figures['metric'], figures['scaled']
    return (
        f'{name:<18}{metric["delta1"]:9.3f}{metric["absrel"]:9.3f}'
        f'  {scaled["delta1"]:11.3f}{scaled["absrel"]:9.3f}'
    )
