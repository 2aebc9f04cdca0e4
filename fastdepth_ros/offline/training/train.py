"""Train a network on the frames of a data root (docs/data.md).

Writes into --out: best.safetensors (by --best-by on the val split), last.safetensors, log.csv,
config.yaml, which --config reads again, and at the end result.json; until then state/, from which
--resume goes on, whenever the run was killed. Defaults are the published recipe. torchrun starts
it in several processes. docs/training.md says more.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.documents import parse_yaml
from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.errors import UserError
from fastdepth_ros.files import write_atomically
from fastdepth_ros.network.config import NAMED_CONFIGS, PUBLISHED_INPUT, NetworkConfig
from fastdepth_ros.network.fastdepth import ADDED, FastDepth, load_tensors, network_tensors
from fastdepth_ros.network.initial_weights import (
    PLAIN_MEAN,
    PLAIN_STD,
    Tensors,
    imagenet_input,
    initial_weights,
)
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.offline.data.arguments import add_data_arguments
from fastdepth_ros.offline.data.frames import FrameRef, depth_kind, frame_weight, list_frames
from fastdepth_ros.offline.data.good_frames import good_frames
from fastdepth_ros.offline.data.root import RAW
from fastdepth_ros.offline.evaluation.table import table
from fastdepth_ros.offline.training import run_config
from fastdepth_ros.offline.training.generators import seed_all
from fastdepth_ros.offline.training.loading import lost_workers_told, training_batches
from fastdepth_ros.offline.training.processes import ALONE, Processes, started_processes
from fastdepth_ros.offline.training.run import Run
from fastdepth_ros.offline.training.run_config import RunConfig, check_same
from fastdepth_ros.offline.training.run_folder import RunFolder
from fastdepth_ros.offline.training.state_file import State
from fastdepth_ros.offline.training.trainer import Trainer, choose_device
from fastdepth_ros.offline.training.transforms import nyu_at_input
from fastdepth_ros.thinning import thinned

EXAMPLES = """\
  python -m fastdepth_ros train --data nyudepthv2 --out runs/nyu
  python -m fastdepth_ros train --data my_robot --out runs/mine --config finetune
  python -m fastdepth_ros train --data nyudepthv2 --out runs/nyu --resume
  torchrun --nproc-per-node 2 -m fastdepth_ros train --data nyudepthv2 --out runs/nyu --resume
