from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.training.folder_lock import in_use, locked

# Prints the id of a worker that outlives it.
KILLED = """
import os, signal, sys, time
from pathlib import Path
from fastdepth_ros.offline.training.folder_lock import locked
with locked(Path(sys.argv[1])):
    worker = os.fork()
    if worker == 0:
        sys.stdout.close()
        os.close(1)
        time.sleep(250)
        os._exit(0)
    print(worker, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_one_has_a_folder_alone(tmp_path: Path) -> None:
    folder = tmp_path / 'run'
    assert not in_use(folder)
    with locked(folder):
        assert in_use(folder)
        with pytest.raises(UserError, match='another process is training into'), locked(folder):
            pass
        assert in_use(folder)
    assert not in_use(folder)


def test_a_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / 'file').touch()
    with pytest.raises(UserError, match="cannot use '.*/file/run'"), locked(tmp_path / 'file/run'):
        pass


def test_workers_that_outlive_a_killed_run_do_not_keep_its_folder(tmp_path: Path) -> None:
    command = [sys.executable, '-c', KILLED, tmp_path]
    environment = {**os.environ, 'PYTHONPATH': os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment)
    worker = int(done.stdout)
    try:
        os.kill(worker, 0)  # it is there
        assert done.returncode == -signal.SIGKILL
        assert not in_use(tmp_path)
    finally:
        os.kill(worker, signal.SIGKILL)
