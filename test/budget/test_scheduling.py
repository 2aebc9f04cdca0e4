from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from fastdepth_ros.budget.scheduling import ALLOWED, parse_cores, set_affinity, set_nice
from fastdepth_ros.errors import UserError

FIRST = min(ALLOWED)


def test_lists_of_cores() -> None:
    assert parse_cores('') == ALLOWED
    assert parse_cores(f'{FIRST}') == {FIRST}
    assert parse_cores(f' {FIRST}-{FIRST} , {FIRST}') == {FIRST}


@pytest.mark.parametrize('text', ['a', '1;2', '-1', '1-', '4095', f'{FIRST}-4095', ',', '2-1'])
def test_what_is_no_list_of_our_cores_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="cpu_affinity is '"):
        parse_cores(text)


def test_a_thread_that_ends_meanwhile_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(*_: object) -> None:
        raise ProcessLookupError

    monkeypatch.setattr(os, 'sched_setaffinity', ended)
    set_affinity(ALLOWED)
    monkeypatch.setattr(os, 'setpriority', ended)
    set_nice(0)


def test_every_thread_is_bound_and_nice() -> None:
    code = f"""
import json, os, threading
from fastdepth_ros.budget.scheduling import parse_cores, set_affinity, set_nice
done = threading.Event()
threads = [threading.Thread(target=done.wait) for _ in range(3)]
for thread in threads: thread.start()
set_affinity(parse_cores('{FIRST}'))
set_nice(7)
later = threading.Thread(target=done.wait)
later.start()
tasks = [int(t) for t in os.listdir('/proc/self/task')]
nice = [os.getpriority(os.PRIO_PROCESS, t) for t in tasks]
print(json.dumps([[sorted(os.sched_getaffinity(t)), n] for t, n in zip(tasks, nice)]))
done.set()
"""
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert len(found) >= 5
    assert all(entry == [[FIRST], 7] for entry in found)
