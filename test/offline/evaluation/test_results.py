from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.evaluation.bands import parse_bands
from fastdepth_ros.offline.evaluation.metrics import METRICS
from fastdepth_ros.offline.evaluation.protocols import score
from fastdepth_ros.offline.evaluation.results import ImageResult, read_results, to_csv, to_rows

BANDS = parse_bands('0-2,2-4')


@pytest.fixture
def images(rng: np.random.Generator) -> list[ImageResult]:
    """Two scored images, the second one without any depth below 2 m."""
    found = []
    for i, low in enumerate((0.5, 2.5)):
        truth = rng.uniform(low, 3.5, (8, 9)).astype(np.float32)
        result = score(truth * 1.2, truth, 'full', BANDS)
        assert result is not None
        found.append(ImageResult(f'official/{i}', f'a, "room" {i}', result))
    return found


@pytest.mark.parametrize('suffix', ['.csv', '.json'])
def test_what_is_written_is_read_again(
    tmp_path: Path, images: list[ImageResult], suffix: str
) -> None:
    path = tmp_path / f'r{suffix}'
    data = to_csv(images, 'full', BANDS)
    if suffix == '.json':
        data = json.dumps({'protocol': 'full', 'images': to_rows(images)}).encode()
    path.write_bytes(data)
    found = read_results(path)
    assert found.protocol == 'full'
    for mine, its in zip(images, found.images, strict=True):
        assert (its.name, its.scene, its.score.pixels) == (mine.name, mine.scene, 72)
        assert its.score.metric == pytest.approx(mine.score.metric, rel=1e-5)
        assert its.score.scaled == pytest.approx(mine.score.scaled, rel=1e-5, abs=1e-6)


def test_the_csv_has_a_line_an_image_and_bands_where_there_are_any(
    images: list[ImageResult],
) -> None:
    first, second = csv.DictReader(io.StringIO(to_csv(images, 'full', BANDS).decode()))
    assert float(first['metric_absrel_0-2']) == pytest.approx(0.2, rel=1e-5)
    assert second['metric_absrel_0-2'] == ''
    assert float(second['metric_absrel_2-4']) == pytest.approx(0.2, rel=1e-5)
    assert len(first) == 5 + 3 * 2 * len(METRICS)


@pytest.mark.parametrize(
    ('name', 'text', 'message'),
    [
        ('x.json', '{', 'is not a result of evaluate'),
        ('x.json', '[]', 'is not a result of evaluate'),
        ('x.json', '{"protocol": "full", "count": 3}', "with its images .no 'images'"),
        ('x.json', '{"protocol": "full", "images": []}', 'holds 0 protocols'),
        ('x.csv', 'name,scene\na,b\n', "no 'metric_rmse'"),
        ('x.csv', '', 'holds 0 protocols'),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UserError, match=message):
        read_results(tmp_path / name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot read the results '.*gone.csv'"):
        read_results(tmp_path / 'gone.csv')
