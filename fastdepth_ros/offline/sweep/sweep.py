"""Train over learning rates, losses, batch sizes or any option of train, and compare.

--config names a YAML file with `base` (options of every run), `grid` (lists of values, of which
every combination is a run) and `trials` (single runs). Writes into --out a folder for each run,
and sweep.csv, sweep.md, sweep.json (RMSE and delta 1 of each run's best epoch) and sweep.png (RMSE
against epochs). The same command again keeps what is done and goes on with the rest.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import remove_unfinished
from fastdepth_ros.offline.data.arguments import add_data_arguments
from fastdepth_ros.offline.data.frames import list_frames
from fastdepth_ros.offline.sweep.plan import Trial, read_plan
from fastdepth_ros.offline.sweep.report import to_markdown, write_report
from fastdepth_ros.offline.sweep.trials import run_trials, wait_for_orphans
from fastdepth_ros.offline.training.run_config import RunConfig, check_same, read_yaml
from fastdepth_ros.offline.training.run_folder import RunFolder

EXAMPLES = """\
  python -m fastdepth_ros sweep --config config/sweep.yaml --data nyudepthv2 --out runs/sweep
  python -m fastdepth_ros sweep --config my_sweep.yaml --data my_robot --out runs/sweep --jobs 4
"""
FAILED = 1  # exit code where some trials failed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument('--config', type=Path, required=True, help='YAML: base, grid, trials')
    add_data_arguments(parser)
    parser.add_argument('--out', type=Path, required=True, help='folder for runs and figures')
    parser.add_argument(
        '--jobs', type=int, default=1, help='runs at a time, GPUs taken in turns (default: 1)'
    )
    parser.add_argument(
        '--cache', type=Path, metavar='DIR', help='keep decoded frames there, for all runs'
    )
    parser.add_argument('--json', action='store_true', help='print the table as JSON')


def run(args: argparse.Namespace) -> int:
    """Runs what is left to run, and prints the table; 1 where a trial failed."""
    if args.jobs < 1:
        raise UserError(f'jobs is {args.jobs}: at least 1 is needed')
    trials = read_plan(args.config)
    for split in ('train', 'val'):
        list_frames(args.data, split, args.depth)
    frames = ['--data', str(args.data), '--depth', args.depth]
    frames += ['--cache', str(args.cache)] if args.cache else []
    with RunFolder(args.out).alone():
        remove_unfinished(args.out, 'sweep.*')
        wait_for_orphans([args.out / trial.name for trial in trials])
        left = [trial for trial in trials if not is_done(trial, args.out / trial.name)]
        if len(left) < len(trials):
            print(f'{len(trials) - len(left)} of {len(trials)} trials are done', file=sys.stderr)
        failed = run_trials(left, args.out, args.jobs, frames)
        table = write_report(trials, args.out, failed)
    print(json.dumps(table) if args.json else to_markdown(table), end='\n' if args.json else '')
    return FAILED if failed else 0


def is_done(trial: Trial, path: Path) -> bool:
    """Whether the trial's run is over; a UserError if that was another run."""
    folder = RunFolder(path)
    if folder.result is None:
        return False
    check_same(trial.config, RunConfig(**read_yaml(folder.config)), path)
    return True
