"""Depth nodes and their peers, ended after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip('rclpy')

from rclpy.context import Context
from rclpy.node import Node
from ros_harness import NodeProcess, Peer

from fastdepth_ros.ros.node import DepthNode

Start = Callable[..., tuple[NodeProcess, Peer]]


@pytest.fixture(scope='session')
def starter(stub_onnx: Path) -> Start:
    """Starts a node with the stub's depth, and a peer in its namespace."""

    def start(
        *ros_args: str, listening: bool = True, **environment: str
    ) -> tuple[NodeProcess, Peer]:
        node = NodeProcess(
            '-p', f'model:={stub_onnx}', '-p', 'precision:=f32', *ros_args, **environment
        )
        return node, Peer(node.namespace, listening)

    return start


@pytest.fixture
def start(starter: Start) -> Iterator[Start]:
    """start('-p', 'num_threads:=1', ...) -> (a node of the test's own, its peer)."""
    started: list[tuple[NodeProcess, Peer]] = []

    def start(*ros_args: str, **options: Any) -> tuple[NodeProcess, Peer]:
        started.append(starter(*ros_args, **options))
        return started[-1]

    yield start
    for node, peer in started:
        end(node, peer)


@pytest.fixture(scope='session')
def running(starter: Start) -> Iterator[tuple[NodeProcess, Peer]]:
    """A node that tests share, since discovery can take seconds; it remembers the last info."""
    node, peer = starter('-p', 'reliability:=reliable')
    yield node, peer
    end(node, peer)


@pytest.fixture
def node() -> Iterator[Node]:
    """A node in this process, with a context of its own."""
    context = Context()
    context.init()
    yield Node('n', context=context)
    context.shutdown()


@pytest.fixture
def make(stub_onnx: Path) -> Iterator[Callable[..., DepthNode]]:
    """make('-p', 'num_threads:=1', ...) -> a depth node in this process, unconfigured."""
    made: list[tuple[DepthNode, Context]] = []

    def make(*arguments: str) -> DepthNode:
        context = Context()
        context.init(args=['--ros-args', '-p', f'model:={stub_onnx}', *arguments])
        made.append((DepthNode(context=context), context))
        return made[-1][0]

    yield make
    for node, context in made:
        node.destroy_node()
        context.shutdown()


def end(node: NodeProcess, peer: Peer) -> None:
    peer.close()
    node.kill()


@pytest.fixture
def grey() -> np.ndarray:
    """(48, 80) uint8, of another size and shape than the network's input."""
    y, x = np.mgrid[:48, :80]
    return (40 + 2 * x + y).astype(np.uint8)
