"""Every JSON and CSV file that is read: meta.json, results, manifests, a run's log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from fuzz.taken import numbered, written

from fastdepth_ros.geometry.rgbd_meta import RgbdMeta, read_meta
from fastdepth_ros.offline.evaluation.metrics import METRICS
from fastdepth_ros.offline.evaluation.results import read_results
from fastdepth_ros.offline.record.manifest import Manifest
from fastdepth_ros.offline.training.logs import read_log
from fastdepth_ros.offline.training.run_folder import RunFolder

CAMERA = {'fx': 70.0, 'fy': 71.0, 'cx': 40.0, 'cy': 30.0, 'width': 80, 'height': 60}
FIGURES = dict.fromkeys(METRICS, 0.5)
IMAGE = {'name': 'a', 'scene': 'b', 'pixels': 9, 'invalid': 0, 'metric': FIGURES} | {
    'scaled': FIGURES
}
SEEDS = (
    json.dumps({'intrinsics': CAMERA, 'depth_scale': 1000, 'scenes': 2}),
    json.dumps({'protocol': 'full', 'images': [IMAGE, IMAGE]}),
    'name,scene,protocol,pixels,invalid,metric_rmse\na,b,full,9,0,0.5\n',
    json.dumps({'scenes': {'a': {'origin': {'bag': 1}, 'result': {}}}}),
    json.dumps({'epoch': 1, 'metric': FIGURES}),
    'epoch,loss,metric_absrel,metric_delta1,scaled_absrel,scaled_delta1\n1,1,1,1,1,1\n',
    json.dumps({'intrinsics': {**CAMERA, 'width': float('inf')}}),
    json.dumps({'intrinsics_by_frame': {'a': CAMERA}, 'depth_scale': 10**400}),
    '[' * 100_000,
    '{"a":' * 2000,
    '"\\ud800"',
)


def seeds() -> Iterator[bytes]:
    return numbered(SEEDS)


def harness(data: bytes) -> None:
    """Right: what the reader of that file makes of it."""
    name, read = READERS[data[0] % len(READERS) if data else 0]
    with written(data[1:], name) as path:
        read(path)


def _meta(path: Path) -> None:
    meta = read_meta(path.parent)
    assert isinstance(meta, RgbdMeta)
    assert meta.depth_scale >= 1


READERS = (
    ('meta.json', _meta),
    ('results.json', read_results),
    ('results.csv', read_results),
    ('record.json', lambda path: Manifest(path.parent, append=True).begin('a', {'bag': 1})),
    ('result.json', lambda path: RunFolder(path.parent).result),
    ('log.csv', read_log),
)
