"""Write a model card from a training run: data, licence, recipe, figures with intervals, caveats.

Everything in it is read from the model file, from the run's log.csv and from results of
evaluate --json. What only people know (intended use, who may be hurt) comes from --notes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import user_path, write_atomically
from fastdepth_ros.offline.cards.facts import ModelFacts, read_model, read_result
from fastdepth_ros.share import MODEL_HELP, SHIPPED, resolve_model

EXAMPLES = """\
  python -m fastdepth_ros card runs/nyu --results val.json --out CARD.md    # by evaluate --json
  python -m fastdepth_ros card default --results room.json desks.json --out CARD.md
"""
BEST = 'best.safetensors'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument('model', help=f"a run's folder, {MODEL_HELP}", metavar='RUN')
    parser.add_argument(
        '--out', type=Path, required=True, help='the card; its plots go into a folder beside it'
    )
    parser.add_argument(
        '--results', type=Path, nargs='+', default=[], help='of evaluate --json, with this model'
    )
    parser.add_argument('--notes', type=Path, help='Markdown that stands before the facts')


def run(args: argparse.Namespace) -> int:
    """Writes the card and its plots."""
    from fastdepth_ros.offline.cards.page import card_plots, render  # matplotlib, jinja2

    path, log = model_and_log(args.model)
    model = read_model(path, log)
    results = [read_result(file, model) for file in args.results]
    notes = read_notes(args.notes) if args.notes else ''
    folder = args.out.with_name(f'{args.out.stem}_plots')
    plots = card_plots(model, results)
    for name, data in plots.items():
        write_atomically(folder / name, data)
    text = render(model, results, notes, [f'{folder.name}/{name}' for name in plots])
    write_atomically(args.out, text.encode())
    print(args.out)
    for warning in warnings(model, results):
        print(f'warning: {warning}', file=sys.stderr)
    return 0


def model_and_log(what: str) -> tuple[Path, Path | None]:
    """The model file that is meant and, for a run's folder, its log."""
    if what in SHIPPED:
        return resolve_model(what, '.safetensors'), None
    path = user_path(what)
    if not path.is_dir():
        return path, None
    if not (path / BEST).is_file():
        raise UserError(f"'{path}' has no {BEST}: give the --out of train, or a model file")
    log = path / 'log.csv'
    return path / BEST, log if log.is_file() else None


def read_notes(path: Path) -> str:
    """The text of --notes."""
    try:
        return path.read_text(encoding='utf-8').strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read the notes '{path}': {error}") from error


def warnings(model: ModelFacts, results: list[dict[str, Any]]) -> list[str]:
    """What a card should have and this one has not."""
    found = []
    if not model.metadata.licence:
        found.append('the model names no licence (train --licence)')
    if not results:
        found.append('no --results: the card has no intervals, distances or baseline')
    return found
