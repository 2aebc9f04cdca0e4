from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fastdepth_ros.__main__ import COMMANDS, main


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(['--help']) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in COMMANDS)
    assert main([]) == 2


def test_an_unknown_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(['trian']) == 2
    assert "error: unknown command 'trian'" in capsys.readouterr().err


def test_a_package_that_is_missing_is_named() -> None:
    code = """
import sys
sys.modules['h5py'] = None
from fastdepth_ros.__main__ import main
sys.exit(main(['evaluate', '--help']))
"""
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert done.returncode == 2
    assert "'evaluate' needs the Python package 'h5py'" in done.stderr
    assert "pip install '.[EXTRA]'" in done.stderr
    assert 'EXTRA is demo, offline, train or synthesis' in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert 'Traceback' not in done.stderr


def test_what_that_line_names_is_in_the_readme() -> None:
    source = Path(sys.modules['fastdepth_ros.__main__'].__file__ or '').read_text()
    readme = (Path(__file__).parents[1] / 'README.md').read_text()
    headings = re.findall(r'README.md, ([A-Z][a-z ]+)', source)
    assert headings == ['Commands', 'On a robot']
    assert all(heading in readme for heading in headings)
    for extra in ('demo', 'offline', 'train', 'synthesis'):
        assert f'| `{extra}` |' in readme


@pytest.mark.parametrize('command', COMMANDS)
def test_every_command_has_help_with_examples(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip('torch')
    with pytest.raises(SystemExit) as stop:
        main([command, '--help'])
    assert stop.value.code == 0
    assert f'examples:\n  python -m fastdepth_ros {command}' in capsys.readouterr().out
