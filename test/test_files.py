from __future__ import annotations

import os
from pathlib import Path

import pytest

from fastdepth_ros.__main__ import main
from fastdepth_ros.errors import UserError
from fastdepth_ros.files import remove_unfinished, user_path, write_atomically


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


def test_only_what_was_not_finished_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ['log.csv', 'log.csv.bak2024', 'log.csv_epoch10', 'log.notes.md']
    for name in names:
        write_atomically(tmp_path / name, b'mine')
    (tmp_path / 'log.runs_old').mkdir()
    monkeypatch.setattr(Path, 'replace', lambda *_: None)  # as if SIGKILL had come before it
    write_atomically(tmp_path / 'log.csv', b'half')
    assert len(list(tmp_path.iterdir())) == 6
    remove_unfinished(tmp_path, 'log.*')
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*names, 'log.runs_old'])
    assert (tmp_path / 'log.csv').read_bytes() == b'mine'


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / 'there' / 'figures.json', tmp_path / 'latest.json'
    target.parent.mkdir()
    target.write_bytes(b'old')
    link.symlink_to(target)
    write_atomically(link, b'new')
    assert link.is_symlink()
    assert target.read_bytes() == b'new'


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / 'pipe'
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_atomically(pipe, b'figures')
    assert os.read(reader, 100) == b'figures'
    os.close(reader)
    assert list(tmp_path.iterdir()) == [pipe]
    write_atomically(Path(os.devnull), b'figures')
    assert Path(os.devnull).is_char_device()
