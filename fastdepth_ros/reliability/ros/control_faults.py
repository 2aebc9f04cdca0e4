"""What tools and managers do to the node, by its services."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import Field, fields
from random import Random
from typing import Any

from lifecycle_msgs.msg import State, Transition
from lifecycle_msgs.srv import ChangeState, GetState
from rcl_interfaces.srv import SetParametersAtomically
from rclpy.parameter import Parameter

from fastdepth_ros.reliability.outcome import Outcome
from fastdepth_ros.reliability.ros.stage import Stage
from fastdepth_ros.ros.parameters import NodeParameters

SETS_AT_ONCE = 10  # random ones, before the node is asked for what it was started with
# only root may lower nice again; torch takes seconds to import, and is not installed on a robot
LEFT_ALONE = ('nice',)
SLOW = 'torch'
NONSENSE = ('', ' ', '/', '//', '/dev/null', '/proc/self/mem', '~', 'a b', 'ü', 'tf', 'x' * 5000)
NUMBERS = (0, -1, 1, 7, 2**31, 2**62, 0.0, -0.0, 0.5, 1e-300, 1e300, math.nan, math.inf, -math.inf)
LEGAL = {  # the one that leads back to active, by where the node is
    State.PRIMARY_STATE_UNCONFIGURED: Transition.TRANSITION_CONFIGURE,
    State.PRIMARY_STATE_INACTIVE: Transition.TRANSITION_ACTIVATE,
}
ASKED = (  # all but shutdown, which is for good
    Transition.TRANSITION_CREATE,
    Transition.TRANSITION_CONFIGURE,
    Transition.TRANSITION_CLEANUP,
    Transition.TRANSITION_ACTIVATE,
    Transition.TRANSITION_DEACTIVATE,
    Transition.TRANSITION_DESTROY,
)
ASKED_AT_ONCE = 10


def random_parameters(stage: Stage) -> Outcome:
    """Parameters set at random, legal and not, while images flow; then what they were before."""
    outcome, refused, unanswered = stage.outcome(), 0, 0
    slowest = 0.0
    with stage.running_node():
        before = defaults(stage)
        for number in range(1, stage.options.count + 1):
            begin = time.monotonic()
            done = set_parameters(stage, random_changes(stage.random))
            slowest = max(slowest, time.monotonic() - begin)
            unanswered += done is None
            refused += done is False
            if number % SETS_AT_ONCE == 0 or number == stage.options.count:
                if not set_parameters(stage, before):
                    outcome.problems.append('the first parameters were refused')
                outcome.recovered.append(stage.recover())
    if unanswered:
        outcome.problems.append(f'{unanswered} sets were not answered')
    outcome.note = (
        f'{stage.options.count} sets, {refused} refused, the slowest answer in {slowest:.1f} s'
    )
    return outcome


def settable() -> list[Field[Any]]:
    """The fields that may be set while the node runs."""
    return [
        spec
        for spec in fields(NodeParameters)
        if not spec.metadata['read_only'] and spec.name not in LEFT_ALONE
    ]


def defaults(stage: Stage) -> list[Parameter[Any]]:
    """What the node was started with."""
    given = {'model': stage.options.setup.model, 'num_threads': stage.options.setup.threads}
    return [Parameter(spec.name, value=given.get(spec.name, spec.default)) for spec in settable()]


def random_changes(random: Random) -> list[Parameter[Any]]:
    """One parameter or some at once, mostly such that each by itself is allowed."""
    chosen = random.sample(settable(), random.choice((1, 1, 1, 2, 5)))
    return [Parameter(spec.name, value=random_value(random, spec)) for spec in chosen]


def random_value(random: Random, spec: Field[Any]) -> Any:
    """Of its type and range two times of three."""
    if random.random() < 1 / 3:
        return random.choice((*NONSENSE, *NUMBERS, True, [1, 2], ['a']))
    choices, limits = spec.metadata['choices'], spec.metadata['limits']
    kind: type = type(spec.default)
    if choices:
        return random.choice([choice for choice in choices if choice != SLOW])
    if kind is bool:
        return random.random() < 0.5
    if limits is None:
        return random.choice((spec.default, *NONSENSE))
    if kind is int:
        return random.randint(*limits)
    return random.choice((random.uniform(*limits), *limits))


def set_parameters(stage: Stage, changes: Iterable[Parameter[Any]]) -> bool | None:
    """Whether the node took them; None where it did not answer."""
    request = SetParametersAtomically.Request(
        parameters=[change.to_parameter_msg() for change in changes]
    )
    response = stage.call(SetParametersAtomically, 'set_parameters_atomically', request)
    return None if response is None else bool(response.result.successful)


def lifecycle_random(stage: Stage) -> Outcome:
    """Transitions in any order; then back to active, and at last a shutdown."""
    outcome, refused, asked = stage.outcome(), 0, 0
    with stage.running_node():
        while asked < stage.options.times(2):
            for transition in stage.random.choices(ASKED, k=ASKED_AT_ONCE):
                done = change_state(stage, transition)
                asked, refused = asked + 1, refused + (done is False)
                if done is None:
                    outcome.problems.append(f'transition {transition} was not answered')
            if not activate(stage):
                outcome.problems.append('it cannot be activated again')
            outcome.recovered.append(stage.recover())
        change_state(stage, Transition.TRANSITION_ACTIVE_SHUTDOWN)
        if state_of(stage) != State.PRIMARY_STATE_FINALIZED:
            outcome.problems.append('it cannot be shut down')
    outcome.note = f'{asked} transitions, {refused} refused'
    return outcome


def change_state(stage: Stage, transition: int) -> bool | None:
    """Whether the node did it; None where it did not answer."""
    request = ChangeState.Request(transition=Transition(id=transition))
    response = stage.call(ChangeState, 'change_state', request)
    return None if response is None else bool(response.success)


def state_of(stage: Stage) -> int | None:
    """A State.PRIMARY_STATE_...; None where there was no answer."""
    response = stage.call(GetState, 'get_state', GetState.Request())
    return None if response is None else int(response.current_state.id)


def activate(stage: Stage) -> bool:
    """From wherever it is; whether it is active."""
    while (state := state_of(stage)) in LEGAL:
        if not change_state(stage, LEGAL[state]):
            return False
    return state == State.PRIMARY_STATE_ACTIVE
