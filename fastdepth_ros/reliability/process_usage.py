"""What a process holds: memory, threads, file descriptors."""

from __future__ import annotations

from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Usage:
    """At one moment."""

    rss: int  # bytes that are in memory, pages shared with others included
    threads: int
    fds: int

    @classmethod
    def of_process(cls, pid: int) -> Usage:
        """psutil.NoSuchProcess where it has ended."""
        process = psutil.Process(pid)
        with process.oneshot():
            return cls(process.memory_info().rss, process.num_threads(), process.num_fds())
