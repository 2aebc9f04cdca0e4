"""Small images, videos and bags for `predict`, and the stub network's depth of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fastdepth_ros.__main__ import main

Predict = Callable[..., dict[str, Any]]


@pytest.fixture
def predict(stub_onnx: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Predict:
    """Runs the command with the stub network into tmp_path/out; its JSON, code and stderr."""

    def run(*arguments: object, expect: int = 0) -> dict[str, Any]:
        given = ['--out', tmp_path / 'out', '--model', stub_onnx, '--threads', 1, '--json']
        code = main(['predict', *map(str, (*arguments, *given))])
        printed = capsys.readouterr()
        assert code == expect, printed.err
        return {**(json.loads(printed.out) if printed.out else {}), 'stderr': printed.err}

    return run


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three grey images of 160 x 120, brighter and brighter: 0.5 m + 4 m * grey / 255."""
    folder = tmp_path / 'photos'
    folder.mkdir()
    for n, name in enumerate(('a.png', 'b.jpg', 'c.png')):
        cv2.imwrite(str(folder / name), np.full((120, 160, 3), 51 * (n + 1), np.uint8))
    return folder
