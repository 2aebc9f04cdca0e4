from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from data_support import write_mat, write_splits

pytest.importorskip('torch')
pytest.importorskip('h5py')
onnx = pytest.importorskip('onnx')

from fastdepth_ros.__main__ import main  # noqa: E402
from fastdepth_ros.benchmark import worker  # noqa: E402
from fastdepth_ros.benchmark.race import Refused  # noqa: E402
from fastdepth_ros.benchmark.workload import Workload  # noqa: E402
from fastdepth_ros.engines.cpu import Cpu  # noqa: E402
from fastdepth_ros.engines.int8 import is_copy_of, model_files  # noqa: E402
from fastdepth_ros.engines.onnx_metadata import read_onnx_metadata  # noqa: E402
from fastdepth_ros.engines.registry import load_engine, supported_precisions  # noqa: E402
from fastdepth_ros.network.config import NetworkConfig  # noqa: E402
from fastdepth_ros.network.fastdepth import FastDepth  # noqa: E402
from fastdepth_ros.network.metadata import ModelMetadata  # noqa: E402
from fastdepth_ros.offline.data.frames import (  # noqa: E402
    FrameRef,
    frame_scene,
    list_frames,
    read_frame,
)
from fastdepth_ros.offline.export import comparison  # noqa: E402
from fastdepth_ros.offline.export.command import warn_of_loss  # noqa: E402
from fastdepth_ros.offline.export.onnx_graph import to_onnx  # noqa: E402
from fastdepth_ros.offline.export.quantise import calibration_frames, quantise  # noqa: E402

INT8_HERE = 'int8' in supported_precisions('onnxruntime', Cpu.detect())


@pytest.fixture
def exported(untrained_onnx: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(untrained_onnx, tmp_path / 'model.onnx'))


def test_the_copy_says_what_it_is_and_is_a_quarter_of_the_computed_size(
    exported: Path, data_root: Path
) -> None:
    copy = quantise(exported, calibration_frames(data_root, 4))
    assert model_files(exported)['int8'] == copy
    assert is_copy_of(copy, exported)
    metadata = read_onnx_metadata(copy)
    assert metadata.quantisation['frames'] == 4
    assert metadata.metrics == {}
    assert metadata.network == read_onnx_metadata(exported).network
    assert copy.stat().st_size < 0.65 * exported.stat().st_size  # int8 beside float16
    kinds = [node.op_type for node in onnx.load(copy).graph.node]
    assert kinds.count('QuantizeLinear') > 30


def activation_scales(model: Path, frames: list[FrameRef]) -> np.ndarray:
    """Of every activation, in the order of their names, when quantised on these frames."""
    graph = onnx.load(quantise(model, frames)).graph
    values = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
    nodes = [node for node in graph.node if node.op_type == 'QuantizeLinear']
    nodes = [node for node in nodes if node.input[0] not in values]
    scales = {node.output[0]: values[node.input[1]] for node in nodes}
    return np.array([float(scales[name]) for name in sorted(scales)])


def test_ranges_are_the_mean_of_those_of_the_frames(exported: Path, data_root: Path) -> None:
    one, other = calibration_frames(data_root, 2)
    alone = activation_scales(exported, [one]), activation_scales(exported, [other])
    both = activation_scales(exported, [one, other])
    assert len(both) > 20
    assert np.ptp(np.log(alone), axis=0).max() > 0.01  # or it could not fail
    np.testing.assert_allclose(both, np.mean(alone, 0), rtol=1e-3)


