"""Functions that tests import: writers of small and damaged files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from fastdepth_ros.network.metadata import ModelMetadata

# How many times as many examples hypothesis tries where it looks for new ones.
MORE = 20 if os.environ.get('HYPOTHESIS_PROFILE') == 'search' else 1


def examples(count: int) -> int:
    """For settings(max_examples=...): a number of its own would win over the profile's."""
    return MORE * count


def write_frame(path: Path, seed: int = 0, intrinsics: object = None, **changes: object) -> Path:
    """One small HDF5 frame (60 x 80) of a slanted floor; `changes` replace or drop datasets."""
    h5py = pytest.importorskip('h5py')
    rng = np.random.default_rng(seed)
    depth = np.linspace(4, 1, 60, dtype=np.float32)[:, None] + rng.uniform(0, 0.2, (60, 80))
    rgb = np.repeat((255 - 50 * depth)[None], 3, 0).clip(0, 255)
    depth[:4, :9] = 0  # a hole
    data = {'rgb': rgb.astype(np.uint8), 'depth': depth.astype(np.float32), **changes}
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, 'w') as file:
        for name, value in data.items():
            if value is not None:
                file[name] = value
        if intrinsics is not None:
            file.attrs['intrinsics'] = intrinsics
    return path


def metadata_json(metadata: ModelMetadata, **changes: object) -> str:
    """Its JSON with some entries replaced, to make damaged files."""
    return json.dumps({'format': 1, **asdict(metadata), **changes})


KILLED = """
import os, signal, sys
from pathlib import Path
from fastdepth_ros.__main__ import main
left, replace = [int(sys.argv[1])], Path.replace
def counted(*args):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(*args)
Path.replace = counted
sys.exit(main(sys.argv[2:]))
"""


def killed_while_writing(number: int, *arguments: object) -> None:
    """Runs a command in a process that SIGKILL ends: its number-th file is whole, but unnamed."""
    command = [sys.executable, '-c', KILLED, str(number), *map(str, arguments)]
    environment = {**os.environ, 'PYTHONPATH': os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=250)
    assert done.returncode == -signal.SIGKILL, done.stderr
