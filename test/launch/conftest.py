"""Launch files against stand-ins for `launch`, which is on no package index.

They record what a file describes; `ros2 launch` itself is for a machine that has it.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
STAND_INS = {
    'launch': (),
    'launch.actions': (
        *('DeclareLaunchArgument', 'IncludeLaunchDescription', 'OpaqueFunction'),
        'SetEnvironmentVariable',
    ),
    'launch.launch_context': ('LaunchContext',),
    'launch.launch_description': ('LaunchDescription',),
    'launch.substitutions': (
        *('EnvironmentVariable', 'LaunchConfiguration', 'PathJoinSubstitution'),
    ),
    'launch_ros': (),
    'launch_ros.actions': ('Node',),
    'launch_ros.substitutions': ('FindPackageShare',),
}
Describe = Callable[[str], list[Any]]


class Recorded(SimpleNamespace):
    """Keeps what it was made with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(args=args, **kwargs)


@pytest.fixture
def describe(monkeypatch: pytest.MonkeyPatch) -> Describe:
    """describe('depth') -> the entities that launch/depth.launch.py describes."""
    for name, classes in STAND_INS.items():
        module = types.ModuleType(name)
        module.__dict__.update({c: type(c, (Recorded,), {}) for c in classes})
        monkeypatch.setitem(sys.modules, name, module)

    def load(name: str) -> list[Any]:
        path = ROOT / 'launch' / f'{name}.launch.py'
        spec = importlib.util.spec_from_file_location(f'{name}_launch', path)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return list(module.generate_launch_description().args[0])

    return load