@pytest.mark.skipif(not INT8_HERE, reason='this CPU has no int8 dot products')
@pytest.mark.parametrize('engine', ['onnxruntime', 'openvino'])
def test_engines_run_it_in_int8_and_agree_with_float(
    engine: str, exported: Path, data_root: Path
) -> None:
    pytest.importorskip(engine)
    quantise(exported, calibration_frames(data_root, 6))
    frame = read_frame(list_frames(data_root, 'val')[0])
    rgb = np.ascontiguousarray(frame.rgb.transpose(1, 2, 0))
    image = np.resize(rgb, (64, 96, 3))
    loaded = load_engine(str(exported), engine, 'int8')
    assert loaded.precision == 'int8'
    exact = load_engine(str(exported), engine, 'f32').infer(image)
    error = np.abs(loaded.infer(image) - exact).mean()
    assert error < 0.15 * np.abs(exact).mean()


@pytest.fixture
def with_heads(tmp_path: Path) -> Path:
    """An exported network of few channels with all heads, whose error varies."""
    torch = pytest.importorskip('torch')
    pytest.importorskip('onnxscript')
    torch.manual_seed(0)
    widths = {'encoder_widths': (16,) * 14, 'decoder_widths': (16, 16, 16, 16), 'skips': 'none'}
    heads = {'output': 'log_depth', 'enlargement': 'shuffle', 'smooth': True, 'error': True}
    network = FastDepth(NetworkConfig(**widths, **heads)).train()
    for head in (network.decode_conv6[0], network.decode_error):
        torch.nn.init.normal_(head.weight, 0, 0.3)
    with torch.inference_mode():
        for _ in range(20):
            network(torch.rand(4, 3, 64, 96))
    metadata = ModelMetadata(network.config, 96, 64, 80.0, 80.0)
    path = tmp_path / 'heads.onnx'
    path.write_bytes(to_onnx(network, metadata).SerializeToString())
    return path


def test_heads_stay_float_behind_a_trunk_in_int8(with_heads: Path, data_root: Path) -> None:
    model = onnx.load(with_heads)
    assert [output.name for output in model.graph.output] == ['depth', 'error']
    copy = quantise(with_heads, calibration_frames(data_root, 6))
    assert read_onnx_metadata(copy).network.error
    nodes = onnx.load(copy).graph.node
    dequantised = {node.output[0] for node in nodes if node.op_type == 'DequantizeLinear'}
    convolutions = [node for node in nodes if node.op_type == 'Conv']
    floats = [c for c in convolutions if c.input[1] not in dequantised]
    assert len(floats) == 2 + 3  # the stem's, depth's, its smoothing and the error's
    rgb = np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8)
    exact, fast = (load_engine(str(p), 'onnxruntime') for p in (with_heads, copy))
    assert (exact.infer(rgb).shape, fast.infer(rgb).shape) == ((64, 96),) * 2
    assert exact.error is not None
    assert fast.error is not None
    assert exact.error.std() > 0.02 * exact.error.mean()
    assert np.abs(np.log(fast.error / exact.error)).mean() < 0.1


def test_calibration_frames_are_taken_from_all_over(data_root: Path) -> None:
    names = [frame_scene(ref) for ref in calibration_frames(data_root, 2)]
    assert names == ['room0', 'room1']
    assert len(calibration_frames(data_root, 1000)) == 6


