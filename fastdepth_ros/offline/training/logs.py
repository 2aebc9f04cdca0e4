"""What a run tells while it goes on: log.csv, and events for TensorBoard if asked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import write_atomically

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

KINDS = ('metric', 'scaled', 'expected_error')


def log_row(figures: dict[str, Any]) -> dict[str, float]:
    """A line of log.csv: epoch, loss, lr, metric_*, scaled_*, and expected_error_* if told."""
    row = {name: figures[name] for name in ('epoch', 'loss', 'lr')}
    return row | {f'{kind}_{k}': v for kind in KINDS for k, v in figures.get(kind, {}).items()}


def write_log(path: Path, history: list[dict[str, Any]]) -> None:
    """All epochs so far, whole or not at all, so that a resumed run repeats no line."""
    rows = [log_row(figures) for figures in history]
    text = io.StringIO(newline='')
    # a run may be resumed by a version that tells more
    names = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(text, list(names))
    writer.writeheader()
    writer.writerows(rows)
    write_atomically(path, text.getvalue().encode())


def read_log(path: Path) -> list[dict[str, float]]:
    """The lines of a log.csv, without the fields that are empty; none where there is no file.

    UserError for a file that is no log.
    """
    try:
        with path.open(encoding='utf-8', newline='') as file:
            rows = csv.DictReader(file)
            return [{name: float(text) for name, text in row.items() if text} for row in rows]
    except FileNotFoundError:
        return []
    # TypeError: a line with more fields than there are names
    except (OSError, ValueError, TypeError, csv.Error) as error:
        raise UserError(f"'{path}' is not the log of a run: {error}") from error


class TensorBoard:
    """Scalars by step (loss, lr, images a second) and by epoch (the figures); or nothing.

    What cannot be written is a UserError.
    """

    def __init__(self, folder: Path | None, step: int) -> None:
        """Writes into `folder`; what it has from `step` on, before a run was killed, is hidden."""
        self._folder = folder
        self._writer: SummaryWriter | None = None
        if folder is not None:
            from torch.utils.tensorboard import SummaryWriter

            with self._errors_told():
                self._writer = SummaryWriter(str(folder), purge_step=step)

    def add(self, step: int, **scalars: float) -> None:
        """Of training, at `step` of the run."""
        self._add('training', scalars, step)

    def add_figures(self, step: int, figures: dict[str, Any]) -> None:
        """Of validation, after an epoch that ended with `step`."""
        for kind in KINDS:
            self._add(kind, figures.get(kind, {}), step)
        if self._writer:
            with self._errors_told():
                self._writer.flush()

    def close(self) -> None:
        """Writes what is left."""
        if self._writer:
            with self._errors_told():
                self._writer.close()

    def _add(self, kind: str, scalars: dict[str, float], step: int) -> None:
        if self._writer:
            with self._errors_told():
                for name, value in scalars.items():
                    self._writer.add_scalar(f'{kind}/{name}', value, step)

    @contextmanager
    def _errors_told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            text = error.strerror or error
            raise UserError(f"cannot write '{self._folder}': {text}") from error