"""
FROM_THE_START = (
    "note: SGD that learns BatchNorm's statistics anew is for training from the start, and can "
    'ruin a trained model: --config finetune is for going on from one'
)
SAMPLED_FRAMES = 256  # for the statistics of the training depth
SAMPLED_PIXELS = 10_000  # of each of them


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--data and --out, and a flag for every option of RunConfig."""
    add_data_arguments(parser)
    parser.add_argument('--out', type=Path, required=True, help='folder for the run')
    parser.add_argument(
        '--resume',
        action='store_true',
        help='go on with the run in --out, with its options; start where there is none yet',
    )
    parser.add_argument('--json', action='store_true', help='print the best figures as JSON')
    parser.add_argument(
        '--cache', type=Path, metavar='DIR', help='keep decoded frames there, for later epochs'
    )
    run_config.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Trains, and prints the figures of the best checkpoint."""
    with started_processes() as processes:
        text = chosen_config(args).to_yaml() if processes.first else ''
        config = RunConfig(**parse_yaml(processes.shared(text.encode()).decode()))
        best = train(config, args.data, args.out, args.cache, args.resume, processes, args.depth)
    if processes.first:
        print(json.dumps(best) if args.json else f'best: epoch {best["epoch"]}\n{table(best)}')
    return 0


def chosen_config(args: argparse.Namespace) -> RunConfig:
    """The options given, over those of the run that is resumed."""
    saved = args.out / 'config.yaml'
    return run_config.from_arguments(args, saved if args.resume and saved.is_file() else None)


def train(
    config: RunConfig,
    data: Path,
    out: Path,
    cache: Path | None = None,
    resume: bool = False,
    processes: Processes = ALONE,
    depth: str = RAW,
) -> dict[str, Any]:
    """The whole run, or with `resume` what is left of it; returns the best epoch's figures.

    UserError on mistakes in what is given. Of several processes only the first returns figures.
    """
    folder = RunFolder(out)
    with folder.alone() if processes.first else nullcontext(), lost_workers_told():
        kept, result = b'', None
        if processes.first:
            kept, result = folder.earlier(config) if resume else folder.unused()
        if processes.agreed(result is not None):
            return result or {}
        kept = processes.shared(kept)
        return prepare(config, data, cache, folder, kept, processes, depth).run()


def prepare(
    config: RunConfig,
    data: Path,
    cache: Path | None,
    folder: RunFolder,
    kept: bytes,
    processes: Processes,
    depth: str = RAW,
) -> Run:
    """A run that is ready to start, or to go on from a `kept` state."""
    state = State.from_bytes(kept)[1] if kept else None
    if state:
        check_same(config, RunConfig(**parse_yaml(state.values['config'])), folder.path)
    seed_all(config.seed)
    torch.set_num_threads(config.threads or max(1, available_cores() // processes.local_world))
    device = choose_device(config.device, processes)
    paths, val_paths = list_frames(data, 'train', depth), list_frames(data, 'val', depth)
    bad = BadFrames(config.skip_bad)
    if state:
        metadata = ModelMetadata.from_json(state.values['metadata'], folder.path)
        check_depth(metadata, paths, folder.path)
        network = FastDepth(metadata.network)
    else:
        network, metadata = start(config)
        metadata = with_training_data(metadata, config, data, paths, bad)
    weights = [frame_weight(path) for path in paths]
    batches = training_batches(config, metadata, paths, device, cache, weights, processes)
    trainer = Trainer(config, network, metadata, batches, bad, processes)
    run = Run(config, trainer, metadata, val_paths, bad, folder, processes)
    if state:
        run.restore(state)
    if processes.first:
        print(config.to_yaml(), file=sys.stderr)
        write_atomically(folder.config, config.to_yaml().encode())
    return run


def check_depth(metadata: ModelMetadata, paths: list[FrameRef], run: Path) -> None:
    """A UserError unless the frames have the depth that the run began with."""
    began, found = metadata.training['depth'], depth_kind(paths)
    if began != found:
        raise UserError(f"the run in '{run}' learned from depth {began}, not {found}: see --depth")


def start(config: RunConfig) -> tuple[FastDepth, ModelMetadata]:
    """The network to train and its metadata: fresh, with an ImageNet encoder, or continued."""
    origin, tensors = initial_weights(config.init)
    if origin is not None:  # fine-tuning keeps the file's architecture and camera
        if config.optimizer == 'sgd' and not config.freeze_batchnorm:
            print(FROM_THE_START, file=sys.stderr)
        network = continued(origin.network, NAMED_CONFIGS[config.network], tensors, config)
        width = config.input_width or origin.input_width
        height = config.input_height or origin.input_height
        name = config.name or origin.name
        metadata = origin.resized(width, height)
        return network, replace(metadata, network=network.config, name=name)
    network = FastDepth(NAMED_CONFIGS[config.network])
    mean, std = PLAIN_MEAN, PLAIN_STD
    if tensors:
        mean, std = imagenet_input(config.network, tensors, config.init)
        fresh = network_tensors(network)
        decoder = {n: t for n, t in fresh.items() if n.startswith('decode')}
        load_tensors(network, {**decoder, **tensors}, config.init)
    width, height = (side or PUBLISHED_INPUT for side in (config.input_width, config.input_height))
    camera = nyu_at_input(config.transform, (width, height))
    metadata = ModelMetadata(
        network.config, width, height, camera.fx, camera.fy, mean, std, name=config.name
    )
    return network, metadata


def continued(
    origin: NetworkConfig, wanted: NetworkConfig, tensors: Tensors, config: RunConfig
) -> FastDepth:
    """A file's network with its weights, and with what network `wanted` adds to the same trunk."""
    asked = config.network != RunConfig.network
    if asked and wanted.trunk != origin.trunk:
        raise UserError(
            f"--init '{config.init}' is another network than '{config.network}': give a model of "
            'that network, or leave out --network to go on with the one in the file'
        )
    adds = wanted != wanted.trunk
    if adds:
        smooth, error = origin.smooth or wanted.smooth, origin.error or wanted.error
        origin = replace(origin, smooth=smooth, error=error)
    network = FastDepth(origin)
    fresh = {n: t for n, t in network_tensors(network).items() if n.startswith(ADDED)}
    lacking = sorted(name for name in fresh if name not in tensors) if adds else []
    if lacking:
        print(
            f"--init '{config.init}' lacks {', '.join(lacking)}: they start at their start values",
            file=sys.stderr,
        )
    load_tensors(network, {**{name: fresh[name] for name in lacking}, **tensors}, config.init)
    return network


def with_training_data(
    metadata: ModelMetadata, config: RunConfig, data: Path, paths: list[FrameRef], bad: BadFrames
) -> ModelMetadata:
    """Adds what the network is about to see: recipe, depth range and median, licence."""
    medians, pixels = [], []
    chosen = thinned(np.arange(len(paths)), SAMPLED_FRAMES)
    for frame in good_frames((paths[i] for i in chosen), bad):
        depths = frame.depth[frame.depth > 0]
        if depths.size:
            medians.append(np.median(depths))
            pixels.append(thinned(depths, SAMPLED_PIXELS).copy())
    if not medians:
        raise UserError(f"no training frame of '{data}' has any depth: nothing to learn from")
    low, high = np.percentile(np.concatenate(pixels), (0.1, 99.9))
    return replace(
        metadata,
        min_depth=round(float(low), 3),
        max_depth=round(float(high), 3),
        licence=config.licence or metadata.licence,
        training={
            'data': data.name,
            'depth': depth_kind(paths),
            'frames': len(paths),
            'median_depth': round(float(np.median(medians)), 3),
            'recipe': recipe(config, metadata),
        },
    )


def recipe(config: RunConfig, metadata: ModelMetadata) -> dict[str, Any]:
    """The options as they were, without where things lie on the machine that trained.

    What --init's model has kept of its own stands for what was asked.
    """
    named = (name for name, known in NAMED_CONFIGS.items() if known == metadata.network)
    return {
        **vars(config),
        'network': next(named, config.network),
        'input_width': metadata.input_width,
        'input_height': metadata.input_height,
        'init': Path(config.init).name,
        'teacher': Path(config.teacher).name,
    }
