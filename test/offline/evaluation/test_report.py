from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest

pytest.importorskip('matplotlib')
pytest.importorskip('jinja2')

from fastdepth_ros.__main__ import main
from fastdepth_ros.offline.evaluation.metrics import METRICS
from fastdepth_ros.offline.evaluation.pictures import (
    NO_TRUTH,
    choose,
    error_colours,
)
from fastdepth_ros.offline.evaluation.protocols import Score, align
from fastdepth_ros.offline.evaluation.results import ImageResult


class Page(HTMLParser):
    """What a report holds: files, tables and text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.images: list[tuple[str, bytes]] = []
        self.addresses: list[str] = []
        self.html = path.read_text(encoding='utf-8')
        self.feed(self.html)
        self.text = ' '.join(
            re.sub(r'<style>.*</style>|<[^>]*>', ' ', self.html, flags=re.S).split()
        )

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ('src', 'href'):
                self.addresses.append(value or '')
                kind, data = (value or '').removeprefix('data:').split(';base64,')
                self.images.append((kind, base64.b64decode(data)))


def report(*options: object) -> Page:
    *_, folder = options
    assert main(['evaluate', *map(str, options), '--threads', '1']) == 0
    return Page(Path(str(folder)) / 'index.html')


def test_a_report_is_one_file_with_everything_in_it(
    scene_root: Path, stub_onnx: Path, tmp_path: Path
) -> None:
    folder = tmp_path / 'report'
    page = report('--data', scene_root, '--model', stub_onnx, '--report', folder)
    assert [file.name for file in folder.iterdir()] == ['index.html']
    assert all(address.startswith('data:') for address in page.addresses)
    kinds = [kind for kind, _ in page.images]
    # best, median and worst, two images each of six: colour, truth, prediction, error
    assert (kinds.count('image/jpeg'), kinds.count('image/png')) == (6, 18)
    assert kinds.count('image/svg+xml') == 4
    for kind, data in page.images:
        if kind == 'image/svg+xml':
            assert ElementTree.fromstring(data).tag.endswith('svg')
        else:
            picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
            assert picture is not None
            assert picture.shape == (60, 80, 3)
    for words in ('official/00000', 'room2', '95 %: bootstrap over 3 scenes', *METRICS):
        assert words in page.text


def test_a_model_that_tells_its_error_has_its_risk_in_the_report(
    scene_root: Path, doubtful_onnx: Path, tmp_path: Path
) -> None:
    page = report('--data', scene_root, '--model', doubtful_onnx, '--report', tmp_path / 'report')
    assert [kind for kind, _ in page.images].count('image/svg+xml') == 5
    assert 'What the network itself doubts' in page.text


def test_its_figures_are_those_of_the_table(
    scene_root: Path, stub_onnx: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = report('--data', scene_root, '--model', stub_onnx, '--report', tmp_path / 'report')
    row = next(line for line in capsys.readouterr().out.splitlines() if line[:6] == 'absrel')
    metric, low, _, high = row.split()[1:5]
    assert f'{metric} {low} to {high}' in page.text


def test_a_name_cannot_become_markup(scene_root: Path, stub_onnx: Path, tmp_path: Path) -> None:
    root = tmp_path / '<b>root'
    scene_root.rename(root)
    page = report('--data', root, '--model', stub_onnx, '--report', tmp_path / 'report')
    assert '&lt;b&gt;root' in page.html
    assert '<b>root' not in page.html


@pytest.mark.parametrize('count', [1, 2])
def test_few_images_without_scenes_and_empty_bands_make_a_report(
    count: int, scene_root: Path, stub_onnx: Path, tmp_path: Path
) -> None:
    for file in sorted((scene_root / 'val/official').iterdir())[count:]:
        file.unlink()
    options = ['--bands', '0-0.1,1-2', '--report', tmp_path / 'report']
    page = report('--data', scene_root, '--model', stub_onnx, *options)
    assert [kind for kind, _ in page.images].count('image/jpeg') == count


def test_a_comparison_has_a_report_too(scene_root: Path, stub_onnx: Path, tmp_path: Path) -> None:
    options = ['--data', scene_root, '--compare', stub_onnx, stub_onnx]
    page = report(*options, '--report', tmp_path / 'report')
    assert [kind for kind, _ in page.images] == ['image/svg+xml'] * 2
    assert 'B - A over 6 images of 3 scenes' in page.text
    assert '+0.0000 to +0.0000' in page.text


def test_best_median_and_worst_are_by_absrel_and_no_image_comes_twice() -> None:
    images = [
        ImageResult(str(i), 's', Score({'absrel': (i * 7 % 10) / 10}, {}, 1, 0)) for i in range(10)
    ]
    chosen = {
        title: [image.score.metric['absrel'] for image in group]
        for title, group in choose(images).items()
    }
    assert chosen == {'best': [0, 0.1, 0.2], 'median': [0.3, 0.4, 0.5], 'worst': [0.9, 0.8, 0.7]}


def test_errors_are_blue_where_too_near_and_red_where_too_far() -> None:
    target = np.array([[2.0, 2.0, 2.0, 0.0]], np.float32)
    prediction = np.array([[1.0, 2.0, 3.0, 3.0]], np.float32)
    near, exact, far, none = error_colours(align(prediction, target, 'full'))[0].astype(int)
    assert near[0] > near[2] + 100  # BGR
    assert far[2] > far[0] + 100
    assert max(exact) - min(exact) < 10
    assert tuple(none) == NO_TRUTH
