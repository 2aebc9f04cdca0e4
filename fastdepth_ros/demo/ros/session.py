"""One run of the demo: starts the two processes, measures, ends them, reports."""

from __future__ import annotations

import argparse
import json
import os
import sys

from fastdepth_ros.demo.figures import Sample, measure_accuracy
from fastdepth_ros.demo.picture import draw_sample
from fastdepth_ros.demo.report import Model, Run, to_json, to_table
from fastdepth_ros.demo.ros.listener import DemoListener
from fastdepth_ros.demo.ros.live import DemoError, LiveDemo
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.files import user_path, write_atomically
from fastdepth_ros.pictures.frames import is_rgbd, open_input
from fastdepth_ros.processes.child import ChildProcess
from fastdepth_ros.processes.transport import PROFILE, profile_variable
from fastdepth_ros.ros.session import ros, set_domain, spinning
from fastdepth_ros.share import shared_file

TRUTH_RATE = 2.0  # Hz: true depth in every frame would crowd out images on their way


def run_demo(args: argparse.Namespace, received: list[int]) -> int:
    """The exit code; a signal noted in `received` ends the run early."""
    if args.input and not args.input.isdecimal():
        open_input(args.input)  # what cannot be played is said before anything starts
    model = describe_model(args.model, args.threads)
    set_environment()
    children: list[ChildProcess] = []
    try:
        measured = _run_processes(args, received, children)
    except DemoError as error:
        print(f'error: {error}', file=sys.stderr)
        return error.code
    if measured is None:
        print('stopped before the first depth image: nothing was measured', file=sys.stderr)
        return 0
    report(args, model, *measured)
    failed = [child for child in children if child.exit_code()]
    for child in failed:
        print(f'error: {child.name} ended with exit code {child.exit_code()}', file=sys.stderr)
    return 1 if failed else 0


def _run_processes(
    args: argparse.Namespace, received: list[int], children: list[ChildProcess]
) -> tuple[Run, list[Sample]] | None:
    """What was measured, None if a signal came before the first depth. All children have ended."""
    try:
        children.append(ChildProcess('camera', camera_command(args)))
        children.append(ChildProcess('depth_node', node_command(args)))
        with ros([]), spinning(listener := DemoListener(has_truth(args))) as executor:
            live = LiveDemo(listener, executor, children, received)
            if not live.wait_for_sample():
                return None
            return live.measure(args.duration), listener.samples.kept
    finally:
        for child in children:
            child.end()


def has_truth(args: argparse.Namespace) -> bool:
    """Whether the camera knows the depth of what it shows."""
    return args.input is None or is_rgbd(user_path(args.input))


def describe_model(model: str, num_threads: int) -> Model:
    """Loads the model once here as the depth node will; UserError if that cannot run it."""
    estimator = DepthEstimator(model, num_threads=num_threads)
    engine, median = estimator.engine, estimator.metadata.training.get('median_depth')
    return Model(model, engine.name, engine.precision, engine.num_threads, median)


def set_environment() -> None:
    """A domain of this demo's own, and shared memory for its images, unless the user chose.

    Without the profile images get lost: docs/transport.md.
    """
    set_domain()
    if profile := shared_file(PROFILE):
        os.environ.setdefault(profile_variable(), str(profile))


def camera_command(args: argparse.Namespace) -> list[str]:
    """The simulated camera with the arguments that the demo was given."""
    names = ('input', 'rate', 'hfov', 'seed')
    values = {name: getattr(args, name) for name in names}
    given = [f'--{name}={value}' for name, value in values.items() if value is not None]
    return ['simulated_camera', f'--truth-rate={TRUTH_RATE}', *given]


def node_command(args: argparse.Namespace) -> list[str]:
    """The depth node on the camera's topic; JSON quotes a path for ROS's YAML."""
    parameters = (f'model:={json.dumps(args.model)}', f'num_threads:={args.threads}')
    settings = [word for parameter in parameters for word in ('-p', parameter)]
    return ['depth_node', '--ros-args', '-r', 'image:=/camera/image_raw', *settings]


def report(args: argparse.Namespace, model: Model, measured: Run, samples: list[Sample]) -> None:
    """Writes demo.json and demo.png and prints the table."""
    accuracy = measure_accuracy(samples, model.median_depth)
    camera = args.input or f'simulated room of seed {args.seed}'
    values = json.dumps(to_json(camera, model, measured, accuracy), indent=2)
    write_atomically(args.out / 'demo.json', f'{values}\n'.encode())
    print(values if args.json else to_table(camera, model, measured, accuracy))
    written, picture = [args.out / 'demo.json'], args.out / 'demo.png'
    picture.unlink(missing_ok=True)  # of an earlier demo
    if samples:
        typical = accuracy.typical if accuracy else samples[len(samples) // 2]
        write_atomically(picture, draw_sample(typical))
        written.append(picture)
    print('wrote', *written, file=sys.stderr)
