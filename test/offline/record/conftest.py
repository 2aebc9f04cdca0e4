"""The command as a function."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fastdepth_ros.__main__ import main


@pytest.fixture
def record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs the command into tmp_path/out; the only scene's result, or the error's line."""

    def run(*arguments: object) -> Any:
        words = ['record', *map(str, arguments[:1]), str(tmp_path / 'out')]
        code = main([*words, *map(str, arguments[1:]), '--json'])
        captured = capsys.readouterr()
        if code:
            line = captured.err.splitlines()[-1].rpartition('\r')[2]
            assert 'error: ' in line, captured.err
            return line[line.index('error: ') :]
        result = json.loads(captured.out)
        return next(iter(result['scenes'].values())) | {'skipped': result['skipped']}

    return run
