"""What came out of a sweep: a table as CSV and Markdown, and RMSE against epochs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from fastdepth_ros.files import write_atomically
from fastdepth_ros.offline.evaluation.metrics import DELTAS
from fastdepth_ros.offline.sweep.plan import Trial
from fastdepth_ros.offline.training.logs import read_log

FIGURES = ('rmse', 'delta1')


def rows(trials: list[Trial], out: Path, failed: dict[str, str]) -> list[dict[str, Any]]:
    """A row a trial: its own options, epochs, the best epoch and its figures, and its state.

    A trial without a whole epoch has no figures; one that failed has those so far.
    """
    return [_row(trial, out / trial.name, failed.get(trial.name, 'done')) for trial in trials]


def _row(trial: Trial, folder: Path, state: str) -> dict[str, Any]:
    log = read_log(folder / 'log.csv')
    by = trial.config.best_by
    pick = max if by in DELTAS else min
    scored = [row for row in log if f'metric_{by}' in row]
    best = pick(scored, key=lambda row: row[f'metric_{by}']) if scored else None
    figures = {name: best and best.get(f'metric_{name}') for name in FIGURES}
    epochs = {'epochs': len(log), 'best_epoch': best and int(best['epoch'])}
    return {'trial': trial.name, **trial.varied, **epochs, **figures, 'state': state}


def to_csv(table: list[dict[str, Any]]) -> str:
    """All rows; an option that a trial does not vary is empty there."""
    text = io.StringIO(newline='')
    writer = csv.DictWriter(text, columns(table), lineterminator='\n')
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue()


def to_markdown(table: list[dict[str, Any]]) -> str:
    """The same, three digits, the lowest RMSE in bold; names of trials are left out."""
    names = [name for name in columns(table) if name != 'trial']
    scores = [row['rmse'] for row in table if row['rmse'] is not None]
    lines = [names, ['---'] * len(names)]
    for row in table:
        best = row['rmse'] is not None and row['rmse'] == min(scores)
        lines.append([_cell(name, row.get(name), best) for name in names])
    return ''.join(f'| {" | ".join(line)} |\n' for line in lines)


def columns(table: list[dict[str, Any]]) -> list[str]:
    """Every name of any row: the trial and its options first, figures and state last."""
    last = ['epochs', 'best_epoch', *FIGURES, 'state']
    seen = dict.fromkeys(name for row in table for name in row)
    return [*(name for name in seen if name not in last), *last]


def _cell(name: str, value: Any, best: bool) -> str:
    if value is None:
        return ''
    if name in FIGURES:
        return f'**{value:.3f}**' if best else f'{value:.3f}'
    return str(value).replace('|', '\\|')


def plot(trials: list[Trial], out: Path, picture: Path) -> None:
    """RMSE against epochs, a line a trial, as PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(9, 5), layout='constrained')
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for trial in trials:
        log = [row for row in read_log(out / trial.name / 'log.csv') if 'metric_rmse' in row]
        epochs, errors = [row['epoch'] for row in log], [row['metric_rmse'] for row in log]
        label = ', '.join(f'{name} {value}' for name, value in trial.varied.items())
        axes.plot(epochs, errors, marker='o', markersize=3, label=label)
    axes.set_xlabel('epoch')
    axes.set_ylabel('RMSE on the validation split, m')
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(alpha=0.3)
    figure.legend(loc='outside right upper', fontsize='small')
    buffer = io.BytesIO()
    figure.savefig(buffer, format='png', dpi=120)
    write_atomically(picture, buffer.getvalue())


def write_report(trials: list[Trial], out: Path, failed: dict[str, str]) -> list[dict[str, Any]]:
    """sweep.csv, sweep.md, sweep.json and sweep.png; returns the rows."""
    table = rows(trials, out, failed)
    write_atomically(out / 'sweep.csv', to_csv(table).encode())
    write_atomically(out / 'sweep.md', to_markdown(table).encode())
    write_atomically(out / 'sweep.json', (json.dumps(table, indent=2) + '\n').encode())
    plot(trials, out, out / 'sweep.png')
    return table
