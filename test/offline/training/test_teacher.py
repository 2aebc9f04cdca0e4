from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('torchvision')
pytest.importorskip('h5py')

from fastdepth_ros.bad_frames import BadFrames  # noqa: E402
from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.network.metadata import ModelMetadata  # noqa: E402
from fastdepth_ros.offline.data.frames import list_frames  # noqa: E402
from fastdepth_ros.offline.training.loading import Batch, training_batches  # noqa: E402
from fastdepth_ros.offline.training.run_config import RunConfig  # noqa: E402
from fastdepth_ros.offline.training.teacher import Teacher  # noqa: E402
from fastdepth_ros.offline.training.trainer import Trainer  # noqa: E402

CPU = torch.device('cpu')
# stub_onnx: 0.5 m + 4 m * mean(rgb) / 255 at 96 x 64, for a camera of 80 px
GREY = torch.full((2, 3, 64, 96), 51, dtype=torch.uint8)
AT_GREY = 0.5 + 4 * 51 / 255


@pytest.mark.parametrize(
    ('size', 'focal', 'expected'),
    [
        ((96, 64), 80.0, AT_GREY),
        ((96, 64), 160.0, 2 * AT_GREY),  # the student's camera has twice the focal length
        ((192, 128), 160.0, AT_GREY),  # the same camera at twice the size
    ],
)
def test_a_teacher_speaks_of_the_students_camera(
    size: tuple[int, int],
    focal: float,
    expected: float,
    stub_onnx: Path,
    metadata: ModelMetadata,
) -> None:
    width, height = size
    student = replace(metadata, input_width=width, input_height=height, fx=focal, fy=focal)
    images = torch.full((2, 3, height, width), 51, dtype=torch.uint8)
    depth = Teacher(str(stub_onnx), student, CPU).depth(images)
    assert depth.shape == (2, 1, height, width)
    torch.testing.assert_close(depth, torch.full_like(depth, expected), rtol=1e-3, atol=0)


def test_the_loss_against_the_teacher_is_added_by_weight(
    stub_onnx: Path, data_root: Path, metadata: ModelMetadata
) -> None:
    """Also where the truth has holes: without any truth the teacher alone is learned."""
    from fastdepth_ros.network.fastdepth import FastDepth

    losses = {}
    for teacher, depth in (('', 3.0), (str(stub_onnx), 3.0), (str(stub_onnx), 0.0)):
        torch.manual_seed(0)
        network = FastDepth(metadata.network)
        options = {'teacher': teacher, 'teacher_weight': 0.5, 'freeze_batchnorm': True}
        config = RunConfig(batch_size=2, workers=0, device='cpu', lr=0.0, **options)
        batches = training_batches(config, metadata, list_frames(data_root, 'train'), CPU)
        trainer = Trainer(config, network, metadata, batches, BadFrames(skip=False))
        trainer._learning()
        batch = Batch(GREY, torch.full((2, 1, 64, 96), depth), [])
        losses[teacher != '', depth] = trainer.step(batch).item()
    assert losses[True, 0.0] > 0
    assert losses[True, 3.0] == pytest.approx(losses[False, 3.0] + losses[True, 0.0], rel=1e-4)
    network.eval()
    with torch.no_grad():
        error = (network(trainer._runnable.normalise(GREY)) - AT_GREY).abs().mean().item()
    assert losses[True, 0.0] == pytest.approx(0.5 * error, rel=1e-3)


def test_a_teacher_of_weights_is_the_network_itself(
    untrained_model: Path, metadata: ModelMetadata
) -> None:
    from fastdepth_ros.engines.torch_engine import TorchEngine

    image = torch.randint(0, 256, (1, 3, 64, 96), dtype=torch.uint8)
    expected = TorchEngine(untrained_model, 'f32', 1).infer(image[0].permute(1, 2, 0).numpy())
    found = Teacher(str(untrained_model), metadata, CPU).depth(image)
    torch.testing.assert_close(found[0, 0], torch.from_numpy(expected))


def test_a_teacher_that_is_not_there_is_named(metadata: ModelMetadata) -> None:
    with pytest.raises(UserError, match=r"model file 'gone\.safetensors' does not exist"):
        Teacher('gone.safetensors', metadata, CPU)
