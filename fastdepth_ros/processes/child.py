"""A command of this package as a process of its own, ended cleanly and by its id."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping

PATIENCE = 20.0  # s that a process has to end after each signal, on a busy machine too


class ChildProcess:
    """`python -m fastdepth_ros ...`, its stderr shown line by line with its name."""

    def __init__(
        self,
        name: str,
        arguments: list[str],
        module: str = 'fastdepth_ros',
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`environment`: all of it; None for this process's own."""
        self.name = name
        # In a session of its own: Ctrl-C reaches only the parent, which ends its children.
        self._process = subprocess.Popen(
            [sys.executable, '-m', module, *arguments],
            stdout=sys.stderr,
            stderr=subprocess.PIPE,
            text=True,
            errors='replace',
            start_new_session=True,
            env=environment,
        )
        self.last_lines: deque[str] = deque(maxlen=8)
        self.tracebacks = 0  # that it has printed
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs; negative where a signal ended it."""
        return self._process.poll()

    def send(self, number: signal.Signals) -> None:
        """A signal, unless it has ended."""
        self._process.send_signal(number)

    def end(self) -> int:
        """SIGTERM, then SIGKILL for one that does not listen; its exit code.

        Not SIGINT: a Python that has not come to its handlers yet would answer with a traceback.
        """
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is None:
                self._process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return self._process.wait()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.last_lines.append(line.rstrip())
            self.tracebacks += 'Traceback (most recent call last)' in line
            print(f'[{self.name}] {line.rstrip()}', file=sys.stderr, flush=True)
