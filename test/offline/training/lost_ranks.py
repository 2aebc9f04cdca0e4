"""A script: two processes of which one is lost; prints what the other says. One argument:

silent (never answers), absent (ends before they meet), or busy (the first works long, and the
other waits: prints how often it heard of it).
"""

from __future__ import annotations

import os
import socket
import sys
import time
from datetime import timedelta

import torch

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.training import processes

BEATS = 5


def first(how: str) -> None:
    with processes.started_processes() as both:
        if how == 'busy':
            with both.waiting_for_first() as alive:
                for _ in range(BEATS):
                    alive()
        else:
            both.total(torch.zeros(1))


def other(how: str) -> None:
    if how == 'absent':
        return
    with processes.started_processes() as both:
        if how == 'silent':
            time.sleep(250)
        heard = []
        agreed = processes.Processes.agreed
        processes.Processes.agreed = lambda *args: heard.append(1) or agreed(*args)
        with both.waiting_for_first():
            pass
        print(f'heard of it {len(heard)} times', flush=True)


if __name__ == '__main__':
    how = sys.argv[1]
    processes.BEAT = -1.0  # tell at each frame
    processes.PATIENCE = timedelta(seconds={'absent': 3, 'silent': 8}.get(how, 60))
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = str(free.getsockname()[1])
    os.environ.update(MASTER_ADDR='127.0.0.1', MASTER_PORT=port, WORLD_SIZE='2')
    os.environ.update(LOCAL_WORLD_SIZE='2', RANK='1', LOCAL_RANK='1')
    pid = os.fork()
    if pid == 0:
        other(how)
        os._exit(0)
    os.environ.update(RANK='0', LOCAL_RANK='0')
    try:
        first(how)
    except UserError as error:
        print(error)
    if how != 'busy':
        os.kill(pid, 9)
    os.waitpid(pid, 0)
