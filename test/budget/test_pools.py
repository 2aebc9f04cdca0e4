"""No library runs more threads than it is given, and none of them spins."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

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

engine, threads = sys.argv[1:]
estimator = DepthEstimator('default', engine, 'f32', int(threads))
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


@pytest.mark.parametrize('threads', [1, 2])
@pytest.mark.parametrize('engine', ['openvino', 'onnxruntime', 'torch'])
def test_no_more_threads_work_than_num_threads(engine: str, threads: int) -> None:
    pytest.importorskip(engine)
    if len(os.sched_getaffinity(0)) < threads:
        pytest.skip(f'{threads} cores are needed')
    command = [sys.executable, '-c', CODE, engine, str(threads)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    opencv, spent = json.loads(done.stdout)
    assert opencv == threads
    assert sum(seconds > NOTHING for seconds in spent) <= threads, spent
