"""No library runs more threads than it is given, and none of them spins."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from fastdepth_ros.budget.pools import SETTINGS, bind_pools

CODE = """
import json, sys
from pathlib import Path
from fastdepth_ros.budget.pools import bind_pools
bind_pools()
import cv2
import numpy as np
from fastdepth_ros.engines.estimator import DepthEstimator

def used():
    read = lambda task: int((task / 'schedstat').read_text().split()[0]) / 1e9
    return {task.name: read(task) for task in Path('/proc/self/task').iterdir()}

estimator = DepthEstimator('default', sys.argv[1], 'f32', num_threads=1)
image = np.full((480, 640, 3), 90, np.uint8)
matrix = np.ones((512, 512), np.float32)
for _ in range(2):
    estimator.estimate(image)
before = used()
for _ in range(10):
    estimator.estimate(image)
    matrix @ matrix
spent = [seconds - before.get(task, 0.0) for task, seconds in used().items()]
print(json.dumps([cv2.getNumThreads(), sorted(spent)]))
"""
NOTHING = 0.002  # s of CPU: a thread that was woken, and had nothing to do


@pytest.mark.parametrize('engine', ['openvino', 'onnxruntime', 'torch'])
def test_no_thread_works_beside_the_one_of_num_threads(engine: str) -> None:
    pytest.importorskip(engine)
    if len(os.sched_getaffinity(0)) == 1:
        pytest.skip('there is but one core')
    command = [sys.executable, '-c', CODE, engine]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    opencv, spent = json.loads(done.stdout)
    assert opencv == 1
    assert sum(seconds > NOTHING for seconds in spent) == 1, spent


def test_what_the_user_has_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv('OMP_WAIT_POLICY', 'ACTIVE')
    bind_pools()
    assert os.environ['OMP_WAIT_POLICY'] == 'ACTIVE'
    assert os.environ['OPENBLAS_NUM_THREADS'] == '1'
