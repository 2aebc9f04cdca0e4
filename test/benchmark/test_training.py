from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('torchvision')
pytest.importorskip('h5py')

from fastdepth_ros.benchmark import training  # noqa: E402
from fastdepth_ros.benchmark.training import (  # noqa: E402
    WAYS,
    TrainingBench,
    measure_training,
    training_table,
)
from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.offline.data import cache  # noqa: E402
from fastdepth_ros.offline.data.frames import frame_scene  # noqa: E402
from fastdepth_ros.offline.training import loading  # noqa: E402
from fastdepth_ros.offline.training.run_config import RunConfig  # noqa: E402

CONFIG = RunConfig(input_width=64, input_height=64, batch_size=3, workers=0, threads=1)


def test_every_way_is_timed_and_the_cache_is_gone_afterwards(
    data_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, 'tempdir', str(tmp_path))
    result = json.loads(json.dumps(measure_training(data_root, CONFIG, steps=2, rounds=1)))
    assert not list(tmp_path.glob('fastdepth_cache_*'))
    assert [(row['what'], row['cache']) for row in result['rows']] == [
        ('network', False),
        ('loader', False),
        ('training', False),
        ('loader', True),
        ('training', True),
    ]
    for row in result['rows']:
        assert row['images_per_s'] * row['step_s'] == pytest.approx(3)
        assert 0 <= row['loader_share'] <= 1
    assert result['rows'][0]['ratio_to_network'] == 1
    assert result['cache']['bytes_a_frame'] == pytest.approx(250 * 333 * 7, rel=0.01)
    assert (result['frames'], result['workers'], result['threads']) == (6, 0, 1)
    lines = training_table(result).splitlines()
    assert len(lines) == 2 + len(WAYS) + 1
    assert lines[-2].startswith('training, cache ')


def test_cached_ways_read_no_source_and_only_learning_steps_the_network(
    data_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = TrainingBench(data_root, CONFIG, 1, tmp_path / 'cache')
    bench.fill_cache()
    reads, steps = [], []
    real_read, real_step = loading.read_frame, bench._trainer.step
    for module in (loading, cache):
        monkeypatch.setattr(module, 'read_frame', lambda p: reads.append(p) or real_read(p))
    monkeypatch.setattr(bench._trainer, 'step', lambda b: steps.append(b) or real_step(b))
    for way in WAYS:
        reads.clear()
        steps.clear()
        assert bench.burst(way).images == 3
        assert bool(reads) == (way.loads and not way.cached), way
        assert bool(steps) == way.learns, way


def test_frames_are_taken_from_all_over_the_data(data_root: Path, tmp_path: Path) -> None:
    config = RunConfig(**{**vars(CONFIG), 'batch_size': 1})
    bench = TrainingBench(data_root, config, 1, tmp_path / 'cache')
    assert [frame_scene(ref) for ref in bench.paths] == ['room0', 'room1']  # of six


def test_mistakes_are_told(data_root: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match='0 steps in 1 rounds'):
        measure_training(data_root, CONFIG, steps=0, rounds=1)
    with pytest.raises(UserError, match='no train frames'):
        measure_training(tmp_path / 'none', CONFIG)
    for path in (data_root / 'train').rglob('*.h5'):
        path.write_bytes(b'')
    with pytest.raises(UserError, match='nothing to time'):
        measure_training(data_root, RunConfig(**{**vars(CONFIG), 'skip_bad': True}))


def test_the_benchmark_trains_the_network_that_was_asked_for(
    data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    real = training.start
    monkeypatch.setattr(training, 'start', lambda c: asked.append(c.network) or real(c))
    config = RunConfig(**{**vars(CONFIG), 'network': 'fastdepth_log', 'transform': 'full'})
    result = measure_training(data_root, config, steps=1, rounds=1)
    assert asked == ['fastdepth_log']
    assert (result['network'], result['transform']) == ('fastdepth_log', 'full')
    # an 80 x 60 frame is not shrunk for 64 x 64: 3 + 4 bytes a pixel
    assert result['cache']['bytes_a_frame'] == pytest.approx(60 * 80 * 7, rel=0.05)
