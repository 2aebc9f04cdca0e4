from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fastdepth_ros.ros.stale_segments import FOLDER, LOCK, YOUNG, remove_stale_segments

OLD = 2 * YOUNG
ID = '0123456789abcde'
READY = """
import rclpy, time
rclpy.init()
node = rclpy.create_node('n')
print('ready', flush=True)
time.sleep(600)
"""


def segment(folder: Path, name: str, age: float = OLD) -> Path:
    """The lock of a segment that is `age` seconds old."""
    lock = folder / f'{name}_el'
    (folder / name).write_bytes(b'images')
    lock.touch()
    os.utime(lock, (time.time() - age, time.time() - age))
    return lock


def test_segments_of_the_dead_are_removed_with_their_locks(tmp_path: Path) -> None:
    segment(tmp_path, f'fastdds_{ID}0')
    segment(tmp_path, f'fastrtps_{ID}1')
    assert remove_stale_segments(tmp_path) == 2
    assert list(tmp_path.iterdir()) == []


def test_what_is_in_use_young_or_no_segment_stays(tmp_path: Path) -> None:
    used = segment(tmp_path, f'fastdds_{ID}0')
    segment(tmp_path, f'fastdds_{ID}1', age=0)
    segment(tmp_path, 'fastdds_port7411')
    segment(tmp_path, f'other_{ID}2')
    before = set(tmp_path.iterdir())
    with used.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert remove_stale_segments(tmp_path) == 0
    assert set(tmp_path.iterdir()) == before


def test_no_shared_memory_no_matter(tmp_path: Path) -> None:
    assert remove_stale_segments(tmp_path / 'none') == 0


@pytest.mark.ros
def test_a_killed_process_s_are_removed_and_a_living_one_s_stay() -> None:
    processes = [
        subprocess.Popen([sys.executable, '-c', READY], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == 'ready\n'
        locks = [locks_of(process.pid) for process in processes]
        assert all(locks)
        processes[0].send_signal(signal.SIGKILL)
        processes[0].wait()
        for lock in locks[0] | locks[1]:
            os.utime(lock, (time.time() - OLD, time.time() - OLD))
        remove_stale_segments()
        assert not any(lock.exists() for lock in locks[0])
        assert all(lock.exists() for lock in locks[1])
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def locks_of(pid: int) -> set[Path]:
    files = {link.readlink() for link in Path(f'/proc/{pid}/fd').iterdir()}
    return {file for file in files if file.parent == FOLDER and LOCK.fullmatch(file.name)}
