"""A run: epochs, validation, what is kept, and going on after a kill."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import torch
from tqdm import tqdm

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.engines.torch_engine import TorchEngine
from fastdepth_ros.errors import UserError
from fastdepth_ros.network.fastdepth import network_tensors
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import save_model
from fastdepth_ros.offline.data.frames import FrameRef
from fastdepth_ros.offline.evaluation.metrics import DELTAS
from fastdepth_ros.offline.evaluation.table import table
from fastdepth_ros.offline.evaluation.validation import validate
from fastdepth_ros.offline.training.generators import generator_state, set_generators
from fastdepth_ros.offline.training.logs import TensorBoard, write_log
from fastdepth_ros.offline.training.processes import Processes
from fastdepth_ros.offline.training.run_config import RunConfig
from fastdepth_ros.offline.training.run_folder import RunFolder
from fastdepth_ros.offline.training.state_file import State
from fastdepth_ros.offline.training.trainer import Trainer
from fastdepth_ros.signals import noted_signals


@dataclass
class Progress:
    """How far a run has come; JSON keeps it exactly."""

    epoch: int = 1
    step: int = 0  # steps of this epoch that are done
    images: int = 0  # of this epoch
    loss: float = 0.0  # summed over them
    history: list[dict[str, Any]] = field(default_factory=list)  # figures of each whole epoch
    best: dict[str, Any] = field(default_factory=dict)


class Run:
    """Trains and validates epoch by epoch, keeping the best and the last checkpoint."""

    def __init__(
        self,
        config: RunConfig,
        trainer: Trainer,
        metadata: ModelMetadata,
        val_paths: list[FrameRef],
        bad: BadFrames,
        folder: RunFolder,
        processes: Processes,
    ) -> None:
        self._config, self._trainer, self._metadata = config, trainer, metadata
        self._val_paths, self._bad = val_paths, bad
        self._folder, self._processes = folder, processes
        self._progress = Progress()
        self._kept_at = time.monotonic()
        self._tensorboard = TensorBoard(None, 0)

    def restore(self, state: State) -> None:
        """Goes on from a state; a UserError if the run has since changed its steps."""
        if state.values['steps'] != self._steps():
            raise UserError(
                f"the run in '{self._folder.path}' has {_told(state.values['steps'])}, not "
                f'{_told(self._steps())}: resume it with the same data and as many processes'
            )
        self._trainer.restore(state)
        self._progress = Progress(**state.values['progress'])
        self._bad.seen = set(state.values['skipped'])
        tensors = {n.removeprefix('generators.'): t for n, t in state.tensors.items()}
        set_generators(tensors, state.values['generators'])
        if self._processes.first:
            text = f'epoch {self._progress.epoch}, step {self._progress.step}'
            print(f"resuming '{self._folder.path}' at {text}", file=sys.stderr)

    def run(self) -> dict[str, Any]:
        """To the end; the figures of the best epoch."""
        writes = self._config.tensorboard and self._processes.first
        events = self._folder.path / 'tensorboard' if writes else None
        self._tensorboard = TensorBoard(events, self._global_step + 1)
        try:
            while not self._processes.agreed(self._over):
                self._train_epoch()
                with self._processes.waiting_for_first() as alive:
                    if self._processes.first:
                        self._finish_epoch(alive)
                    else:
                        self._progress = Progress(self._progress.epoch + 1)
        finally:
            self._tensorboard.close()
        best = self._progress.best
        if self._processes.first:
            self._folder.finish(best)
        return best

    @property
    def _over(self) -> bool:
        progress, patience = self._progress, self._config.patience
        waited = len(progress.history) - progress.best.get('epoch', 0)
        return progress.epoch > self._config.epochs or (patience > 0 and waited >= patience)

    @property
    def _global_step(self) -> int:
        return (self._progress.epoch - 1) * self._trainer.sampler.steps + self._progress.step

    def _steps(self) -> list[int]:
        sampler = self._trainer.sampler
        return [sampler.steps, sampler.images_per_step]

    def _train_epoch(self) -> None:
        """The rest of a pass, under a progress bar; the state is kept now and then."""
        progress = self._progress
        with self._bar() as bar, noted_signals() as received:
            for step, images, loss in self._trainer.epoch(progress.epoch, progress.step):
                progress.step = step
                progress.images += images
                progress.loss += loss * images
                if self._processes.first:
                    bar.update(images)
                    self._tell(bar, loss)
                    if received or self._is_due(step):
                        self._keep()
                if received:
                    self._interrupt()
        if not progress.images:
            raise UserError('no training frame could be read: nothing was trained')

    def _bar(self) -> tqdm[Any]:
        sampler, progress = self._trainer.sampler, self._progress
        return tqdm(
            unit='image',
            desc=f'epoch {progress.epoch}/{self._config.epochs}',
            total=sampler.images,
            initial=progress.images,
            disable=not self._processes.first,
        )

    def _tell(self, bar: tqdm[Any], loss: float) -> None:
        done, seconds = bar.n - bar.initial, bar.format_dict['elapsed']
        rate = done / seconds if seconds else 0.0
        whole_epochs = self._config.epochs - self._progress.epoch
        images = self._trainer.sampler.images
        left = images - bar.n + whole_epochs * images
        told = tqdm.format_interval(left / rate) if rate else '?'
        bar.set_postfix(loss=f'{loss:.3f}', run_left=told, refresh=False)
        lr = self._trainer.lr
        self._tensorboard.add(self._global_step, loss=loss, lr=lr, images_per_second=rate)

    def _is_due(self, step: int) -> bool:
        """Since --checkpoint-steps or --checkpoint-minutes have gone by."""
        steps, minutes = self._config.checkpoint_steps, self._config.checkpoint_minutes
        late = minutes and time.monotonic() - self._kept_at >= 60 * minutes
        return bool(late or (steps and step % steps == 0))

    def _interrupt(self) -> None:
        if self._processes.first:
            where = f'epoch {self._progress.epoch}, step {self._progress.step}'
            print(f'\ninterrupted at {where}: --resume goes on from there', file=sys.stderr)
        raise KeyboardInterrupt

    def _keep(self) -> None:
        """The state as it is now."""
        own = self._trainer.state()
        tensors, generators = generator_state()
        values = {
            **own.values,
            'config': self._config.to_yaml(),
            'metadata': self._metadata.to_json(),
            'progress': asdict(self._progress),
            'skipped': sorted(self._bad.seen),
            'steps': self._steps(),
            'generators': generators,
        }
        named = {f'generators.{name}': tensor for name, tensor in tensors.items()}
        self._folder.states.save(State({**own.tensors, **named}, values))
        self._kept_at = time.monotonic()

    def _finish_epoch(self, alive: Callable[[], None]) -> None:
        """Validates and writes; a run killed meanwhile does it again, to the same end."""
        progress, network = self._progress, self._trainer.result
        engine = TorchEngine.from_network(network, self._metadata, torch.get_num_threads())
        estimator = DepthEstimator.from_engine(engine)
        figures = validate(estimator, self._config.protocol, self._val_paths, self._bad, alive)
        loss = progress.loss / progress.images
        figures |= {'epoch': progress.epoch, 'loss': loss, 'lr': self._trainer.lr}
        print(f'epoch {progress.epoch}: loss {loss:.4f}\n{table(figures)}', file=sys.stderr)
        weights = network_tensors(network)
        tensors = {name: t.detach().cpu().numpy() for name, t in weights.items()}
        kept = replace(self._metadata, metrics={'val': figures})
        best = progress.best
        if not best or better(figures, best, self._config.best_by):
            best = figures
            save_model(self._folder.path / 'best.safetensors', kept, tensors)
        save_model(self._folder.path / 'last.safetensors', kept, tensors)
        history = [*progress.history, figures]
        write_log(self._folder.path / 'log.csv', history)
        self._tensorboard.add_figures(self._global_step, figures)
        self._progress = Progress(progress.epoch + 1, history=history, best=best)
        self._keep()


def better(figures: dict[str, Any], best: dict[str, Any], by: str) -> bool:
    """Whether metric `by` has improved."""
    new, old = figures['metric'][by], best['metric'][by]
    return bool(new > old if by in DELTAS else new < old)


def _told(steps: list[int]) -> str:
    return f'{steps[0]} steps of {steps[1]} images an epoch'
