"""Risk-coverage curves: how good is what is left when the pixels of most expected error go?

Ilg et al., arXiv 1802.07095, call it sparsification. The area between the curve and that of an
oracle, which knows the errors, is AUSE; that between it and pixels left out at random is AURG
(Poggi et al., arXiv 2005.06209). Each image has its own order of pixels, and curves are means
over images. A threshold (max_error) is one for all images, as in the node.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from fastdepth_ros.offline.evaluation.protocols import Aligned, median_scaled
from fastdepth_ros.offline.evaluation.results import KINDS

STEP = 0.05
COVERAGES = np.round(np.arange(1, STEP / 2, -STEP), 2)  # of an image's pixels: 1 to 0.05
RISKS = ('absrel', 'delta1')
COLUMNS = [(kind, risk) for kind in KINDS for risk in RISKS]
SAMPLED = 20_000  # pixels of an image, about
THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)  # of max_error
SHOWN = (1.0, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5)  # coverages in the table


def on_truth(expected: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Expected error, (h, w) float32, bilinearly on the truth's pixels (H, W)."""
    if expected.shape == target.shape:
        return expected
    return cv2.resize(expected, target.shape[::-1], interpolation=cv2.INTER_LINEAR)


class RiskCurves:
    """Collects the errors of images in the order of what the network expected of each pixel."""

    def __init__(self, protocol: str) -> None:
        self._protocol = protocol
        self._images = 0
        shape = len(COLUMNS), len(COVERAGES)
        self._model, self._oracle = np.zeros(shape), np.zeros(shape)
        self._kept = np.zeros((len(THRESHOLDS), 1 + len(COLUMNS)))  # share, and errors summed
        self._expected = self._found = 0.0  # |log error|

    def add(self, aligned: Aligned, expected: np.ndarray) -> None:
        """One image; `expected` is |log error| on its pixels, (H, W). Nothing valid adds nothing.

        Pixels are evenly spread ones that have a truth.
        """
        chosen = np.flatnonzero(aligned.valid)
        if not chosen.size:
            return
        chosen = chosen[:: max(1, chosen.size // SAMPLED)]
        order = chosen[np.argsort(expected.ravel()[chosen], kind='stable')]
        sure = expected.ravel()[order]
        errors = errors_of(aligned, self._protocol, order)
        self._images += 1
        self._model += means_of_first(errors)
        self._oracle += means_of_first(np.sort(errors, axis=1))
        for row, most in zip(self._kept, THRESHOLDS, strict=True):
            count = int(np.searchsorted(sure, most, side='right'))
            row += np.r_[count, errors[:, :count].sum(1)] / order.size
        ratio = aligned.prediction.ravel()[order] / aligned.target.ravel()[order]
        self._expected += float(sure.mean())
        self._found += float(np.abs(np.log(ratio)).mean())

    def summary(self) -> dict[str, Any] | None:
        """For JSON; None without images. docs/evaluation.md says what is what."""
        if not self._images:
            return None
        result: dict[str, Any] = {'coverage': COVERAGES.tolist(), **{k: {} for k in KINDS}}
        model, oracle = self._model / self._images, self._oracle / self._images
        for (kind, risk), ours, best in zip(COLUMNS, model, oracle, strict=True):
            result[kind][risk] = {
                'model': as_figure(risk, ours).tolist(),
                'oracle': as_figure(risk, best).tolist(),
                'random': float(as_figure(risk, ours[:1])[0]),
                'ause': area(ours - best),
                'aurg': area(ours[0] - ours),
            }
        result['thresholds'] = [
            threshold_row(most, row / self._images)
            for most, row in zip(THRESHOLDS, self._kept, strict=True)
        ]
        result['mean_log_error'] = {
            'expected': self._expected / self._images,
            'found': self._found / self._images,
        }
        return result


def in_brief(risk: dict[str, Any]) -> dict[str, float]:
    """Of summary(): how well the expected error orders the pixels, and whether it is honest."""
    curve = risk['metric']['absrel']
    return {'ause': curve['ause'], 'aurg': curve['aurg'], **risk['mean_log_error']}


def errors_of(aligned: Aligned, protocol: str, pixels: np.ndarray) -> np.ndarray:
    """(len(COLUMNS), n): relative error, and 1 where delta 1 is missed, metric and scaled."""
    t = aligned.target.ravel()[pixels].astype(np.float64)
    rows = []
    for prediction in (aligned.prediction, median_scaled(aligned, protocol)):
        p = prediction.ravel()[pixels].astype(np.float64)
        rows += [np.abs(p - t) / t, np.maximum(p / t, t / p) >= 1.25]
    return np.array(rows, np.float64)


def means_of_first(errors: np.ndarray) -> np.ndarray:
    """(K, n) in order -> (K, len(COVERAGES)): the mean of the first share of each row."""
    counts = np.maximum(np.rint(COVERAGES * errors.shape[1]).astype(int), 1)
    return np.cumsum(errors, axis=1)[:, counts - 1] / counts


def as_figure(risk: str, errors: np.ndarray) -> np.ndarray:
    """delta 1 is the share that is right."""
    return 1 - errors if risk == 'delta1' else errors


def area(heights: np.ndarray) -> float:
    """Under a curve over the share left out, 0 to 0.95 (trapezoids)."""
    return float(((heights[1:] + heights[:-1]) / 2).sum() * STEP)


def threshold_row(most: float, sums: np.ndarray) -> dict[str, Any]:
    """What max_error `most` keeps, and how good that is; None where it keeps nothing."""
    share, errors = sums[0], sums[1:]
    row: dict[str, Any] = {'max_error': most, 'coverage': float(share)}
    for (kind, risk), error in zip(COLUMNS, errors, strict=True):
        value = float(as_figure(risk, np.array(error / share))) if share else None
        row.setdefault(kind, {})[risk] = value
    return row


def risk_table(risk: dict[str, Any]) -> list[str]:
    """Lines for people: curves against the oracle's, and what each max_error leaves."""
    names = [f'{kind} {name}' for kind, name in COLUMNS]
    lines = ['', f'{"pixels":<8}' + ''.join(f'{name:>16} {"oracle":>7}' for name in names)]
    for share in SHOWN:
        i = risk['coverage'].index(share)
        cells = [risk[kind][name] for kind, name in COLUMNS]
        lines.append(
            f'{share:<8.0%}'
            + ''.join(f'{c["model"][i]:16.3f} {c["oracle"][i]:7.3f}' for c in cells)
        )
    for name, text in (('ause', 'AUSE'), ('aurg', 'AURG')):
        values = [risk[kind][metric][name] for kind, metric in COLUMNS]
        lines.append(f'{text:<8}' + ''.join(f'{value:16.4f}{"":8}' for value in values).rstrip())
    both = risk['mean_log_error']
    lines.append(
        f'pixels of least expected error kept; mean log error expected {both["expected"]:.3f}, '
        f'found {both["found"]:.3f}'
    )
    lines += ['', f'{"max_error":<10}{"pixels":>8}' + ''.join(f'{name:>16}' for name in names)]
    for row in risk['thresholds']:
        values = [row[kind][name] for kind, name in COLUMNS]
        texts = ''.join(f'{"-":>16}' if value is None else f'{value:16.3f}' for value in values)
        lines.append(f'{row["max_error"]:<10g}{row["coverage"]:>8.1%}{texts}')
    return lines
