from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip('torch')
pytest.importorskip('torchvision')
pytest.importorskip('h5py')

SCRIPT = Path(__file__).parent / 'survive.py'


def test_runs_ended_in_every_way_and_resumed_are_the_undisturbed_ones_to_the_bit() -> None:
    """A short `make survive`: each kind of fault at least once, and some with two processes."""
    command = [sys.executable, SCRIPT, '--kills', '9', '--rank-kills', '2', '--seed', '2']
    environment = {**os.environ, 'PYTHONPATH': os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1].endswith('every file that of the undisturbed run to the bit')
    met = {line[:18].strip(): int(line.split()[-1]) for line in lines[1:-1]}
    assert sum(met.values()) >= 11
    assert sum(count > 0 for count in met.values()) >= 6
