"""Commands write where they were asked to, and nowhere else: not even caches at home."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip('h5py')

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def place(tmp_path: Path, data_root: Path) -> Path:
    """Inputs, and empty folders for a home, temporary files and the command to run in."""
    for name in ('home', 'temporary', 'work'):
        (tmp_path / name).mkdir()
    cv2.imwrite(str(tmp_path / 'image.png'), np.full((48, 64, 3), 90, np.uint8))
    with tarfile.open(tmp_path / 'archive.tar', 'w') as archive:
        archive.add(data_root, 'data')
    return tmp_path


def listing(place: Path) -> dict[str, float]:
    return {
        path.relative_to(place).as_posix(): path.stat().st_mtime_ns
        for path in place.rglob('*')
        if path.is_file()
    }


@pytest.mark.parametrize(
    ('words', 'expected'),
    [
        (('inspect', 'root', '--json'), set()),
        (('inspect', 'root', '--sheet', 'out/sheet.jpg'), {'out/sheet.jpg'}),
        (('unpack', 'archive.tar', 'out'), None),
        (('predict', 'image.png', '--out', 'out', '--model', 'MODEL'), None),
        (
            (
                *('evaluate', '--data', 'root', '--model', 'MODEL', '--protocol', 'full'),
                *('--json', 'out/a.json', '--csv', 'out/a.csv', '--report', 'out/report'),
            ),
            {'out/a.json', 'out/a.csv', 'out/report/index.html'},
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else '',
)
def test_only_what_was_asked_is_written(
    place: Path, stub_onnx: Path, words: tuple[str, ...], expected: set[str] | None
) -> None:
    before = listing(place)
    paths = [word if word != 'MODEL' else str(stub_onnx) for word in words]
    paths = [str(place / word) if word.startswith(PATHS) else word for word in paths]
    finished = subprocess.run(
        [sys.executable, '-m', 'fastdepth_ros', *paths],
        cwd=place / 'work',
        env={**os.environ, **environment(place)},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert finished.returncode == 0, finished.stderr
    after = listing(place)
    new = set(after) - set(before)
    assert {name: after[name] for name in before} == before, 'an input was touched'
    assert all(name.startswith(('out/', FONTS)) for name in new), new
    if expected is not None:
        assert {name for name in new if not name.startswith(FONTS)} == expected


def test_no_connection_is_opened_by_an_engine(place: Path, stub_onnx: Path) -> None:
    code = f"""
import sys, time

def watch(event, args):
    if event.startswith(('socket.connect', 'socket.getaddrinfo', 'urllib', 'http')):
        print('connects:', event, args)

sys.addaudithook(watch)
from fastdepth_ros.engines.estimator import DepthEstimator
DepthEstimator({str(stub_onnx)!r}, precision='f32')
print('telemetry:', sys.modules.get('openvino_telemetry'))
time.sleep(1)
"""
    env = {**os.environ, **environment(place)}
    command = [sys.executable, '-c', code]
    finished = subprocess.run(command, env=env, capture_output=True, text=True, timeout=200)
    assert finished.stdout == 'telemetry: None\n', finished
    assert not list((place / 'home').iterdir())


FONTS = 'home/cache/matplotlib/'  # matplotlib's own list of the fonts here
PATHS = ('root', 'image', 'archive', 'out')


def environment(place: Path) -> dict[str, str]:
    """A home and a temporary folder that are looked at afterwards."""
    places = {'HOME': 'home', 'TMPDIR': 'temporary', 'XDG_CACHE_HOME': 'home/cache'}
    gone = {name: str(place / folder) for name, folder in places.items()}
    return {**gone, 'PYTHONPATH': str(ROOT), 'PYTHONDONTWRITEBYTECODE': '1'}
