"""A depth node in a process of its own, and the camera and listener that test it."""

from __future__ import annotations

import functools
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.client import Client
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.publisher import Publisher
from rclpy.qos import QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import CameraInfo, Image

RELIABLE, BEST_EFFORT = ReliabilityPolicy.RELIABLE, ReliabilityPolicy.BEST_EFFORT
PATIENCE = 60.0  # s: never waited for on a machine that is not overloaded
_namespaces = itertools.count()


def make_image(pixels: np.ndarray, encoding: str = 'rgb8', padding: int = 0) -> Image:
    """A message of (H, W) or (H, W, channels) uint8, each row followed by `padding` bytes."""
    height, width = pixels.shape[:2]
    rows = np.pad(pixels.reshape(height, -1), ((0, 0), (0, padding)), constant_values=255)
    message = Image(height=height, width=width, encoding=encoding, step=rows.shape[1])
    message.data.frombytes(rows.tobytes())
    message.header.frame_id = 'camera_optical_frame'
    return message


def make_info(width: int, height: int, focal_length: float) -> CameraInfo:
    """A CameraInfo with square pixels and the principal point in the middle."""
    f, cx, cy = focal_length, width / 2, height / 2
    return CameraInfo(
        width=width,
        height=height,
        distortion_model='plumb_bob',
        d=[0.0, 0.0, 0.0, 0.0, 0.0],
        k=[f, 0.0, cx, 0.0, f, cy, 0.0, 0.0, 1.0],
        r=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
        p=[f, 0.0, cx, -0.1 * f, 0.0, f, cy, 0.0, 0.0, 0.0, 1.0, 0.0],
    )


def set_in_process(node: Node, **values: Any) -> str:
    """Sets parameters of a node in this process: '' where it took them, else its reason."""
    changes = [Parameter(name, value=value) for name, value in values.items()]
    result = node.set_parameters_atomically(changes)
    return '' if result.successful else result.reason


