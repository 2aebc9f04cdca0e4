"""Files of an archive written into a folder: whole, inside it, and not twice."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import IO

from fastdepth_ros.errors import UserError

PART = '.unpack-'  # begins the name of a file that is not whole yet
LATEST = 2.0**32  # s, of file times
CHUNK = 1 << 20


class Extraction:
    """Writes members below a folder, up to a limit of bytes and files."""

    def __init__(self, out: Path, max_bytes: int, max_files: int) -> None:
        """Makes the folder, and clears it of what a killed run left half written."""
        self._out, self._max_bytes, self._max_files = out, max_bytes, max_files
        self.written = self.skipped = self.bytes = 0
        self.folders: set[str] = set()  # outermost ones of the archive
        try:
            out.mkdir(parents=True, exist_ok=True)
            for path in out.glob(f'{PART}*'):
                path.unlink()
        except OSError as error:
            raise UserError(f"cannot unpack into '{out}': {error.strerror}") from error

    @property
    def files(self) -> int:
        """How many the archive has had so far."""
        return self.written + self.skipped

    def add(self, member: tarfile.TarInfo, content: IO[bytes] | None) -> None:
        """Writes one member unless it is there; a UserError if it is refused or cannot be."""
        name = _checked_name(member)
        path = self._out / name
        self.folders.update(name.parts[:1])
        try:
            if content is None:
                path.mkdir(parents=True, exist_ok=True)
                return
            self._count(member)
            if _is_whole(path, member):
                self.skipped += 1
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write(path, member, content)
        except OSError as error:
            raise UserError(
                f"cannot write '{path}': {error.strerror}; what is unpacked is whole: mend that "
                'and run the same command'
            ) from error
        self.written += 1

    def _count(self, member: tarfile.TarInfo) -> None:
        self.bytes += member.size
        if self.bytes > self._max_bytes:
            raise UserError(
                f'{_shown(member)} brings the archive over {self._max_bytes / 1e9:g} GB: raise '
                '--max-gigabytes if that is right'
            )
        if self.files >= self._max_files:
            raise UserError(
                f'the archive has more than {self._max_files} files: raise --max-files if that is '
                'right'
            )

    def _write(self, path: Path, member: tarfile.TarInfo, content: IO[bytes]) -> None:
        """Beside the tree, then renamed: a file has its name only once it is whole."""
        with tempfile.NamedTemporaryFile(dir=self._out, prefix=PART, delete=False) as part:
            try:
                shutil.copyfileobj(content, part, CHUNK)
                part.flush()
                Path(part.name).chmod(0o644)
                os.utime(part.name, (_time(member), _time(member)))
                Path(part.name).replace(path)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise


def _checked_name(member: tarfile.TarInfo) -> PurePosixPath:
    """Where it belongs; a UserError unless it is a plain file or folder that stays inside."""
    name = PurePosixPath(member.name)
    if not _is_a_file_name(member.name):
        raise UserError(f'{_shown(member)} is no name of a file: the archive is refused')
    if name.is_absolute() or '..' in name.parts or member.size < 0:
        raise UserError(f'{_shown(member)} would be outside the folder: the archive is refused')
    if not (member.isfile() or member.isdir()):
        raise UserError(f'{_shown(member)} is a link or a device: the archive is refused')
    return name


def _is_a_file_name(name: str) -> bool:
    """Whether the system could have a file of this name (pax headers can hold any text)."""
    try:
        return b'\0' not in os.fsencode(name)
    except UnicodeEncodeError:
        return False


def _shown(member: tarfile.TarInfo) -> str:
    """Its name on one line, whatever is in it."""
    return repr(member.name)[:200]


def _time(member: tarfile.TarInfo) -> int:
    return int(min(max(0.0, float(member.mtime)), LATEST))


def _is_whole(path: Path, member: tarfile.TarInfo) -> bool:
    if not path.is_file():
        return False
    status = path.stat()
    return status.st_size == member.size and int(status.st_mtime) == _time(member)
