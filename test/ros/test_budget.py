"""The CPU budget of a real node: its threads, and the images that it leaves out."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from ros_harness import make_image, make_info
from sensor_msgs.msg import Image

from fastdepth_ros.budget.scheduling import ALLOWED

pytestmark = pytest.mark.ros
CORE = min(ALLOWED)


def frame() -> Image:
    return make_image(np.full((48, 80), 51, np.uint8), 'mono8')


def test_every_thread_of_the_node_is_bound_and_nice(start) -> None:
    node, peer = start('-p', f'cpu_affinity:="{CORE}"', '-p', 'nice:=9')
    peer.depth_of(peer.image, frame())
    threads = [int(task.name) for task in Path(f'/proc/{node.pid}/task').iterdir()]
    assert len(threads) > 3
    assert {frozenset(os.sched_getaffinity(thread)) for thread in threads} == {frozenset({CORE})}
    nice = max(9, os.getpriority(os.PRIO_PROCESS, 0))  # that of these tests may be above
    assert {os.getpriority(os.PRIO_PROCESS, thread) for thread in threads} == {nice}


def test_one_thread_of_the_node_s_own_works(start) -> None:
    node, peer = start('-p', 'num_threads:=1')
    peer.depth_of(peer.image, frame())
    main = Path(f'/proc/{node.pid}/task/{node.pid}')
    name = (main / 'comm').read_text()  # those of the middleware have names of their own

    def used() -> dict[str, int]:
        own = [task for task in main.parent.iterdir() if (task / 'comm').read_text() == name]
        return {task.name: int((task / 'schedstat').read_text().split()[0]) for task in own}

    before = used()
    for _ in range(10):
        peer.depth_of(peer.image, frame())
    spent = {task: nanoseconds - before.get(task, 0) for task, nanoseconds in used().items()}
    mine = spent.pop(str(node.pid))
    assert mine > 0
    assert spent
    assert max(spent.values()) < 0.1 * mine, 'no pool works beside the thread that is budgeted'


def test_images_beyond_the_budget_are_left_out_and_counted(start) -> None:
    _, peer = start('-p', 'cpu_budget:=0.01')  # less than receiving alone takes
    peer.send_info(make_info(80, 48, 100.0))
    image = frame()

    def left_out() -> bool:
        values = {v.key: v.value for s in peer.statuses[-1:] for v in s.values}
        return int(values.get('left out by cpu_budget', 0)) > 3

    for _ in range(2000):
        peer.image.publish(image)
        if peer.spin_until(left_out, 0.03):
            break
    assert left_out()


def test_more_threads_than_cores_are_refused(start) -> None:
    node, _ = start('-p', 'cpu_affinity:="4095"')
    assert node.wait() == 2
    assert "cpu_affinity is '4095': the cores that this process may use" in node.lines[0]
