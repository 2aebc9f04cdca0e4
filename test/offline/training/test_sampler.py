from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('torchvision')
pytest.importorskip('h5py')

from fastdepth_ros.network.metadata import ModelMetadata  # noqa: E402
from fastdepth_ros.offline.data.frames import list_frames  # noqa: E402
from fastdepth_ros.offline.training.loading import training_batches  # noqa: E402
from fastdepth_ros.offline.training.processes import Processes  # noqa: E402
from fastdepth_ros.offline.training.run_config import RunConfig  # noqa: E402
from fastdepth_ros.offline.training.sampler import StepSampler  # noqa: E402

EQUAL = [1.0] * 25
RANKS = [Processes(rank, 2) for rank in (0, 1)]


def frames(sampler: StepSampler, epoch: int = 1, step: int = 0) -> list[list[int]]:
    sampler.go_to(epoch, step)
    return [[draw.frame for draw in batch] for batch in sampler]


def flat(batches: list[list[int]]) -> list[int]:
    return [frame for batch in batches for frame in batch]


def test_every_frame_comes_once_an_epoch_in_an_order_of_its_own() -> None:
    sampler = StepSampler(EQUAL, 5, seed=1)
    first, second = frames(sampler, 1), frames(sampler, 2)
    assert [len(batch) for batch in first] == [5] * 5
    assert sorted(flat(first)) == sorted(flat(second)) == list(range(25))
    assert first != second
    assert first == frames(StepSampler(EQUAL, 5, seed=1), 1)
    assert first != frames(StepSampler(EQUAL, 5, seed=2), 1)


def test_any_step_can_be_gone_to() -> None:
    sampler = StepSampler(EQUAL, 3, accumulate=2)
    whole = frames(sampler, 7)
    assert (sampler.steps, sampler.images) == (4, 24)
    assert frames(sampler, 7, step=3) == whole[6:]
    assert len(sampler) == 2


def test_ranks_and_parts_share_the_steps_of_one_large_batch() -> None:
    whole = frames(StepSampler(EQUAL, 8), 3)
    parts = [frames(StepSampler(EQUAL, 2, accumulate=2, processes=rank), 3) for rank in RANKS]
    for number, step in enumerate(whole):
        drawn = [flat(part[2 * number : 2 * number + 2]) for part in parts]
        assert drawn[0] + drawn[1] == step


def test_a_step_that_is_not_filled_is_left_out_unless_it_is_the_only_one() -> None:
    assert sum(map(len, frames(StepSampler([1.0] * 7, 3)))) == 6
    short = [frames(StepSampler([1.0] * 3, 2, processes=rank)) for rank in RANKS]
    assert [list(map(len, part)) for part in short] == [[2], [1]]
    assert [list(map(len, frames(StepSampler([1.0], 2, processes=r)))) for r in RANKS] == [
        [1],
        [0],
    ]


def test_weights_say_how_often_a_frame_comes() -> None:
    weights = [0.0, 1.0, 3.0] * 100
    drawn = flat(frames(StepSampler(weights, 10)))
    counts = [sum(weights[frame] == weight for frame in drawn) for weight in (0, 1, 3)]
    assert counts[0] == 0
    assert len(drawn) == 300
    assert counts[2] / counts[1] == pytest.approx(3, rel=0.3)


def test_samples_are_the_same_whoever_makes_them_and_whatever_was_before(
    data_root: Path, metadata: ModelMetadata
) -> None:
    config = RunConfig(batch_size=2, workers=0, transform='full', seed=3)
    paths, cpu = list_frames(data_root, 'train'), torch.device('cpu')
    here = training_batches(config, metadata, paths, cpu)
    before = torch.get_rng_state()
    whole = list(here)
    assert torch.equal(before, torch.get_rng_state())
    there = training_batches(replace(config, workers=1), metadata, paths, cpu)
    there.batch_sampler.go_to(1, 1)
    for one, other in zip(whole[1:], there, strict=True):
        assert torch.equal(one.images, other.images)
        assert torch.equal(one.depths, other.depths)
    here.batch_sampler.go_to(2, 0)
    assert not any(torch.equal(a.images, b.images) for a in whole for b in here)
