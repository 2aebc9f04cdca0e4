"""Train a network on the frames of a data root (docs/data.md).

Writes into --out: best.safetensors (by --best-by on the val split), last.safetensors, log.csv and
config.yaml, which --config reads again. Defaults are the published recipe.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.engines.torch_engine import TorchEngine
from fastdepth_ros.errors import UserError
from fastdepth_ros.files import write_atomically
from fastdepth_ros.network.config import NAMED_CONFIGS
from fastdepth_ros.network.fastdepth import FastDepth, load_tensors, network_tensors
from fastdepth_ros.network.initial_weights import (
    PLAIN_MEAN,
    PLAIN_STD,
    imagenet_input,
    initial_weights,
)
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import save_model
from fastdepth_ros.offline.data.arguments import add_data_arguments
from fastdepth_ros.offline.data.bad_frames import BadFrames, good_frames
from fastdepth_ros.offline.data.frames import FrameRef, depth_kind, list_frames
from fastdepth_ros.offline.data.root import RAW
from fastdepth_ros.offline.evaluation.evaluation import Evaluation
from fastdepth_ros.offline.evaluation.table import table
from fastdepth_ros.offline.training import run_config
from fastdepth_ros.offline.training.loading import training_batches
from fastdepth_ros.offline.training.run_config import RunConfig
from fastdepth_ros.offline.training.trainer import Trainer, choose_device
from fastdepth_ros.offline.training.transforms import nyu_at_input

EXAMPLES = """\
  python -m fastdepth_ros train --data nyudepthv2 --out runs/nyu --init mobilenet_v1_imagenet.npz
  python -m fastdepth_ros train --data my_robot --out runs/mine --init default --lr 1e-3 --epochs 5
"""
SAMPLED_FRAMES = 256  # for the statistics of the training depth
BIGGER_IS_BETTER = ('delta1', 'delta2', 'delta3')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--data and --out, and a flag for every field of RunConfig."""
    add_data_arguments(parser)
    parser.add_argument('--out', type=Path, required=True, help='folder for the run')
    parser.add_argument('--json', action='store_true', help='print the best figures as JSON')
    parser.add_argument(
        '--cache', type=Path, metavar='DIR', help='keep decoded frames there, for later epochs'
    )
    run_config.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Trains, and prints the figures of the best checkpoint."""
    best = train(run_config.from_arguments(args), args.data, args.out, args.cache, args.depth)
    print(json.dumps(best) if args.json else f'best: epoch {best["epoch"]}\n{table(best)}')
    return 0


def train(
    config: RunConfig, data: Path, out: Path, cache: Path | None = None, depth: str = RAW
) -> dict[str, Any]:
    """The whole run; returns the best epoch's figures. UserError on mistakes in what is given."""
    torch.manual_seed(config.seed)
    torch.set_num_threads(config.threads or available_cores())
    paths, val_paths = list_frames(data, 'train', depth), list_frames(data, 'val', depth)
    bad = BadFrames(config.skip_bad)
    network, metadata = start(config)
    metadata = with_training_data(metadata, config, data, paths, bad)
    device = choose_device(config.device)
    batches = training_batches(config, metadata, paths, device, cache)
    trainer = Trainer(config, network, metadata, batches, bad)
    write_atomically(out / 'config.yaml', config.to_yaml().encode())
    return run_epochs(config, trainer, metadata, val_paths, bad, out)


def start(config: RunConfig) -> tuple[FastDepth, ModelMetadata]:
    """The network to train and its metadata: fresh, with an ImageNet encoder, or continued."""
    origin, tensors = initial_weights(config.init)
    if origin is not None:  # fine-tuning keeps the file's architecture, input and camera
        network = FastDepth(origin.network)
        load_tensors(network, tensors, config.init)
        return network, replace(origin, name=config.name or origin.name)
    network = FastDepth(NAMED_CONFIGS[config.network])
    mean, std = PLAIN_MEAN, PLAIN_STD
    if tensors:
        mean, std = imagenet_input(config.network, tensors, config.init)
        fresh = network_tensors(network)
        decoder = {n: t for n, t in fresh.items() if n.startswith('decode')}
        load_tensors(network, {**decoder, **tensors}, config.init)
    width, height = config.input_width, config.input_height
    camera = nyu_at_input(config.transform, (width, height))
    metadata = ModelMetadata(
        network.config, width, height, camera.fx, camera.fy, mean, std, name=config.name
    )
    return network, metadata


