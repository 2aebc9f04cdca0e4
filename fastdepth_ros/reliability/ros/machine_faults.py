"""What the machine does to the node."""

from __future__ import annotations

import resource

import numpy as np
import psutil
from rclpy.parameter import Parameter

from fastdepth_ros.benchmark.busy import busy_processes
from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.reliability.outcome import Outcome
from fastdepth_ros.reliability.ros.control_faults import set_parameters
from fastdepth_ros.reliability.ros.stage import Stage
from fastdepth_ros.reliability.soak_figures import MIB

BUSY_A_CORE = 2  # processes
BUSY_TIME = 8.0  # s
SPARE = (60, 24, 8, 2)  # MiB that the node may still take
SHORT = 0.3  # s
WIDTH = 4096  # of images, px
SIZES = (4096, 3072, 2048, 1536, 1024, 768, 512, 256)  # px: 48 to 3 MiB in rgb8


def all_cores_loaded(stage: Stage) -> Outcome:
    """Two busy processes a core, at the node's own nice."""
    outcome = stage.outcome()
    with stage.running_node():
        with busy_processes(BUSY_A_CORE * available_cores()):
            stage.peer.forget()
            stage.spin(BUSY_TIME)
            outcome.gap = stage.peer.longest_gap
            answers = len(stage.peer.answers)
        outcome.recovered.append(stage.recover())
    outcome.note = f'{answers / BUSY_TIME:.1f} Hz of depth meanwhile'
    return outcome


def memory_limit(stage: Stage) -> Outcome:
    """Hardly any more address space (RLIMIT_AS), and images and models that need it."""
    outcome, peer = stage.outcome(), stage.peer
    with stage.running_node() as node:
        for spare in SPARE:
            limit_memory(node.pid, spare * MIB)
            for rows in SIZES:
                peer.send(np.zeros((rows, WIDTH, 3), np.uint8))
                stage.spin(SHORT)
                outcome.recovered.append(stage.recover())
            for precision in ('f32', 'auto'):
                set_parameters(stage, [Parameter('precision', value=precision)])
                outcome.recovered.append(stage.recover())
    return outcome


def limit_memory(pid: int, spare: int) -> None:
    """Lets a process have so many bytes of address space more than it has."""
    used = psutil.Process(pid).memory_info().vms
    _, most = resource.prlimit(pid, resource.RLIMIT_AS)
    resource.prlimit(pid, resource.RLIMIT_AS, (used + spare, most))
