"""The parsers that are fuzzed, a module each in targets/, and what one input of theirs came to.

A target has `seeds() -> Iterator[bytes]`, inputs that lead into the parser, and
`harness(data: bytes) -> None`, which returns where the result is right, and raises a UserError
where the input is refused. Anything else is a finding.
"""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fastdepth_ros.errors import UserError

FOLDER = Path(__file__).with_name('targets')
REGRESSIONS = Path(__file__).with_name('regressions')
NAMES = sorted(path.stem for path in FOLDER.glob('*.py'))
LONGEST = 1000  # characters of an error that is still one clear line
RIGHT, REFUSED = 'right', 'refused'


@dataclass(frozen=True)
class Target:
    """One parser."""

    name: str
    seeds: Callable[[], Iterator[bytes]]
    harness: Callable[[bytes], None]
    native: bool  # what it reads is read by a library in C that may end the process

    @classmethod
    def load(cls, name: str) -> Target:
        module = importlib.import_module(f'fuzz.targets.{name}')
        return cls(name, module.seeds, module.harness, getattr(module, 'NATIVE', False))

    def inputs(self) -> list[bytes]:
        """The seeds, and what was found before."""
        kept = sorted((REGRESSIONS / self.name).glob('*'))
        return [*self.seeds(), *(path.read_bytes() for path in kept)]


@dataclass(frozen=True)
class Finding:
    """What no input may do."""

    kind: str  # one line that is the same for the same mistake
    text: str


def outcome(target: Target, data: bytes) -> str | Finding:
    """RIGHT, REFUSED or what went wrong."""
    try:
        target.harness(data)
    except UserError as error:
        return unclear(error) or REFUSED
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return Finding(f'{type(error).__name__} at {place(error)}', text_of(error))
    return RIGHT


def unclear(error: UserError) -> Finding | None:
    """A refusal is one line that people can read."""
    text = str(error)
    if text.isprintable() and 0 < len(text) <= LONGEST:
        return None
    return Finding(f'unclear UserError at {place(error)}', f'{text[:2000]!r}\n{text_of(error)}')


def text_of(error: BaseException) -> str:
    return ''.join(traceback.format_exception(error, limit=-12))[-8000:]


def place(error: BaseException) -> str:
    """The last line of the package that it went through, else the last line of all."""
    frames = traceback.extract_tb(error.__traceback__, limit=-50)
    ours = [f for f in frames if 'fastdepth_ros/' in f.filename and '/test/' not in f.filename]
    frame = (ours or list(frames))[-1]
    return f'{Path(frame.filename).name}:{frame.lineno}'