def with_training_data(
    metadata: ModelMetadata, config: RunConfig, data: Path, paths: list[FrameRef], bad: BadFrames
) -> ModelMetadata:
    """Adds what the network is about to see: recipe, depth range and median, licence."""
    every = max(1, len(paths) // SAMPLED_FRAMES)
    depths = [f.depth[f.depth > 0] for f in good_frames(paths[::every], bad)]
    depths = [d for d in depths if d.size]
    if not depths:
        raise UserError(f"no training frame of '{data}' has any depth: nothing to learn from")
    low, high = np.percentile(np.concatenate(depths), (0.1, 99.9))
    # The recipe, without where things lie on the machine that trained.
    recipe = {**vars(config), 'init': Path(config.init).name}
    return replace(
        metadata,
        min_depth=round(float(low), 3),
        max_depth=round(float(high), 3),
        licence=config.licence or metadata.licence,
        training={
            'data': data.name,
            'depth': depth_kind(paths),
            'frames': len(paths),
            'median_depth': round(float(np.median([np.median(d) for d in depths])), 3),
            'recipe': recipe,
        },
    )


def run_epochs(
    config: RunConfig,
    trainer: Trainer,
    metadata: ModelMetadata,
    val_paths: list[FrameRef],
    bad: BadFrames,
    out: Path,
) -> dict[str, Any]:
    """Trains and validates epoch by epoch, keeping the best and the last checkpoint."""
    best: dict[str, Any] = {}
    for epoch in range(1, config.epochs + 1):
        loss = train_epoch(trainer, epoch, config.epochs)
        figures = validate(config, trainer, metadata, val_paths, bad)
        figures |= {'epoch': epoch, 'loss': loss, 'skipped': len(bad.seen)}
        print(f'epoch {epoch}: loss {loss:.4f}\n{table(figures)}', file=sys.stderr)
        kept = replace(metadata, metrics={'val': figures})
        tensors = {n: t.detach().cpu().numpy() for n, t in network_tensors(trainer.result).items()}
        save_model(out / 'last.safetensors', kept, tensors)
        if not best or better(figures, best, config.best_by):
            best = figures
            save_model(out / 'best.safetensors', kept, tensors)
        append_log(out / 'log.csv', figures)
    return best


def train_epoch(trainer: Trainer, epoch: int, epochs: int) -> float:
    """One pass under a progress bar; the mean loss over images."""
    images, total = 0, 0.0
    with tqdm(unit='image', desc=f'epoch {epoch}/{epochs}', total=trainer.images) as bar:
        for count, loss in trainer.epoch():
            images, total = images + count, total + loss * count
            bar.update(count)
            bar.set_postfix(loss=f'{loss:.3f}', refresh=False)
    if not images:
        raise UserError('no training frame could be read: nothing was trained')
    return total / images


def validate(
    config: RunConfig,
    trainer: Trainer,
    metadata: ModelMetadata,
    paths: list[FrameRef],
    bad: BadFrames,
) -> dict[str, Any]:
    """The figures of `evaluate` for the network as it is now."""
    engine = TorchEngine.from_network(trainer.result, metadata, torch.get_num_threads())
    evaluation = Evaluation(DepthEstimator.from_engine(engine), config.protocol)
    for frame in good_frames(tqdm(paths, unit='image', desc='validation', leave=False), bad):
        evaluation.add(frame)
    named = {
        'split': 'val',
        'depth': depth_kind(paths),
        'engine': engine.name,
        'precision': engine.precision,
    }
    return {**evaluation.summary(), **named}


def better(figures: dict[str, Any], best: dict[str, Any], by: str) -> bool:
    """Whether metric `by` has improved."""
    new, old = figures['metric'][by], best['metric'][by]
    return bool(new > old if by in BIGGER_IS_BETTER else new < old)


def append_log(path: Path, figures: dict[str, Any]) -> None:
    """One line of CSV: epoch, loss, metric_*, scaled_*; the first epoch starts the file anew."""
    row = {'epoch': figures['epoch'], 'loss': figures['loss']}
    row |= {f'{kind}_{k}': v for kind in ('metric', 'scaled') for k, v in figures[kind].items()}
    first = figures['epoch'] == 1
    with path.open('w' if first else 'a', newline='') as file:
        writer = csv.DictWriter(file, list(row))
        if first:
            writer.writeheader()
        writer.writerow(row)
