"""One scale out of many measurements, that neither jumps nor forgets."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.scale.measurement import GROUND, Rejection, ScaleMeasurement

UNMEASURED, TRACKING, HELD = 'unmeasured', 'tracking', 'held'
LIMITS = 0.1, 10.0  # of a factor that can be meant
KEPT = 100  # measurements at most
GATE = math.log(1.5)  # off the running median: disagrees
TAKE_OVER = 0.3  # s after which what disagrees all the time is right: the view has changed
FEW = 3  # measurements that are kept for the median even if the window is shorter
CONFIDENT = 0.4  # ranges of as much confidence need no others, and silence the ground
TYPICAL = 2.0  # m, at which scales with a shift are compared
RANGES_LAST = 1.0  # s that they do so for, and that a lean, which is of one view, outlives them
WIDEST = 0.5  # x / z up to which a lean keeps to the rate: the edge of a lens of 53 degrees
LONGEST_STEP = 0.5  # s that a gap in time counts for, in the rate


@dataclass(frozen=True)
class Scale:
    """True depth = factor * exp(lean * x / z) * depth + shift, at one time."""

    factor: float
    shift: float  # m
    confidence: float  # 0 to 1
    source: str  # of the last good measurement; '' before any
    age_s: float  # since then; infinite before any
    state: str  # UNMEASURED, TRACKING, HELD
    lean: float = 0.0  # as of a ScaleMeasurement


@dataclass(frozen=True)
class _Entry:
    clock: float
    log_factor: float
    measurement: ScaleMeasurement


class RunningScale:
    """The newest sure range, or the weighted median of a short while, at a limited rate."""

    def __init__(
        self,
        max_rate: float = 1.0,
        hold_s: float = 3.0,
        window_s: float = 0.15,
        factor: float = 1.0,
        min_confidence: float = 0.1,
    ) -> None:
        """Starts at `factor`; UserError names what does not do.

        `max_rate`: relative change of any depth from 1 m on, a second, up to 27 degrees from the
        axis. `hold_s`: without a good measurement the state is HELD from then on. `window_s`: of
        the median; short, for the scale of a network's depth follows what it looks at.
        """
        self.configure(max_rate, hold_s)
        if not 0 < window_s < math.inf:
            raise UserError(f'window_s of the scale is {window_s:g}: more than 0 is needed')
        if not LIMITS[0] <= factor <= LIMITS[1]:
            raise UserError(f'the scale is {factor:g}: {LIMITS[0]:g} to {LIMITS[1]:g} is allowed')
        self._window, self._least = window_s, min_confidence
        self._entries: deque[_Entry] = deque(maxlen=KEPT)
        self._target = self._now = (math.log(factor), 0.0, 0.0)  # log factor, shift, lean
        self._confidence, self._source = 0.0, ''
        self._stamp: float | None = None
        self._clock, self._credit = 0.0, 0.0  # s that passed; s that the scale may still follow
        self._last_good = -math.inf
        self._disagree_since: float | None = None
        self.rejections: dict[str, str] = {}  # of each source's last word, if it was no good

    def configure(self, max_rate: float, hold_s: float) -> None:
        """Other limits from now on, as for __init__; the scale goes on from where it is."""
        for name, value in (('max_rate', max_rate), ('hold_s', hold_s)):
            if not 0 < value < math.inf:
                raise UserError(f'{name} of the scale is {value:g}: more than 0 is needed')
        self._rate, self._hold = math.log1p(max_rate), hold_s

    def update(self, measurement: ScaleMeasurement | Rejection, stamp: float) -> None:
        """Takes a source's word on the image of `stamp`, s; one that runs back passes no time."""
        self._advance(stamp)
        reason = self._reason_against(measurement)
        source = measurement.source
        if isinstance(measurement, Rejection) or reason:
            self.rejections[source] = reason
            return
        if source == GROUND and self._ranges_speak():  # good, and not needed: they are surer
            self.rejections.pop(source, None)
            return
        if self._disagrees(measurement):
            self.rejections[source] = (
                f'it says {measurement.factor:.2f}, and {math.exp(self._target[0]):.2f} holds: '
                f'taken over after {TAKE_OVER:g} s'
            )
            return
        if source != GROUND and measurement.confidence >= CONFIDENT:
            self._entries.clear()  # it stands for itself: its image's scale is not the last one's
        self._entries.append(_Entry(self._clock, math.log(measurement.factor), measurement))
        self._settle()
        self.rejections.pop(source, None)
        self._last_good, self._source = self._clock, source
        self._confidence += 0.2 * (measurement.confidence - self._confidence)
        if len(self._entries) == 1:
            self._confidence = measurement.confidence

    def at(self, stamp: float) -> Scale:
        """The scale for the image of `stamp`, s: call it once an image, in order."""
        self._advance(stamp)
        age = self._clock - self._last_good
        if age > RANGES_LAST:
            self._target = *self._target[:2], 0.0
        self._follow()
        state = UNMEASURED if math.isinf(age) else HELD if age > self._hold else TRACKING
        confidence = self._confidence * 0.5 ** (age / self._hold)
        log_factor, shift, lean = self._now
        return Scale(math.exp(log_factor), shift, confidence, self._source, age, state, lean)

    def _advance(self, stamp: float) -> None:
        """Lets time pass."""
        if not math.isfinite(stamp):
            return
        if self._stamp is None:
            self._stamp = stamp
        passed = stamp - self._stamp
        if passed > 0:
            self._stamp = stamp
            self._clock += passed
            self._credit = min(self._credit + passed, LONGEST_STEP)

    def _reason_against(self, measurement: ScaleMeasurement | Rejection) -> str:
        if isinstance(measurement, Rejection):
            return measurement.reason
        factor, shift = measurement.factor, measurement.shift
        if not (LIMITS[0] <= factor <= LIMITS[1] and math.isfinite(shift)):
            return f'a scale of {factor:.3g} cannot be: {LIMITS[0]:g} to {LIMITS[1]:g} is allowed'
        if not measurement.confidence >= self._least:
            return f'its confidence is {measurement.confidence:.2f}: {self._least:g} is needed'
        return ''

    def _disagrees(self, measurement: ScaleMeasurement) -> bool:
        """Whether it is far from what holds, and not for long enough to be right."""
        off = abs(at_a_distance(measurement.factor, measurement.shift, self._target))
        if off <= GATE or self._clock - self._last_good > self._hold:
            self._disagree_since = None
            return False
        if self._disagree_since is None:
            self._disagree_since = self._clock
        if self._clock - self._disagree_since < TAKE_OVER:
            return True
        self._disagree_since = None
        self._entries.clear()
        return False

    def _ranges_speak(self) -> bool:
        return any(
            e.measurement.source != GROUND
            and e.measurement.confidence >= CONFIDENT
            and self._clock - e.clock <= RANGES_LAST
            for e in self._entries
        )

    def _settle(self) -> None:
        """The target: the weighted median of what the window holds."""
        while self._is_old(self._entries[0]):
            self._entries.popleft()
        weights = np.array([e.measurement.confidence for e in self._entries])
        found = [(e.log_factor, e.measurement.shift, e.measurement.lean) for e in self._entries]
        factor, shift, lean = (weighted_median(v, weights) for v in np.array(found).T)
        self._target = factor, shift, lean

    def _is_old(self, entry: _Entry) -> bool:
        age = self._clock - entry.clock
        return age > self._hold or (age > self._window and len(self._entries) > FEW)

    def _follow(self) -> None:
        """Towards the target, all of it together, as far as the rate allows.

        A depth D of 1 m or more changes by d log D = (1 - shift / D) (d log factor + x / z d lean)
        + d shift / D.
        """
        to_go = [goal - now for goal, now in zip(self._target, self._now, strict=True)]
        most = 1 + max(0.0, -self._target[1], -self._now[1])
        need = most * (abs(to_go[0]) + WIDEST * abs(to_go[2])) + abs(to_go[1])
        allowed = self._rate * self._credit
        share = 1.0 if need <= allowed else allowed / need
        factor, shift, lean = (now + share * to for now, to in zip(self._now, to_go, strict=True))
        self._now = factor, shift, lean
        self._credit = 0.0


def at_a_distance(factor: float, shift: float, target: tuple[float, float, float]) -> float:
    """The logarithm by which two scales differ for a depth of TYPICAL."""
    theirs = math.exp(target[0]) * TYPICAL + target[1]
    return math.log(max(factor * TYPICAL + shift, 1e-3) / max(theirs, 1e-3))


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """The value below which half of the weight (n,) lies."""
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order[int(np.searchsorted(total, total[-1] / 2))]])
