"""Every kind of root goes through the commands that take --data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip('h5py')

from data_support import write_mat, write_rgbd, write_splits, write_tum

from fastdepth_ros.__main__ import main
from fastdepth_ros.offline.data.cache import FrameCache
from fastdepth_ros.offline.data.frames import Frame, list_frames, read_frame

COUNTS = {'labelled': 2, 'rgbd': 2, 'tum': 2, 'mix': 4}  # of validation frames


@pytest.fixture
def roots(tmp_path: Path) -> dict[str, Path]:
    """One of each kind beside the FastDepth layout, which every other test has."""
    write_mat(tmp_path / 'nyu/nyu_depth_v2_labeled.mat', 5)
    write_splits(tmp_path / 'nyu/splits.mat', [1, 2, 3], [5, 4])
    write_rgbd(tmp_path / 'lab', [f'{i:02d}' for i in range(10)])
    write_tum(tmp_path / 'tum', [float(i) for i in range(10)], [i + 0.01 for i in range(10)])
    (tmp_path / 'mix.yaml').write_text('roots: [{path: nyu}, {path: lab, weight: 2}]')
    return {
        'labelled': tmp_path / 'nyu/nyu_depth_v2_labeled.mat',
        'rgbd': tmp_path / 'lab',
        'tum': tmp_path / 'tum',
        'mix': tmp_path / 'mix.yaml',
    }


@pytest.mark.parametrize('kind', COUNTS)
def test_evaluate_takes_it_and_names_its_depth(
    roots: dict[str, Path], kind: str, stub_onnx: Path, tmp_path: Path
) -> None:
    out = tmp_path / 'result.json'
    model = ['--model', str(stub_onnx), '--threads', '1', '--json', str(out)]
    assert main(['evaluate', '--data', str(roots[kind]), '--depth', 'filled', *model]) == 0
    result = json.loads(out.read_text())
    assert result['count'] == COUNTS[kind]
    expected = {'labelled': 'filled', 'mix': 'as stored + filled'}
    assert result['depth'] == expected.get(kind, 'as stored')


@pytest.mark.parametrize('kind', COUNTS)
def test_the_cache_keeps_it(roots: dict[str, Path], kind: str, tmp_path: Path) -> None:
    cache = FrameCache(tmp_path / 'cache', whole)
    refs = list_frames(roots[kind], 'train')
    for ref in refs * 2:
        frame, truth = cache.read(ref), read_frame(ref)
        assert (frame.rgb == truth.rgb).all()
        assert (frame.depth == truth.depth).all()
        assert (frame.intrinsics, frame.scene, frame.ref) == (truth.intrinsics, truth.scene, ref)
    assert cache.rebuilt == 0
    assert len(list((tmp_path / 'cache').iterdir())) == len(refs)


def test_the_cache_keeps_both_depths_apart_and_sees_either_image_change(
    roots: dict[str, Path], tmp_path: Path
) -> None:
    cache = FrameCache(tmp_path / 'cache', whole)
    raw, filled = (
        cache.read(list_frames(roots['labelled'], 'val', depth)[0]) for depth in ('raw', 'filled')
    )
    assert (raw.depth[0, 0], filled.depth[0, 0] > 0) == (0, True)
    for suffix, folder in (('jpg', 'rgb'), ('png', 'depth')):
        ref = list_frames(roots['rgbd'], 'val')[0]
        cache.read(ref)
        before = cache.rebuilt
        (roots['rgbd'] / folder / f'08.{suffix}').touch()
        cache.read(ref)
        assert cache.rebuilt == before + 1


def test_training_takes_it_and_keeps_which_depth_it_learned(
    roots: dict[str, Path], tmp_path: Path
) -> None:
    pytest.importorskip('torchvision')
    from fastdepth_ros.network.model_file import load_model

    sizes = ['--input-width', '64', '--input-height', '64', '--batch-size', '2']
    options = ['--epochs', '1', '--workers', '0', '--threads', '1', '--depth', 'raw']
    data = ['--data', str(roots['mix']), '--out', str(tmp_path / 'run')]
    assert main(['train', *data, *sizes, *options]) == 0
    metadata, _ = load_model(tmp_path / 'run/best.safetensors')
    assert metadata.training['depth'] == 'as stored + raw'


def whole(frame: Frame) -> Frame:
    """Shrinks nothing."""
    return frame
