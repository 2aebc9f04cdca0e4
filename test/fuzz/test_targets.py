"""Seeds, what was once found, and a few mutations: each is right or one clear error.

The search for more is `make fuzz`.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from fuzz.mutation import mutated
from fuzz.target import NAMES, REFUSED, REGRESSIONS, RIGHT, Finding, Target, outcome

MUTATIONS = 60


@pytest.fixture(params=NAMES)
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    try:
        yield Target.load(request.param)
    except ModuleNotFoundError as error:
        pytest.skip(f'{error.name} is not installed')


def test_every_input_is_right_or_one_clear_error(target: Target, capfd) -> None:
    inputs = target.inputs()
    rng = random.Random(0)
    # in C a mutation may end this process: of those parsers only what is known
    count = 0 if target.native else MUTATIONS
    counts: Counter[str] = Counter()
    for data in (*inputs, *(mutated(inputs, rng) for _ in range(count))):
        found = outcome(target, data)
        assert not isinstance(found, Finding), f'{found.kind}\n{found.text}\n{data[:200]!r}'
        counts[found] += 1
    assert counts[RIGHT], 'no seed leads through the parser'
    assert counts[REFUSED] or target.native


def test_inputs_are_the_same_every_day(target: Target, monkeypatch) -> None:
    inputs, now = target.inputs(), time.time()
    monkeypatch.setattr(time, 'time', lambda: now + 1e7)
    assert target.native or target.inputs() == inputs


def test_what_was_found_belongs_to_a_target() -> None:
    assert {path.name for path in REGRESSIONS.iterdir()} <= set(NAMES)
    assert all(path.stat().st_size < 20_000 for path in REGRESSIONS.rglob('*'))


@pytest.mark.parametrize(
    ('error', 'kind'),
    [(IndexError('x'), 'IndexError at'), (SystemExit(3), 'SystemExit at')],
)
def test_what_is_no_user_error_is_a_finding(error: BaseException, kind: str) -> None:
    def harness(_: bytes) -> None:
        raise error

    found = outcome(Target('t', lambda: iter([b'']), harness, False), b'')
    assert isinstance(found, Finding)
    assert found.kind.startswith(kind)