def test_export_shows_what_each_precision_costs_and_gives(
    untrained_model: Path, data_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / 'model.onnx'
    arguments = ['export', '--model', str(untrained_model), '--out', str(out), '--int8']
    assert main([*arguments, '--data', str(data_root), '--json']) == 0
    result = json.loads(capsys.readouterr().out)
    assert result['int8'] == str(tmp_path / 'model.int8.onnx')
    rows = result['precisions']
    precisions = [row['precision'] for row in rows]
    assert precisions[0] == 'f32'
    assert ('int8' in precisions) == INT8_HERE
    assert rows[0]['ratio_to_f32'] == 1
    for row in rows:
        assert row['frames'] == 3
        assert 0 <= row['delta1'] <= 1
        assert row['ms'] > 0
    assert len(comparison.table(rows).splitlines()) == 2 + len(rows)


def test_what_cannot_be_timed_has_no_time_and_says_why(
    untrained_model: Path,
    data_root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(worker, 'PATIENCE', 0.0)  # no process is ready by then
    out = tmp_path / 'model.onnx'
    arguments = ['export', '--model', str(untrained_model), '--out', str(out)]
    assert main([*arguments, '--data', str(data_root), '--json']) == 0
    printed = capsys.readouterr()
    rows = json.loads(printed.out)['precisions']
    for row in rows:
        assert row['ms'] is row['ratio_to_f32'] is None
        assert 0 <= row['delta1'] <= 1
        assert f'warning: {row["precision"]} is not timed: the process of [' in printed.err
    assert all(line.split()[-2:] == ['-', '-'] for line in comparison.table(rows).splitlines()[2:])


def test_times_stay_with_their_precision_where_f32_has_none(
    exported: Path, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def all_but_f32(workloads: list[Workload], _: int) -> tuple[list[worker.Worker], Refused]:
        f32, bf16 = workloads
        burst = worker.Burst([0.001], 0.001, None)
        return [worker.Worker(bf16, bursts=[burst])], {f32: 'no memory'}

    monkeypatch.setattr(comparison, 'race', all_but_f32)
    monkeypatch.setattr(comparison, 'choose_precisions', lambda *_: ['bf16', 'f32'])
    monkeypatch.setattr(comparison, 'load_engine', lambda path, name, _: load_engine(path, name))
    f32, bf16 = comparison.compare_precisions(exported, list_frames(data_root, 'val'), 1)
    assert f32['ms'] is f32['ratio_to_f32'] is bf16['ratio_to_f32'] is None
    assert bf16['ms'] == 1


def test_int8_is_calibrated_on_frames_of_the_depth_that_is_asked_for(
    untrained_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / 'root'
    write_mat(root / 'nyu_depth_v2_labeled.mat', rawDepths=None)
    write_splits(root / 'splits.mat', [3, 2], [1, 4])
    out = tmp_path / 'model.onnx'
    arguments = ['export', '--model', str(untrained_model), '--out', str(out), '--int8']
    arguments += ['--data', str(root)]
    assert main(arguments) == 2
    assert 'rawDepths' in capsys.readouterr().err
    assert not out.exists()
    assert main([*arguments, '--depth', 'filled']) == 0
    assert read_onnx_metadata(out.with_suffix('.int8.onnx')).quantisation['frames'] == 2


@pytest.mark.parametrize(('split', 'options'), [('train', ['--int8']), ('val', [])])
def test_a_root_without_the_frames_is_refused_before_anything_is_written(
    split: str,
    options: list[str],
    untrained_model: Path,
    data_root: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.rmtree(data_root / split)
    out = tmp_path / 'model.onnx'
    arguments = ['export', '--model', str(untrained_model), '--out', str(out), *options]
    assert main([*arguments, '--data', str(data_root)]) == 2
    assert f'no {split} frames in' in capsys.readouterr().err
    assert not out.exists()


def test_a_loss_by_int8_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{'precision': 'f32', 'delta1': 0.60}, {'precision': 'int8', 'delta1': 0.595}]
    warn_of_loss(rows)
    assert capsys.readouterr().err == ''
    rows[1]['delta1'] = 0.58
    warn_of_loss(rows)
    assert 'warning: int8 loses 0.020 of delta 1' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (['--int8'], '--int8 needs --data'),
        (['--calibration-frames', '0'], '--calibration-frames is 0: at least 1'),
        (['--val-frames', '0'], '--val-frames is 0: at least 1'),
    ],
)
def test_mistakes_are_one_line_before_anything_is_written(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / 'model.onnx'
    assert main(['export', '--out', str(out), *options]) == 2
    assert message in capsys.readouterr().err
    assert not out.exists()


def test_the_name_of_a_copy_is_kept_for_copies(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(['export', '--out', 'model.int8.onnx']) == 2
    assert '.int8.onnx is the name of what --int8 writes' in capsys.readouterr().err
