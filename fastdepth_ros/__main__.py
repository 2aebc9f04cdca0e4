"""One command line for everything: python -m fastdepth_ros COMMAND."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from fastdepth_ros import __version__
from fastdepth_ros.errors import UserError

# command: (module, one line of help). A module offers EXAMPLES, add_arguments(parser) and
# run(args) -> exit code; it is imported only when its command is called, so that no command
# needs another one's packages.
COMMANDS = {
    'depth_node': ('fastdepth_ros.ros.depth_node', 'the ROS 2 node: camera in, depth out'),
    'simulated_camera': (
        'fastdepth_ros.simulation.camera',
        'a ROS 2 camera in a simulated room, or one that plays images, a video or a webcam',
    ),
    'demo': ('fastdepth_ros.demo.command', 'camera and node as two processes, with live figures'),
    'costmap': ('fastdepth_ros.navigation.command', 'obstacles found and missed in simulation'),
    'inspect': (
        'fastdepth_ros.offline.data.inspection',
        'what is in a data root, and what is bad',
    ),
    'synthesize': ('fastdepth_ros.offline.synthesis.command', 'random rooms to train on'),
    'record': ('fastdepth_ros.offline.record.command', "a robot's bag to frames to train on"),
    'unpack': ('fastdepth_ros.offline.data.unpack', 'unpack an archive of frames, resumably'),
    'train': ('fastdepth_ros.offline.training.train', 'train a network on frames with depth'),
    'sweep': (
        'fastdepth_ros.offline.sweep.sweep',
        'train over learning rates, losses, batch sizes, and compare',
    ),
    'evaluate': ('fastdepth_ros.offline.evaluation.evaluate', 'score a model against the truth'),
    'scale': (
        'fastdepth_ros.offline.scale.command',
        'what the floor, a lidar or a calibration does for metric scale',
    ),
    'predict': ('fastdepth_ros.predict.command', 'depth of images, videos, webcams and bags'),
    'calibrate': (
        'fastdepth_ros.offline.calibrate.command',
        "a camera's metric scale from a bag, live topics or frames",
    ),
    'average': ('fastdepth_ros.offline.averaging.command', "the mean of several models' weights"),
    'card': ('fastdepth_ros.offline.cards.card', 'write a model card from a training run'),
    'export': ('fastdepth_ros.offline.export', 'write a trained model as ONNX'),
    'benchmark': (
        'fastdepth_ros.benchmark.benchmark',
        'what a model, the node or training costs on this machine',
    ),
    'faults': ('fastdepth_ros.reliability.faults', 'faults injected into a running node'),
    'soak': (
        'fastdepth_ros.reliability.soak',
        'the node for a long time: what is lost, what grows',
    ),
    'import_checkpoint': (
        'fastdepth_ros.network.import_checkpoint',
        'read a published FastDepth checkpoint without running any code in it',
    ),
}
USER_ERROR = 2
INTERRUPTED = 130


def build_parser(command: str) -> argparse.ArgumentParser:
    """The parser of one command, from its module's add_arguments and EXAMPLES."""
    with ctrl_c_later():
        module = importlib.import_module(COMMANDS[command][0])
    parser = argparse.ArgumentParser(
        prog=f'fastdepth_ros {command}',
        description=module.__doc__,
        epilog='examples:\n' + module.EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    parser.set_defaults(run=module.run)
    return parser


@contextmanager
def ctrl_c_later() -> Iterator[None]:
    """Keeps SIGINT waiting: libraries that it meets while they are imported fail in odd ways."""
    if not hasattr(signal, 'pthread_sigmask'):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def overview() -> str:
    """The text of --help: every command with its line."""
    lines = ['usage: python -m fastdepth_ros COMMAND [--help] ...', '', 'commands:']
    lines += [f'  {name:<18} {text}' for name, (_, text) in COMMANDS.items()]
    return '\n'.join(lines)


def main(argv: list[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 done, 2 a user's mistake, 130 Ctrl-C."""
    argv = sys.argv[1:] if argv is None else argv
    if not argv or argv[0] in ('-h', '--help'):
        print(overview())
        return 0 if argv else USER_ERROR
    if argv[0] == '--version':
        print(__version__)
        return 0
    if argv[0] not in COMMANDS:
        print(f"error: unknown command '{argv[0]}'\n{overview()}", file=sys.stderr)
        return USER_ERROR
    try:
        args = build_parser(argv[0]).parse_args(argv[1:])
        return args.run(args)
    except UserError as error:
        print(f'error: {error}', file=sys.stderr)
        return USER_ERROR
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split('.')[0] == 'fastdepth_ros':
            raise
        print(
            f"error: the command '{argv[0]}' needs the Python package '{error.name}', which is "
            "not installed: pip install '.[EXTRA]' in the package's source folder, where EXTRA is "
            'demo, offline, train or synthesis (README.md, Commands); for the node on a robot see '
            'README.md, On a robot',
            file=sys.stderr,
        )
        return USER_ERROR
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our stdout (head, less) has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == '__main__':
    sys.exit(main())
