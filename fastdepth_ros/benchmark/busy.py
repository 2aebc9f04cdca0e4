"""Other processes that want the CPU, as on a robot."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

# ends by itself where this process is killed
SPIN = 'import os, sys\nparent = int(sys.argv[1])\nwhile os.getppid() == parent:\n    pass\n'


@contextlib.contextmanager
def busy_processes(count: int) -> Iterator[list[int]]:
    """So many processes that do nothing but count, at this one's nice; their ids."""
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(count):
            command = [sys.executable, '-S', '-c', SPIN, str(os.getpid())]
            processes.append(subprocess.Popen(command, start_new_session=True))
        yield [process.pid for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
