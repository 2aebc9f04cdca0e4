from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fastdepth_ros.__main__ import main


@pytest.mark.parametrize(
    ('given', 'message'),
    [
        (['missing.mp4'], "input 'missing.mp4' does not exist"),
        (['photos', '--write', 'overlay,gif'], "unknown kind in --write 'gif': choose one of"),
        (['photos', '--size', '12'], "--size is '12': network, source or WIDTHxHEIGHT"),
        (['photos', '--size', '4x4'], "--size is '4x4'"),
        (['photos', '--max-depth', '0'], '--max-depth is 0: 0.1 to 1000 m are allowed'),
        (['photos', '--max-depth', 'nan'], '--max-depth is nan'),
        (['photos', '--height', '3'], '--height is 3: 16 to 4320 px'),
        (['photos', '--every', '0'], '--every is 0'),
        (['photos', '--fps', '0'], '--fps is 0'),
        (['photos', '--max-error', '-1'], '--max-error is -1: 0 to 10 times the depth'),
        (['photos', '--max-error', '0.2'], "the model 't' does not tell its expected error"),
        (['photos', '--model', 'none.onnx'], 'none.onnx'),
        (['empty'], "folder 'empty' holds no images"),
        (['photos', 'more/photos'], "would both be written as 'photos'"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_written(
    photos: Path,
    stub_onnx: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'empty').mkdir()
    (tmp_path / 'more/photos').mkdir(parents=True)
    (tmp_path / 'more/photos/d.png').write_bytes((photos / 'a.png').read_bytes())
    model = [] if '--model' in given else ['--model', str(stub_onnx)]
    assert main(['predict', *given, *model, '--out', 'out']) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.err.count('\n') == 1
    assert printed.out == ''
    assert not Path('out').exists()


def test_a_folder_that_cannot_be_written_is_named(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    (tmp_path / 'out').write_text('a file')
    assert "cannot write '" in predict(photos, expect=2)['stderr']
    pytest.importorskip('av')
    assert "cannot write '" in predict(photos, '--write', 'video', expect=2)['stderr']


def test_the_summary_says_what_was_made_and_where(
    photos: Path, stub_onnx: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ['predict', str(photos), '--out', str(tmp_path / 'out'), '--model', str(stub_onnx)]
    assert main([*given, '--threads', '1']) == 0
    text = capsys.readouterr().out
    assert '3 pictures' in text
    assert 'median depth 2.10 m (unscaled)' in text
    assert str(tmp_path / 'out/overlay/photos') in text


def test_it_runs_without_torch_ros_and_the_libraries_of_other_inputs(
    photos: Path, stub_onnx: Path, tmp_path: Path
) -> None:
    absent = ('torch', 'torchvision', 'h5py', 'rclpy', 'sensor_msgs', 'av', 'rosbags')
    command = ['predict', str(photos), '--out', str(tmp_path / 'out'), '--model', str(stub_onnx)]
    code = f"""
import sys
for name in {absent!r}:
    sys.modules[name] = None
from fastdepth_ros.__main__ import main
sys.exit(main({[*command, '--write', 'overlay,npy,ply', '--hfov', '60']!r}))
"""
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / 'out/ply/photos').iterdir())) == 3


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(['predict', '--help'])
    assert stop.value.code == 0
    assert 'examples:\n  python -m fastdepth_ros predict' in capsys.readouterr().out
