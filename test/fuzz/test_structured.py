"""Inputs that are well-formed and say anything: hypothesis makes what bytes rarely are."""

from __future__ import annotations

import contextlib
import json
import struct
from dataclasses import asdict

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import examples

pytest.importorskip('h5py')
pytest.importorskip('torch')

from fuzz.target import RIGHT, Finding, Target, outcome
from fuzz.targets import camera_info, json_files, model_metadata, yaml_files

from fastdepth_ros.offline.data.mat5 import read_numbers

numbers = st.one_of(
    st.integers(-(2**70), 2**70), st.floats(), st.sampled_from([0, -1, 1e308, 2**31, 2**63])
)
scalars = st.one_of(st.none(), st.booleans(), numbers, st.text(max_size=20))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
thorough = settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))


def replaced(content: object, draw: st.DrawFn) -> object:
    """The content with one of its values, at any depth, replaced by anything."""
    if not isinstance(content, (dict, list)) or not content or draw(st.integers(0, 4)) == 0:
        return draw(values)
    keys = list(content) if isinstance(content, dict) else list(range(len(content)))
    key = draw(st.sampled_from(keys))
    changed = content.copy()
    changed[key] = replaced(content[key], draw)
    return changed


def check(harness: object, data: bytes) -> None:
    found = outcome(Target('structured', lambda: iter(()), harness, False), data)
    assert not isinstance(found, Finding), f'{found.kind}\n{found.text}\n{data!r}'


@thorough
@given(st.data())
def test_metadata_of_a_model(data: st.DataObject) -> None:
    content = {'format': 1, **asdict(model_metadata.example())}
    changed = replaced(content, data.draw)
    check(model_metadata.harness, json.dumps(changed).encode())


@thorough
@given(st.integers(0, len(json_files.READERS) - 1), st.data())
def test_json_files(number: int, data: st.DataObject) -> None:
    with contextlib.suppress(ValueError):
        content = json.loads(json_files.SEEDS[number])
        text = json.dumps(replaced(content, data.draw)).encode()
        check(json_files.harness, bytes([number]) + text)


@thorough
@given(st.integers(0, len(yaml_files.READERS) - 1), st.data())
def test_yaml_files(number: int, data: st.DataObject) -> None:
    content = next(iter(yaml.safe_load_all(yaml_files.SEEDS[min(number, 6)])))
    text = yaml.safe_dump(replaced(content, data.draw), allow_unicode=True)
    check(yaml_files.harness, bytes([number]) + text.encode(errors='surrogatepass'))


@thorough
@given(
    st.integers(0, 15),
    st.integers(0, len(camera_info.MODEL_NAMES) - 1),
    st.lists(st.floats(width=64), min_size=30, max_size=44),
    st.sampled_from([1, 2, 80, 640]),
)
def test_a_camera_info(choice: int, model: int, floats: list[float], side: int) -> None:
    head = (choice, model, 0, side, side, 1, 1, 0, 0, 0, 0)
    distortion = struct.pack(f'<{len(floats) - 30}d', *floats[30:])
    check(camera_info.harness, camera_info.HEAD.pack(*head, *floats[:30]) + distortion)


@thorough
@given(st.lists(st.sampled_from([1e-320, 1e-2, 1.0, 300.0, 1e7, 1e300]), min_size=4, max_size=4))
def test_a_camera_info_of_extreme_lenses(numbers: list[float]) -> None:
    fx, fy, cx, cy = numbers
    k, p = (fx, 0, cx, 0, fy, cy, 0, 0, 1), (fx, 0, cx, 0, 0, fy, cy, 0, 0, 0, 1, 0)
    for choice in range(16):
        head = (choice, 0, 0, 64, 48, 1, 1, 0, 0, 0, 0)
        packed = camera_info.HEAD.pack(*head, *k, *p, *((1, 0, 0, 0, 1, 0, 0, 0, 1)))
        check(camera_info.harness, packed + struct.pack('<5d', 0.1, 0, 0, 0, 0))


@thorough
@given(st.binary(max_size=200))
def test_a_mat_file_of_any_elements(content: bytes) -> None:
    with contextlib.suppress(ValueError):
        read_numbers(bytes(126) + b'IM' + content, 'a')


def test_an_outcome_is_told_apart() -> None:
    assert outcome(Target('t', lambda: iter(()), lambda _: None, False), b'') == RIGHT
    with pytest.raises(AssertionError, match='ValueError at'):
        check(lambda data: np.zeros(int(data)), b'x')
