"""What ends the runs of survive.py; each is armed in the process that it is to meet."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from fastdepth_ros.offline.training import run
from fastdepth_ros.offline.training.state_file import State
from fastdepth_ros.offline.training.trainer import Trainer

PLACES: dict[str, tuple[object, str]] = {
    'in a step': (Trainer, 'step'),
    'in a validation': (run, 'validate'),
    'before the log': (run, 'write_log'),  # best and last are written, log and state are not
    'before a sync': (os, 'fsync'),  # a file is written, but perhaps not on the disk
    'before a rename': (Path, 'replace'),  # a file is whole, but has not its name yet
    'before a removal': (Path, 'unlink'),  # the run is over, its states are being removed
}
CALL, CLOCK = 'at any call', 'at any moment'
HALF, FULL = 'in a half state', 'full disk'
KINDS = (*PLACES, CALL, HALF, FULL, CLOCK)
# The largest number of each: about what three epochs of four steps have.
MOST = dict(zip(PLACES, (12, 3, 3, 26, 26, 2), strict=True)) | {
    CALL: 150_000,
    HALF: 15,
    FULL: 15,
    CLOCK: 700,
}

ENDS = {FULL: 2, HALF: -signal.SIGXFSZ}  # exit codes; of all others -SIGKILL


@dataclass(frozen=True)
class Fault:
    """Of one of KINDS; it meets the number-th call of its place, or millisecond (CLOCK)."""

    kind: str
    number: int

    @property
    def end(self) -> int:
        """The exit code of whom it meets."""
        return ENDS.get(self.kind, -signal.SIGKILL)

    def arm(self) -> None:
        """From now on, in this process; CLOCK is its parent's work."""
        if self.kind in PLACES:
            owner, name = PLACES[self.kind]
            setattr(owner, name, self._counted(getattr(owner, name), _die))
        elif self.kind == CALL:
            sys.setprofile(self._profile())
        elif self.kind in (HALF, FULL):
            if self.kind == HALF:  # Python ignores what the system kills by
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            State.to_bytes = self._no_room(State.to_bytes)  # type: ignore[method-assign]

    def _counted(self, real: Callable[..., Any], act: Callable[[], None]) -> Callable[..., Any]:
        calls = [0]

        def counted(*args: Any, **named: Any) -> Any:
            calls[0] += 1
            if calls[0] == self.number:
                act()
            return real(*args, **named)

        return counted

    def _profile(self) -> Callable[..., None]:
        left = [self.number]

        def profile(*_: object) -> None:
            left[0] -= 1
            if left[0] == 0:
                _die()

        return profile

    def _no_room(self, real: Callable[..., bytes]) -> Callable[..., bytes]:
        """The system takes half of the number-th state, and no more."""
        calls = [0]

        def limited(*args: Any) -> bytes:
            calls[0] += 1
            data = real(*args)
            if calls[0] == self.number:
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                resource.setrlimit(resource.RLIMIT_FSIZE, (len(data) // 2, len(data) // 2))
            return data

        return limited


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


DAMAGES: dict[str, Callable[[bytes, int], bytes]] = {
    'cut off': lambda data, p: data[:p],
    'a bit flipped': lambda data, p: data[:p] + bytes([data[p] ^ 1 << p % 8]) + data[p + 1 :],
    'empty': lambda data, p: data[:0] * p,
}


def newest_state(folder: Path) -> Path | None:
    """The newer one of two whole states; None where there are not two."""
    numbers = {path: state_number(path) for path in folder.glob('state/?.safetensors')}
    both = len(numbers) == 2 and all(numbers.values())
    return max(numbers, key=numbers.__getitem__) if both else None


def has_damaged_state(folder: Path) -> bool:
    """Whether a file of a state is not whole."""
    return any(not state_number(path) for path in folder.glob('state/?.safetensors'))


def state_number(path: Path) -> int:
    """Counted from 1; 0: damaged."""
    try:
        return State.from_bytes(path.read_bytes())[0]
    except (ValueError, KeyError, TypeError, SafetensorError):
        return 0
