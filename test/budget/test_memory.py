"""Large blocks are not taken anew from the kernel for each image."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from fastdepth_ros.budget.memory import keep_memory

CODE = """
import resource, sys
from fastdepth_ros.budget.memory import keep_memory
if sys.argv[1] == 'keep':
    keep_memory()
size = 1920 * 1080 * 3

def image():
    copies = [bytearray(size) for _ in range(3)]  # as rclpy makes of a message

for _ in range(3):
    image()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    image()
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / 10)
"""


def pages_an_image(what: str) -> float:
    done = subprocess.run([sys.executable, '-c', CODE, what], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return float(done.stdout)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), 'mallopt'), reason='no glibc')
def test_an_image_s_memory_is_the_last_one_s() -> None:
    assert pages_an_image('keep') < 20
    assert pages_an_image('as ever') > 1000


def test_without_glibc_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, 'CDLL', lambda _: object())
    keep_memory()
