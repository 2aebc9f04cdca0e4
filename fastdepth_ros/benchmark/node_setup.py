"""What takes its turn beside the camera, and how its process is started."""

from __future__ import annotations

import importlib.util
import json
import os
from dataclasses import dataclass

from fastdepth_ros.errors import UserError, check_choice
from fastdepth_ros.processes.child import ChildProcess
from fastdepth_ros.processes.transport import (
    NEW_VARIABLE,
    OLD_VARIABLE,
    PROFILE,
    profile_variable,
)
from fastdepth_ros.share import shared_file

SHM = 'shm'
TRANSPORTS = (SHM, 'default')
NAIVE_NEEDS = ('torch', 'cv_bridge')
FRAMES = 8  # of the room, played again and again: few to render
QUIET = ('--log-level', 'warn')
NODES = 'fastdepth_ros.benchmark.ros'


@dataclass(frozen=True)
class Setup:
    """What every process is given."""

    model: str
    threads: int = 1
    size: tuple[int, int] = (640, 480)  # width, height of the camera's images, px
    rate: float = 30.0  # Hz
    transport: str = SHM


@dataclass(frozen=True)
class Subject:
    """A process that subscribes to the camera's images."""

    name: str
    answers: bool  # it publishes depth, and somebody listens
    busy: bool = False  # beside one busy process a core

    @property
    def naive(self) -> bool:
        """Whether it is the node that users write."""
        return self.name == NAIVE

    @property
    def title(self) -> str:
        """For people."""
        return f'{self.name}, busy' if self.busy else self.name


RECEIVE, IDLE, NODE, NAIVE = 'receive', 'idle', 'depth_node', 'naive'
SUBJECTS = (
    Subject(RECEIVE, answers=False),
    Subject(IDLE, answers=False),  # the depth node, and nobody listens
    Subject(NODE, answers=True),
    Subject(NAIVE, answers=True),
    Subject(NODE, answers=True, busy=True),
    Subject(NAIVE, answers=True, busy=True),
)


def naive_lacks() -> str:
    """Why the naive node cannot run; '' where it can."""
    missing = [name for name in NAIVE_NEEDS if importlib.util.find_spec(name) is None]
    return f'{" and ".join(missing)} not installed: no naive node' if missing else ''


def environment(transport: str) -> dict[str, str]:
    """This process's own, with the shared-memory profile or without any."""
    check_choice('transport', transport, TRANSPORTS)
    values = {k: v for k, v in os.environ.items() if k not in (OLD_VARIABLE, NEW_VARIABLE)}
    if transport == SHM:
        profile = shared_file(PROFILE)
        if profile is None:
            raise UserError(f'{PROFILE} is not installed: install the package again')
        values[profile_variable()] = str(profile)
    return values


def start_camera(setup: Setup) -> ChildProcess:
    """The simulated camera, with few frames and its true depth unheard."""
    width, height = setup.size
    shown = f'--size={width}x{height}', f'--rate={setup.rate}', f'--frames={FRAMES}'
    arguments = ['simulated_camera', *shown, '--ros-args', *QUIET]
    return ChildProcess('camera', arguments, environment=environment(setup.transport))


def start_subject(subject: Subject, setup: Setup, *more: str) -> ChildProcess:
    """Its process; our node has its default parameters but for model and num_threads.

    `more`: arguments for ROS.
    """
    module, arguments = 'fastdepth_ros', ['depth_node']
    ros = ['--ros-args', *QUIET, '-r', 'image:=/camera/image_raw']
    if subject.name == NAIVE:
        module, arguments = f'{NODES}.naive_node', [setup.model, str(setup.threads)]
    elif subject.name == RECEIVE:
        module, arguments = f'{NODES}.receiver', []
    else:
        ros += ['-p', f'model:={json.dumps(setup.model)}', '-p', f'num_threads:={setup.threads}']
    env = environment(setup.transport)
    return ChildProcess(subject.name, [*arguments, *ros, *more], module, env)
