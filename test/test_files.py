from __future__ import annotations

from pathlib import Path

import pytest

from fastdepth_ros.__main__ import main
from fastdepth_ros.errors import UserError
from fastdepth_ros.files import user_path


def test_homes_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('HOME', '/home/me')
    assert user_path('~/a.onnx') == Path('/home/me/a.onnx')
    assert user_path('~root/a.onnx').is_absolute()
    assert user_path(Path('a/~b')) == Path('a/~b')


@pytest.mark.parametrize(
    ('path', 'message'),
    [
        ('~nobody-at-all/a.onnx', "'~nobody-at-all/a.onnx' begins with no user's home: write ./~"),
        ('a\0b', r'is no name of a file'),
    ],
)
def test_what_is_no_path_is_one_line(path: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        user_path(path)


def test_commands_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(['predict', '~nobody-at-all/a.jpg', '--out', str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("error: '~nobody-at-all/a.jpg' begins with no user")