class NodeProcess:
    """`python -m fastdepth_ros depth_node --ros-args ...`, with everything that it prints."""

    def __init__(self, *ros_args: str, **environment: str) -> None:
        self.namespace = f'/t{next(_namespaces)}'
        command = [sys.executable, '-m', 'fastdepth_ros', 'depth_node', '--ros-args']
        self._process = subprocess.Popen(
            [*command, *ros_args, '-r', f'__ns:={self.namespace}'],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | environment,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.lines.append(line.rstrip())

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def output(self) -> str:
        """All lines so far."""
        return '\n'.join(self.lines)

    def wait_for(self, text: str) -> str:
        """The first line that contains `text`, waited for."""

        def found() -> list[str]:
            return [line for line in self.lines if text in line]

        wait_until(lambda: bool(found()) or self._process.poll() is not None)
        assert found(), f'no {text!r} in:\n{self.output}'
        return found()[0]

    def wait(self) -> int:
        """The exit code, waited for; a node that does not end is ended, and the test fails."""
        try:
            code = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        self._reader.join(PATIENCE)
        return code

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Sends a signal; the exit code."""
        self._process.send_signal(number)
        return self.wait()

    def kill(self) -> None:
        """Ends it however it is."""
        self._process.kill()
        self.wait()


class Peer:
    """A camera beside a node, and a listener to its depth unless told not to be."""

    def __init__(self, namespace: str, listening: bool = True) -> None:
        self._context = Context()
        self._context.init()
        self.node = Node('peer', namespace=namespace, context=self._context)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self.node)
        self.depths: list[Image] = []
        self.infos: list[CameraInfo] = []
        self.statuses: list[DiagnosticStatus] = []  # of the depth node
        subscribe = self.node.create_subscription
        if listening:
            subscribe(Image, 'depth/image', self.depths.append, 10)
            subscribe(CameraInfo, 'depth/camera_info', self.infos.append, 10)
        subscribe(DiagnosticArray, '/diagnostics', self._on_diagnostics, 10)
        self.info = self.node.create_publisher(CameraInfo, 'camera_info', 10)
        self._sent_info: CameraInfo | None = None
        self._clients: dict[str, Client] = {}
        self._stamps = itertools.count(1)

    @functools.cached_property
    def image(self) -> Publisher:
        """The reliable camera on `image`, which most tests need."""
        return self.camera()

    def camera(self, reliability: ReliabilityPolicy = RELIABLE, topic: str = 'image') -> Publisher:
        """A publisher of images."""
        return self.node.create_publisher(
            Image, topic, QoSProfile(depth=1, reliability=reliability)
        )

    def spin(self, seconds: float) -> None:
        """Receives what comes."""
        self.spin_until(lambda: False, seconds)

    def spin_until(self, done: Callable[[], bool], seconds: float = PATIENCE) -> bool:
        """Receives until `done`; whether it came to that in time."""
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end:
            self._executor.spin_once(timeout_sec=0.02)
        return done()

    def send_info(self, info: CameraInfo) -> None:
        """Publishes it some times: the subscriber is known here before it listens to us."""
        self._sent_info = info
        assert self.spin_until(lambda: self.info.get_subscription_count() > 0)
        for _ in range(6):
            self.repeat_info()
            self.spin(0.05)

    def repeat_info(self) -> None:
        """Publishes the info that was sent last, if any, as cameras do before each image."""
        if self._sent_info:
            self.info.publish(self._sent_info)

    def send(self, camera: Publisher, image: Image) -> None:
        """Publishes one image, with a new stamp, when a subscriber is there."""
        assert self.spin_until(lambda: camera.get_subscription_count() > 0)
        image.header.stamp.sec = next(self._stamps)
        camera.publish(image)

    def depth_of(self, camera: Publisher, image: Image) -> tuple[Image, np.ndarray]:
        """The depth message of this image and its pixels in metres.

        Sent again while there is no answer: a best-effort image can be lost, and so can any
        that comes while the node subscribes anew. With it the info that was sent, until the
        node shows that it has that. The image then has the stamp of the one that was answered.
        """
        end, sent = time.monotonic() + PATIENCE, set[int]()
        while time.monotonic() < end:
            self.repeat_info()
            self.spin(0.05)
            self.send(camera, image)
            sent.add(image.header.stamp.sec)
            if self.spin_until(lambda: bool(self._answered(sent)), 0.5):
                depth = self._answered(sent)[0]
                image.header.stamp.sec = depth.header.stamp.sec
                metres = np.frombuffer(depth.data, np.float32).reshape(depth.height, depth.width)
                return depth, metres
        raise AssertionError('no depth came')

    def info_of(self, image: Image) -> CameraInfo:
        """The depth/camera_info that belongs to an image whose depth has come."""

        def found() -> list[CameraInfo]:
            return [i for i in self.infos if i.header.stamp == image.header.stamp]

        assert self.spin_until(lambda: bool(found()))
        return found()[0]

    def _answered(self, sent: set[int]) -> list[Image]:
        """The depths of the images with these stamps whose info has come, if it will."""
        informed = {info.header.stamp.sec for info in self.infos} if self._sent_info else sent
        return [d for d in self.depths if d.header.stamp.sec in sent & informed]

    def diagnosis(self, done: Callable[[DiagnosticStatus, dict[str, str]], bool]) -> str:
        """The message of the first status from now on with which `done` is content."""
        self.statuses.clear()

        def found() -> list[DiagnosticStatus]:
            return [s for s in self.statuses if done(s, {v.key: v.value for v in s.values})]

        assert self.spin_until(lambda: bool(found())), self.statuses[-1:]
        return str(found()[0].message)

    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        mine = self.node.get_namespace().lstrip('/') + '/depth_node: depth'
        self.statuses += [status for status in message.status if status.name == mine]

    def call(self, kind: Any, name: str, request: Any) -> Any:
        """The response of a service in this namespace.

        A service that does not know the client yet drops its answer after 100 ms
        (rmw_fastrtps), so a new client waits longer than that, and what has no answer is asked
        again.
        """
        if name not in self._clients:
            self._clients[name] = self.node.create_client(kind, name)
            assert self.spin_until(self._clients[name].service_is_ready)
            self.spin(0.5)
        for _ in range(3):
            future = self._clients[name].call_async(request)
            if self.spin_until(future.done, PATIENCE / 3):
                return future.result()
        raise AssertionError(f'no answer from {name}')

    def close(self) -> None:
        """Leaves the graph."""
        self.node.destroy_node()
        self._context.try_shutdown()


def wait_until(done: Callable[[], bool]) -> None:
    """Waits, without ROS."""
    end = time.monotonic() + PATIENCE
    while not done() and time.monotonic() < end:
        time.sleep(0.01)
