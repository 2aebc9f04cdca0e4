from __future__ import annotations

import gzip
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip('h5py')

from support import write_frame

from fastdepth_ros.__main__ import main

COMMAND = [sys.executable, '-m', 'fastdepth_ros', 'unpack']


def tree(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob('*') if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The tree that archives are made of."""
    for i in range(6):
        write_frame(tmp_path / f'src/nyudepthv2/train/room{i % 2}/0001{i}.h5', i)
    write_frame(tmp_path / 'src/nyudepthv2/val/official/00001.h5', 9)
    for path in (tmp_path / 'src').rglob('*.h5'):
        os.utime(path, (1e9, 1e9))
    return tmp_path / 'src'


def packed(source: Path, path: Path, mode: str = 'w:gz') -> Path:
    with tarfile.open(path, mode, format=tarfile.GNU_FORMAT) as archive:  # as tar writes it
        archive.add(source / 'nyudepthv2', 'nyudepthv2')
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, data: bytes = b'x') -> bytes:
    """A tar archive of one member."""
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, len(data), '/etc/passwd'
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode='w') as archive:
        archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The one line that the command refuses with."""
    capsys.readouterr()
    assert main(['unpack', *map(str, arguments)]) == 2
    lines = [line for line in capsys.readouterr().err.splitlines() if 'error' in line]
    assert len(lines) == 1
    return lines[0].split('error: ')[1]


@pytest.mark.parametrize('mode', ['w:gz', 'w:bz2', 'w:xz', 'w'])
def test_the_tree_is_that_of_the_archive_and_is_a_root(
    source: Path, tmp_path: Path, mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, out = packed(source, tmp_path / 'a.tar', mode), tmp_path / 'out'
    assert main(['unpack', str(archive), str(out), '--json']) == 0
    result = json.loads(capsys.readouterr().out)
    assert tree(out) == tree(source)
    assert (result['written'], result['already_there']) == (7, 0)
    assert result['data_root'] == str(out / 'nyudepthv2')
    assert result['bytes'] == sum(map(len, tree(source).values()))


def test_what_is_whole_is_skipped_and_what_is_not_is_mended(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, out = packed(source, tmp_path / 'a.tar.gz'), tmp_path / 'out'
    assert main(['unpack', str(archive), str(out)]) == 0
    room = out / 'nyudepthv2/train/room0'
    kept = (room / '00010.h5').stat().st_ino
    (room / '00012.h5').write_bytes(b'cut')
    (room / '00014.h5').write_bytes(bytes(len((room / '00014.h5').read_bytes())))  # same size
    (out / '.unpack-abc').write_bytes(b'of a killed run')
    assert main(['unpack', str(archive), str(out)]) == 0
    assert '2 files written, 5 were there' in capsys.readouterr().out
    assert tree(out) == tree(source)
    assert (room / '00010.h5').stat().st_ino == kept


def test_a_kill_at_any_moment_leaves_whole_files_and_is_resumed(
    tmp_path: Path, source: Path
) -> None:
    big = source / 'nyudepthv2/train/room1/big.h5'
    big.write_bytes(os.urandom(3_000_000))
    data = packed(source, tmp_path / 'a.tar', 'w').read_bytes()
    whole, out = tree(source), tmp_path / 'out'
    for share in (0.2, 0.7):
        process = subprocess.Popen([*COMMAND, '-', str(out)], stdin=subprocess.PIPE)
        assert process.stdin is not None
        process.stdin.write(data[: int(share * len(data))])
        process.stdin.flush()
        wait_for(lambda: (out / 'nyudepthv2/train/room0/00014.h5').exists())
        wait_for(lambda: any(out.glob('.unpack-*')))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdin.close()
        found = {n: d for n, d in tree(out).items() if not n.startswith('.unpack-')}
        assert all(whole[name] == content for name, content in found.items())
        assert 'nyudepthv2/train/room1/big.h5' not in found
    done = subprocess.run([*COMMAND, '-', str(out), '--json'], input=data, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)['already_there'] > 0
    assert tree(out) == whole


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize(
    ('name', 'kind', 'message'),
    [
        ('/etc/x', tarfile.REGTYPE, "'/etc/x' would be outside the folder"),
        ('a/../../x', tarfile.REGTYPE, "'a/../../x' would be outside"),
        ('..', tarfile.DIRTYPE, "'..' would be outside"),
        ('link', tarfile.SYMTYPE, "'link' is a link or a device"),
        ('hard', tarfile.LNKTYPE, "'hard' is a link or a device"),
        ('tty', tarfile.CHRTYPE, "'tty' is a link or a device"),
        ('pipe', tarfile.FIFOTYPE, "'pipe' is a link or a device"),
        # not ASCII, and so in a pax header, where a 0 does not end it
        ('\xe9\0b', tarfile.REGTYPE, "'\xe9\\x00b' is no name of a file"),
        ('\xe9\0b', tarfile.DIRTYPE, "'\xe9\\x00b' is no name of a file"),
    ],
)
def test_what_leaves_the_folder_is_refused(
    tmp_path: Path, name: str, kind: bytes, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = b'x' if kind == tarfile.REGTYPE else b''
    (tmp_path / 'a.tar').write_bytes(member(name, kind, data))
    assert message in refused(capsys, tmp_path / 'a.tar', tmp_path / 'in/out')
    assert not [p for p in (tmp_path / 'in').rglob('*') if not p.is_dir()]
    assert not (tmp_path / 'x').exists()


def test_damaged_archives_keep_what_is_whole(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = tree(source)
    for mode in ('w:gz', 'w:bz2', 'w:xz', 'w'):
        archive = packed(source, tmp_path / 'a.tar', mode)
        data = archive.read_bytes()
        cut = last_byte(archive) if mode == 'w' else len(data) - 9
        for end in (0, 3, len(data) // 2, cut):
            archive.write_bytes(data[:end])
            message = refused(capsys, archive, tmp_path / 'out')
            assert 'is cut off, damaged or no tar archive' in message
            assert tree(tmp_path / 'out').items() <= whole.items()
    archive.write_bytes(os.urandom(20000))
    assert 'no tar archive' in refused(capsys, archive, tmp_path / 'out')


def last_byte(archive: Path) -> int:
    """Where the last file ends: what tar has after it are zeros."""
    with tarfile.open(archive) as opened:
        last = opened.getmembers()[-1]
    return last.offset_data + -(-last.size // 512) * 512


def test_flipped_bytes_are_told(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = packed(source, tmp_path / 'a.tar.gz')
    data = bytearray(archive.read_bytes())
    data[-6] ^= 1  # of the check sum
    archive.write_bytes(data)
    assert 'damaged' in refused(capsys, archive, tmp_path / 'out')
    plain = bytearray(packed(source, tmp_path / 'b.tar', 'w').read_bytes())
    second = plain.index(b'nyudepthv2/train/room0/00012.h5')
    plain[second + 150] ^= 1  # of a header's check sum
    (tmp_path / 'b.tar').write_bytes(plain)
    assert 'what follows is no header' in refused(capsys, tmp_path / 'b.tar', tmp_path / 'out2')


def test_bombs_are_refused_before_they_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / 'a.tar.gz').write_bytes(gzip.compress(member('zeros', data=bytes(2_000_000)), 1))
    out = tmp_path / 'out'
    for wrong in ('inf', 'nan', '0'):
        message = refused(capsys, tmp_path / 'a.tar.gz', out, '--max-gigabytes', wrong)
        assert f'--max-gigabytes is {wrong}: a number above 0 is needed' in message
    message = refused(capsys, tmp_path / 'a.tar.gz', out, '--max-gigabytes', '0.001')
    assert "'zeros' brings the archive over 0.001 GB: raise --max-gigabytes" in message
    assert not list(out.iterdir())
    many = member('a', data=b'')[:512] + member('b', data=b'')
    (tmp_path / 'many.tar').write_bytes(many)
    message = refused(capsys, tmp_path / 'many.tar', out, '--max-files', '1')
    assert 'more than 1 files: raise --max-files' in message
    message = refused(capsys, tmp_path / 'many.tar', out, '--max-files', '0')
    assert '--max-files is 0: at least 1' in message


def test_a_header_that_is_a_bomb_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bomb = member('long', tarfile.GNUTYPE_LONGNAME, bytes(40_000_000))
    (tmp_path / 'a.tar.gz').write_bytes(gzip.compress(bomb, 1))
    assert 'a header in it is over 16 MB' in refused(capsys, tmp_path / 'a.tar.gz', tmp_path / 'o')


def test_no_room_is_one_line_and_leaves_whole_files(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (source / 'nyudepthv2/train/room1/big.h5').write_bytes(os.urandom(300_000))
    archive, out = packed(source, tmp_path / 'a.tar', 'w'), tmp_path / 'out'
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        message = refused(capsys, archive, out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert 'cannot write' in message
    assert 'big.h5' in message
    assert not list(out.glob('.unpack-*'))
    assert tree(out).items() <= tree(source).items()
    assert main(['unpack', str(archive), str(out)]) == 0
    assert tree(out) == tree(source)


def test_what_cannot_be_opened_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "cannot read '" in refused(capsys, tmp_path / 'gone.tar', tmp_path / 'out')
    (tmp_path / 'a.tar').write_bytes(member('a'))
    (tmp_path / 'file').write_text('')
    assert 'cannot unpack into' in refused(capsys, tmp_path / 'a.tar', tmp_path / 'file')
