"""How the cost grows with the network's input, with threads and with the camera's image.

Weights do not change the time: the networks of other input sizes are exported from the model's
own into a temporary folder.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastdepth_ros.benchmark.race import race, ratio, times
from fastdepth_ros.benchmark.worker import Worker
from fastdepth_ros.benchmark.workload import CAMERA, MODEL, Workload
from fastdepth_ros.errors import UserError
from fastdepth_ros.network.cost import macs
from fastdepth_ros.network.metadata import ModelMetadata

Size = tuple[int, int]

INPUTS: tuple[Size, ...] = ((160, 128), (256, 192), (320, 256), (448, 352), (640, 480))
CAMERAS: tuple[Size, ...] = ((320, 240), (640, 480), (1280, 720), (1920, 1080), (3840, 2160))


def measure_growth(model: str, threads: Sequence[int], rounds: int) -> dict[str, Any]:
    """JSON-ready figures of `model`, 'default' or a .safetensors file, on OpenVINO in float.

    `inputs`: a row for each of INPUTS and `threads`, `ratio` to the first row; `cameras`: a row
    for each of CAMERAS, from the image to metres on one thread, `ratio` to the network alone.
    Needs PyTorch and what `export` needs. UserError where one of them does not run.
    """
    from fastdepth_ros.benchmark.resized import export_at_sizes

    with tempfile.TemporaryDirectory(prefix='fastdepth_benchmark_') as folder:
        metadata, files = export_at_sizes(model, INPUTS, Path(folder))
        own = metadata.input_width, metadata.input_height
        if own not in files:
            files |= export_at_sizes(model, [own], Path(folder))[1]
        inputs = [
            Workload(MODEL, count, str(files[size]), 'openvino', 'auto')
            for count in threads
            for size in INPUTS
        ]
        cameras = [
            Workload(CAMERA, 1, str(files[own]), 'openvino', 'auto', size) for size in CAMERAS
        ]
        alone = Workload(MODEL, 1, str(files[own]), 'openvino', 'auto')
        grown = _timed(inputs, rounds)
        seen = _timed([alone, *cameras], rounds)
    return {
        'model': model,
        'input': list(own),
        'precision': grown[0].said['precision'],
        'rounds': rounds,
        'inputs': [_input_row(w, grown[0], metadata, files) for w in grown],
        'cameras': [_camera_row(w, seen[0]) for w in seen[1:]],
    }


def _timed(workloads: Sequence[Workload], rounds: int) -> list[Worker]:
    """All of them: ratios are to the first, and a curve with a gap tells no growth."""
    workers, refused = race(workloads, rounds)
    if refused:
        reasons = '; '.join(dict.fromkeys(refused.values()))  # mostly one for all of them
        raise UserError(
            f'{len(workloads) - len(workers)} of {len(workloads)} networks do not run on openvino '
            f'here: {reasons}'
        )
    return workers


def _input_row(
    worker: Worker, first: Worker, metadata: ModelMetadata, files: dict[Size, Path]
) -> dict[str, Any]:
    [size] = [size for size, path in files.items() if str(path) == worker.workload.model]
    return {
        'input': list(size),
        'threads': worker.said['threads'],
        'macs': macs(metadata.network, *size),
        **times(worker),
        'ratio': ratio(worker, first),
    }


def _camera_row(worker: Worker, alone: Worker) -> dict[str, Any]:
    return {'camera': list(worker.workload.camera), **times(worker), 'ratio': ratio(worker, alone)}


def growth_table(result: dict[str, Any]) -> str:
    """The figures as lines of text."""
    lines = [f'{result["model"]} on openvino {result["precision"]}, {result["rounds"]} turns', '']
    lines.append(f'{"network input":<16}{"threads":>8}{"GMAC":>8}{"median ms":>11}{"/ first":>9}')
    lines += [
        f'{_size(r["input"]):<16}{r["threads"]:>8}{r["macs"] / 1e9:>8.3f}'
        f'{r["median_ms"]:>11.2f}{r["ratio"]:>9.2f}'
        for r in result['inputs']
    ]
    width, height = result['input']
    lines += ['', f'{"camera image":<24}{"median ms":>11}{"/ network at":>14} {width} x {height}']
    lines += [
        f'{_size(r["camera"]):<24}{r["median_ms"]:>11.2f}{r["ratio"]:>14.2f}'
        for r in result['cameras']
    ]
    return '\n'.join(lines)


def _size(size: Sequence[int]) -> str:
    return f'{size[0]} x {size[1]}'


def growth_plot(result: dict[str, Any]) -> bytes:
    """A PNG file: milliseconds over the network's multiply-adds, and over the camera's pixels."""
    from matplotlib.figure import Figure

    figure = Figure((8, 3.2), layout='constrained')
    left, right = figure.subplots(1, 2)
    for threads in sorted({row['threads'] for row in result['inputs']}):
        rows = [row for row in result['inputs'] if row['threads'] == threads]
        label = f'{threads} thread' + 's' * (threads > 1)
        left.plot(
            [r['macs'] / 1e9 for r in rows], [r['median_ms'] for r in rows], 'o-', label=label
        )
    for row in result['inputs'][: len(INPUTS)]:
        point = row['macs'] / 1e9, row['median_ms']
        left.annotate(_size(row['input']), point, (5, -9), textcoords='offset points', fontsize=7)
    left.set(xlabel='multiply-adds of the network, G', ylabel='ms', xlim=(0, None), ylim=(0, None))
    left.legend()
    right.plot(
        [r['camera'][0] * r['camera'][1] / 1e6 for r in result['cameras']],
        [r['median_ms'] for r in result['cameras']],
        'o-',
    )
    right.set(xlabel='camera image, megapixels', ylabel='ms', ylim=(0, None))
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=100)
    return buffer.getvalue()
