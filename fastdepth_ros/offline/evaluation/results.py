"""Results per image: as `evaluate` collects them, and as its CSV and JSON files hold them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastdepth_ros.documents import parse_json
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.evaluation.bands import Bands
from fastdepth_ros.offline.evaluation.metrics import METRICS
from fastdepth_ros.offline.evaluation.protocols import Figures, Score

KINDS = ('metric', 'scaled')
SUFFIXES = ('.json', '.csv')
DIGITS = 6  # significant ones of a figure of one image


@dataclass(frozen=True)
class ImageResult:
    """The score of one frame."""

    name: str
    scene: str
    score: Score


@dataclass(frozen=True)
class Results:
    """Every image of one evaluation, by the name that people call it."""

    label: str
    protocol: str
    images: list[ImageResult]


def to_rows(images: list[ImageResult]) -> list[dict[str, Any]]:
    """For JSON: name, scene, pixels, invalid, and the figures of both kinds."""
    return [
        {
            'name': image.name,
            'scene': image.scene,
            'pixels': image.score.pixels,
            'invalid': image.score.invalid,
            **{k: {m: rounded(v) for m, v in getattr(image.score, k).items()} for k in KINDS},
        }
        for image in images
    ]


def rounded(value: float) -> float:
    """As result files hold it."""
    return float(f'{value:.{DIGITS}g}')


def to_csv(images: list[ImageResult], protocol: str, bands: Bands) -> bytes:
    """A line an image: metric_rmse, ..., scaled_delta3, then metric_rmse_0-1 and so on by band.

    A field is empty where fewer than 1 % of the image's pixels are in that band.
    """
    head = ['name', 'scene', 'protocol', 'pixels', 'invalid', *_columns('')]
    head += [column for band in bands for column in _columns(f'_{band.name}')]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator='\n')
    writer.writerow(head)
    for image in images:
        score = image.score
        start = [image.name, image.scene, protocol, score.pixels, score.invalid]
        writer.writerow([*start, *_values(score), *_values_by_band(score)])
    return text.getvalue().encode()


def _columns(suffix: str) -> list[str]:
    return [f'{kind}_{name}{suffix}' for kind in KINDS for name in METRICS]


def _values(figures: Figures) -> Iterator[str]:
    for kind in KINDS:
        values = getattr(figures, kind)
        yield from (f'{values[name]:.{DIGITS}g}' for name in METRICS)


def _values_by_band(score: Score) -> Iterator[str]:
    for figures in score.bands:
        yield from _values(figures) if figures else [''] * len(KINDS) * len(METRICS)


def read_results(path: Path) -> Results:
    """A file of --json or --csv; a UserError names one that is none."""
    try:
        text = path.read_text(encoding='utf-8')
        rows = _rows_of_csv(text) if path.suffix == '.csv' else _rows_of_json(text)
        images = [_image(row) for row in rows]
        protocols = {row['protocol'] for row in rows}
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read the results '{path}': {error}") from error
    except (ArithmeticError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"'{path}' is not a result of evaluate with its images ({_reason(error)}): write it "
            'with evaluate --json or --csv'
        ) from error
    if len(protocols) != 1:
        raise UserError(f"'{path}' holds {len(protocols)} protocols: one is needed")
    return Results(str(path), protocols.pop(), images)


def _reason(error: Exception) -> str:
    return f'no {error}' if isinstance(error, KeyError) else str(error)


def _rows_of_json(text: str) -> list[dict[str, Any]]:
    result = parse_json(text)
    return [{**row, 'protocol': result['protocol']} for row in result['images']]


def _rows_of_csv(text: str) -> list[dict[str, Any]]:
    return [
        {**row, **{kind: {m: row[f'{kind}_{m}'] for m in METRICS} for kind in KINDS}}
        for row in csv.DictReader(io.StringIO(text))
    ]


def _image(row: dict[str, Any]) -> ImageResult:
    metric, scaled = ({m: float(row[kind][m]) for m in METRICS} for kind in KINDS)
    score = Score(metric, scaled, int(row['pixels']), int(row['invalid']))
    return ImageResult(row['name'], row['scene'], score)
