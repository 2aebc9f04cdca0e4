"""A script, alone or under torchrun: two epochs of training; the first rank writes weights.

Arguments: ROOT, OUT.npz, a JSON of RunConfig's options. BatchNorm is frozen.
"""

from __future__ import annotations

import gc
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.network.config import NAMED_CONFIGS
from fastdepth_ros.network.fastdepth import FastDepth
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.offline.data.frames import list_frames
from fastdepth_ros.offline.training.loading import training_batches
from fastdepth_ros.offline.training.processes import ALONE, Processes, started_processes
from fastdepth_ros.offline.training.run_config import RunConfig
from fastdepth_ros.offline.training.trainer import Trainer


def weights(root: Path, options: dict[str, object], processes: Processes = ALONE) -> dict:
    """Of 2 epochs, with the loss of each step as 'losses'."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    config = RunConfig(  # type: ignore[arg-type]
        network='fastdepth_log', workers=0, device='cpu', freeze_batchnorm=True, **options
    )
    network = FastDepth(replace(NAMED_CONFIGS['fastdepth_log'], error=True))
    metadata = ModelMetadata(network.config, 32, 32, 40.0, 40.0)
    paths, cpu = list_frames(root, 'train'), torch.device('cpu')
    batches = training_batches(config, metadata, paths, cpu, processes=processes)
    bad = BadFrames(skip=True)
    trainer = Trainer(config, network, metadata, batches, bad, processes)
    losses = [loss for epoch in (1, 2) for _, _, loss in trainer.epoch(epoch)]
    found = {name: p.detach().numpy().copy() for name, p in network.named_parameters()}
    return {**found, 'losses': np.array(losses)}


def threads() -> list[str]:
    """Names of those that this process has."""
    return [path.read_text().strip() for path in Path('/proc/self/task').glob('*/comm')]


if __name__ == '__main__':
    gc.disable()  # whatever the run holds in cycles is there at its end
    root, out, options = sys.argv[1:]
    with started_processes() as processes:
        found = weights(Path(root), json.loads(options), processes)
        if processes.first:
            np.savez(out, **found)
    assert not [name for name in threads() if 'gloo' in name], threads()
