"""The folder of a run: what is in it, that one run writes there, and how it is resumed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastdepth_ros.documents import read_json
from fastdepth_ros.errors import UserError
from fastdepth_ros.files import remove_unfinished, write_atomically
from fastdepth_ros.offline.training.folder_lock import locked
from fastdepth_ros.offline.training.run_config import RunConfig, check_same, read_yaml
from fastdepth_ros.offline.training.state_file import StateFiles

WRITTEN = ('config.yaml', 'best.safetensors', 'last.safetensors', 'log.csv', 'result.json')


class RunFolder:
    """config.yaml, best and last.safetensors, log.csv; state/ until result.json ends the run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.states = StateFiles(path / 'state')

    @property
    def config(self) -> Path:
        """The options of the run."""
        return self.path / 'config.yaml'

    @property
    def result(self) -> dict[str, Any] | None:
        """The best epoch's figures, once the run is over."""
        try:
            return read_json(self.path / 'result.json')
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise UserError(f"cannot read '{self.path}/result.json': {error}") from error

    def unused(self) -> tuple[bytes, None]:
        """(no state, no result); a UserError if a run is here, which a new one would overwrite."""
        if self.states.exist or self.result is not None:
            raise UserError(
                f"'{self.path}' holds a run already: --resume goes on with it, or choose another "
                '--out'
            )
        return b'', None

    def earlier(self, config: RunConfig) -> tuple[bytes, dict[str, Any] | None]:
        """(state, result) of the run here: one of them, or neither where none has begun.

        A UserError if it is over and was another than `config`; states are checked as they go on.
        """
        result = self.result
        if result is not None:
            check_same(config, RunConfig(**read_yaml(self.config)), self.path)
            self.states.remove()
            return b'', result
        kept = self.states.load()
        if not kept:
            print(f"no state in '{self.path}' to resume from: starting", file=sys.stderr)
        return kept, None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other process may train into it meanwhile; what a killed one left half is removed."""
        with locked(self.path):
            for name in WRITTEN:
                remove_unfinished(self.path, name)
            remove_unfinished(self.path / 'state', '*.safetensors')
            yield

    def finish(self, best: dict[str, Any]) -> None:
        """The run is over: its figures stay, its state goes."""
        write_atomically(self.path / 'result.json', (json.dumps(best, indent=2) + '\n').encode())
        self.states.remove()
