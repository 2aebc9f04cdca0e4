from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not shutil.which('make'), reason='make is not installed')
ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {'PATH': os.environ['PATH']}  # nothing of a make that may have started this test
# Stands in for Python in .venv and outside it: notes how it was called, one argument a line.
RECORDER = """#!/bin/sh
printf '%s\\n' "$@" >> calls
case "$*" in
  *'-m venv'*) mkdir -p .venv/bin; cp "$0" .venv/bin/python; touch .venv/bin/pip;;
esac
"""
UNTIL_CTRL_C = """#!/bin/sh
trap 'exit 0' INT
echo ready
while :; do sleep 0.1; done
"""


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The Makefile and what it reads, beside a `python3` that only notes its arguments."""
    for name in ('Makefile', 'constraints.txt', 'setup.py'):
        shutil.copy(ROOT / name, tmp_path)
    executable(tmp_path / 'python3', RECORDER)
    return tmp_path


def make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ['make', 'PYTHON=./python3', *arguments]
    return subprocess.run(command, cwd=checkout, env=ENVIRONMENT, capture_output=True, text=True)


def calls(checkout: Path) -> list[str]:
    path = checkout / 'calls'
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return lines


def test_demo_installs_only_what_running_needs_and_only_once(checkout: Path) -> None:
    assert make(checkout, 'demo').returncode == 0
    first = calls(checkout)
    assert '.[demo]' in first
    assert first[first.index('--constraint') + 1] == 'constraints.txt'
    assert make(checkout, 'demo').returncode == 0
    assert calls(checkout)[:3] == ['-m', 'fastdepth_ros', 'demo']


def test_demo_after_test_installs_nothing(checkout: Path) -> None:
    assert make(checkout, 'test').returncode == 0
    assert '.[demo,synthesis,train,test]' in calls(checkout)
    make(checkout, 'demo')
    assert 'install' not in calls(checkout)


def test_test_after_demo_installs_the_rest(checkout: Path) -> None:
    make(checkout, 'demo')
    calls(checkout)
    make(checkout, 'test')
    assert '.[demo,synthesis,train,test]' in calls(checkout)


def test_a_change_of_the_requirements_installs_again(checkout: Path) -> None:
    make(checkout, 'demo')
    calls(checkout)
    later = time.time() + 10
    os.utime(checkout / 'constraints.txt', (later, later))
    make(checkout, 'demo')
    assert 'install' in calls(checkout)


def test_an_install_that_fails_is_tried_again(checkout: Path) -> None:
    executable(checkout / 'python3', RECORDER + 'case "$*" in *install*) exit 1;; esac\n')
    assert make(checkout, 'demo').returncode != 0
    calls(checkout)
    make(checkout, 'demo')
    assert 'install' in calls(checkout)


def test_the_variables_reach_the_demo(checkout: Path) -> None:
    make(checkout, 'demo')
    calls(checkout)
    make(checkout, 'demo', "INPUT=it's a drive.mp4", 'DURATION=5', 'MODEL=my.onnx', 'THREADS=2')
    options = calls(checkout)[3:]
    pairs = dict(zip(options[::2], options[1::2], strict=True))
    assert pairs.pop('--input') == "it's a drive.mp4"
    assert pairs == {'--duration': '5', '--model': 'my.onnx', '--threads': '2'}


def test_soak_and_faults_need_no_more_than_the_demo(checkout: Path) -> None:
    assert make(checkout, 'soak', 'MINUTES=5', 'SOAK_ARGS=--rate 15').returncode == 0
    called = calls(checkout)
    assert '.[demo]' in called
    assert called[-5:] == ['soak', '--minutes', '5', '--rate', '15']
    make(checkout, 'faults', 'FAULTS_ARGS=--only flood')
    assert calls(checkout) == ['-m', 'fastdepth_ros', 'faults', '--only', 'flood']


@pytest.mark.parametrize(('body', 'message'), [
    ('case "$*" in *ensurepip*) exit 1;; esac', 'has no venv module: sudo apt install'),
    ('exec python3 -c "import sys; sys.version_info = (3, 9, 2); exec(sys.argv[1])" "$2"',
     'is Python 3.9: 3.10 to 3.13 is needed'),
])  # fmt: skip
def test_a_python_that_will_not_do_is_named(checkout: Path, body: str, message: str) -> None:
    executable(checkout / 'python3', f'#!/bin/sh\n{body}\n')
    done = make(checkout, 'demo')
    assert done.returncode != 0
    assert message in done.stderr
    assert not (checkout / '.venv').exists()


def test_a_missing_python_is_named(checkout: Path) -> None:
    done = make(checkout, 'demo', 'PYTHON=python-that-is-not-here')
    assert 'error: python-that-is-not-here is missing: sudo apt install' in done.stderr


@pytest.mark.parametrize(('code', 'expected'), [(0, 0), (1, 2), (130, 0)])
def test_the_demos_exit_code_counts(checkout: Path, code: int, expected: int) -> None:
    make(checkout, 'demo')
    executable(checkout / '.venv/bin/python', f'#!/bin/sh\nexit {code}\n')
    assert make(checkout, 'demo').returncode == expected


def test_ctrl_c_in_a_terminal_ends_the_demo_with_exit_code_0(checkout: Path) -> None:
    make(checkout, 'demo')
    executable(checkout / '.venv/bin/python', UNTIL_CTRL_C)
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored where a script's job runs this test
        os.chdir(checkout)
        os.execvpe('make', ['make', 'demo'], ENVIRONMENT)
    try:
        shown = b''
        while b'ready' not in shown:
            shown += os.read(terminal, 1024)
        os.write(terminal, b'\x03')
        _, status = os.waitpid(pid, 0)
    finally:
        os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0
