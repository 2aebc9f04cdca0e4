from __future__ import annotations

import json
from pathlib import Path

import pytest

from fastdepth_ros.__main__ import main
from fastdepth_ros.benchmark import engines, growth
from fastdepth_ros.engines.registry import installed_engines
from fastdepth_ros.network.metadata import ModelMetadata

FIELDS = {'engine', 'precision', 'threads', 'median_ms', 'p95_ms', 'cpu_ms', 'peak_mib'}
RATIOS = {'ratio_to_eager', 'ratio_to_fastdepth', 'ratio_to_limit'}
FAST = ['--rounds', '1', '--precisions', 'f32']


def test_a_row_has_its_figures_and_ratios_to_what_ran_beside_it(
    stub_onnx: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip('openvino')
    pytest.importorskip('torch')
    out = tmp_path / 'out.json'
    arguments = ['benchmark', '--model', str(stub_onnx), '--engines', 'openvino', 'torch']
    assert main([*arguments, *FAST, '--json', str(out)]) == 0
    result = json.loads(out.read_text())
    [row] = result['rows']
    assert set(row) == FIELDS | RATIOS
    assert (row['engine'], row['precision'], row['threads']) == ('openvino', 'f32', 1)
    assert 0 < row['median_ms'] <= row['p95_ms']
    assert row['peak_mib'] > 20
    # the stub does next to nothing, and neither reference is it
    assert 0 < row['ratio_to_eager'] < 0.5
    assert 0 < row['ratio_to_fastdepth'] < 0.5
    assert row['ratio_to_limit'] > 0
    [skipped] = result['skipped']
    assert (skipped['engine'], skipped['threads']) == ('torch', 1)
    assert "'torch' cannot run" in skipped['reason']
    assert (result['input'], result['limit_matmul']) == ([96, 64], [1024] * 3)
    text = capsys.readouterr().out
    assert 'openvino    f32          1' in text
    assert 'not run: torch f32, 1 threads: engine' in text


def test_without_torch_the_eager_ratios_are_null(
    stub_onnx: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip('openvino')
    monkeypatch.setattr(engines, 'installed_engines', lambda: ['openvino'])
    result = engines.measure_engines(str(stub_onnx), ['openvino'], ['f32'], [1], rounds=1)
    [row] = result['rows']
    assert row['ratio_to_eager'] is None
    assert row['ratio_to_fastdepth'] is None
    assert ' - ' in engines.engines_table(result)


def test_every_precision_of_this_machine_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, 'supported_precisions', lambda *_: ['int8', 'bf16', 'f32'])
    found = list(engines.workloads_of('default', ['openvino', 'onnxruntime'], [], 1))
    tried = [(w.engine, w.precision) for w in found if w.kind == 'model']
    names = ('int8', 'bf16', 'f32')
    assert tried == [(e, p) for e in ('openvino', 'onnxruntime') for p in names]
    references = [w.kind for w in found if w.kind != 'model']
    assert references == (['eager', 'fastdepth'] if 'torch' in installed_engines() else [])


def test_growth_has_a_row_for_each_size_and_a_plot(
    untrained_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip('onnxscript')
    pytest.importorskip('openvino')
    pytest.importorskip('matplotlib')
    monkeypatch.setattr(growth, 'INPUTS', ((32, 32), (96, 64)))
    monkeypatch.setattr(growth, 'CAMERAS', ((320, 240), (1920, 1080)))
    out, plot = tmp_path / 'out.json', tmp_path / 'growth.png'
    arguments = ['benchmark', '--growth', '--model', str(untrained_model), '--rounds', '1']
    assert main([*arguments, '--json', str(out), '--plot', str(plot)]) == 0
    result = json.loads(out.read_text())
    assert [row['input'] for row in result['inputs']] == [[32, 32], [96, 64]]
    assert result['inputs'][0]['ratio'] == 1
    assert result['inputs'][1]['macs'] == 6 * result['inputs'][0]['macs']
    assert [row['camera'] for row in result['cameras']] == [[320, 240], [1920, 1080]]
    assert result['cameras'][1]['median_ms'] > result['cameras'][0]['median_ms']
    assert plot.read_bytes()[:4] == b'\x89PNG'
    assert '1920 x 1080' in capsys.readouterr().out


def test_growth_says_why_nothing_of_it_runs(
    metadata: ModelMetadata,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip('onnxscript')
    pytest.importorskip('openvino')
    from fastdepth_ros.benchmark import resized

    monkeypatch.setattr(growth, 'INPUTS', ((96, 64), (128, 96)))
    files = {size: tmp_path / f'{size[0]}.onnx' for size in growth.INPUTS}
    monkeypatch.setattr(resized, 'export_at_sizes', lambda *_: (metadata, files))
    assert main(['benchmark', '--growth']) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith('error: 2 of 2 networks do not run on openvino here: ')
    assert "96.onnx' does not exist" in error
    assert "128.onnx' does not exist" in error


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (['--threads', '0'], 'num_threads is 0: 1 to'),
        (['--threads', '9999'], 'num_threads is 9999: 1 to'),
        (['--engines', 'tensorrt'], "unknown engine 'tensorrt': choose one of openvino"),
        (['--precisions', 'int4'], "unknown precision 'int4': choose one of f32"),
        (['--rounds', '0'], '--rounds is 0: at least 1'),
        (['--model', 'gone.onnx'], "model file 'gone.onnx' does not exist"),
        (['--training'], '--training needs --data'),
        (
            ['--node', '--rate', '0.3', '--duration', '1'],
            '--duration 1 at --rate 0.3 gives no image: at this rate 4 s or more are needed',
        ),
        (['--plot', 'a.png'], 'with --growth'),
        (['--growth', '--plot', 'a.jpg'], "--plot is 'a.jpg': the name of a .png file"),
    ],
)
def test_mistakes_are_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(['benchmark', *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert len(error.splitlines()) == 1


def test_nothing_that_runs_is_a_mistake(
    stub_onnx: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip('openvino')
    monkeypatch.setattr(engines, 'installed_engines', list)
    arguments = ['--model', str(stub_onnx), '--engines', 'openvino', '--precisions', 'int8']
    assert main(['benchmark', *arguments]) == 2
    assert 'error: nothing of this runs' in capsys.readouterr().err
