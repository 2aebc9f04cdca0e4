"""PyTorch's two checkpoint formats, opened without PyTorch: one inert value and its storages.

zip (PyTorch >= 1.6): NAME/data.pkl, NAME/data/KEY (a storage's bytes), NAME/byteorder.
legacy: the pickles of a magic number, a version, system facts, the value and the storages' keys;
then for each key the number of elements (int64) and the elements, always little-endian.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from fastdepth_ros.network import inert_pickle
from fastdepth_ros.network.inert_pickle import Global, PersistentId

ZIP_START = b'PK\x03\x04'
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_VERSION = 1001
# numpy's name of each storage's elements; those of kind V are only skipped.
STORAGE_DTYPES = {
    'FloatStorage': 'f4',
    'HalfStorage': 'f2',
    'DoubleStorage': 'f8',
    'LongStorage': 'i8',
    'IntStorage': 'i4',
    'ShortStorage': 'i2',
    'CharStorage': 'i1',
    'ByteStorage': 'u1',
    'BoolStorage': 'u1',
    'UntypedStorage': 'V1',
    'BFloat16Storage': 'V2',
    'ComplexFloatStorage': 'V8',
    'ComplexDoubleStorage': 'V16',
}


class CheckpointError(ValueError):
    """Why a file is not a whole checkpoint, without its name."""


@dataclass(frozen=True)
class Storage:
    """What a persistent id says of a storage: numpy's dtype without byte order, and elements."""

    key: str
    dtype: str
    numel: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.numel * int(self.dtype[1:])


@dataclass(frozen=True)
class TorchFile:
    """The pickled value, and the bytes of each storage by key, in numpy's `byteorder`."""

    value: object
    storages: dict[str, bytes | memoryview]
    byteorder: str  # '<' or '>'


def open_torch_file(data: bytes) -> TorchFile:
    """Reads either format from a whole file's bytes. Raises CheckpointError."""
    try:
        return _open_zip(data) if data.startswith(ZIP_START) else _open_legacy(data)
    except inert_pickle.PickleError as error:
        raise CheckpointError(str(error)) from error


def storage_of(reference: object) -> Storage:
    """The storage that a persistent id names. Raises CheckpointError."""
    match reference:
        case PersistentId(('storage', Global('torch' | 'torch.cuda', kind), key, _, numel, *view)):
            if kind not in STORAGE_DTYPES:
                raise CheckpointError(f'it has a storage of unknown type {kind[:40]!a}')
            if type(key) is str and type(numel) is int and numel >= 0 and view in ([], [None]):
                return Storage(key, STORAGE_DTYPES[kind], numel)
    raise CheckpointError('it refers to a storage in an unknown way')


def _distinct(references: Iterable[PersistentId]) -> dict[str, Storage]:
    storages: dict[str, Storage] = {}
    for reference in references:
        match reference.value:
            case ('module', *_):  # the legacy format's way to name a class
                continue
        storage = storage_of(reference)
        if storages.setdefault(storage.key, storage) != storage:
            raise CheckpointError(f'storage {storage.key[:40]!a} is described in two ways')
    return storages


def _open_zip(data: bytes) -> TorchFile:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_inflation(archive, len(data))
            members = _without_folder(archive)
            loaded = inert_pickle.load(io.BytesIO(archive.read(_member(members, 'data.pkl'))))
            storages: dict[str, bytes | memoryview] = {}
            for key, storage in _distinct(loaded.persistent_ids).items():
                storages[key] = archive.read(_member(members, f'data/{key}'))
                if len(storages[key]) != storage.size:
                    raise CheckpointError(f'storage {key[:40]!a} has not {storage.size} bytes')
            little = 'byteorder' not in members or archive.read(members['byteorder']) == b'little'
            return TorchFile(loaded.value, storages, '<' if little else '>')
    except (CheckpointError, inert_pickle.PickleError):
        raise
    # RuntimeError: encryption, or a version that zipfile lacks; ValueError: names and offsets.
    except (zipfile.BadZipFile, RuntimeError, ValueError, OSError, EOFError) as error:
        raise CheckpointError('its zip archive is damaged') from error


def _refuse_inflation(archive: zipfile.ZipFile, file_size: int) -> None:
    """PyTorch stores plainly, so that members hold no more bytes than their archive has."""
    for info in archive.infolist():
        if info.compress_type != zipfile.ZIP_STORED:
            raise CheckpointError('its zip archive is compressed, which PyTorch never does')
    if sum(info.file_size for info in archive.infolist()) > file_size:
        raise CheckpointError('its zip archive claims more bytes than the file has')


def _without_folder(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    return {info.filename.partition('/')[2]: info for info in archive.infolist()}


def _member(members: dict[str, zipfile.ZipInfo], name: str) -> zipfile.ZipInfo:
    if name not in members:
        raise CheckpointError(f'its zip archive has no {name[:60]!a}')
    return members[name]


def _open_legacy(data: bytes) -> TorchFile:
    stream = io.BytesIO(data)
    _check_legacy_start(stream)
    inert_pickle.load(stream)  # system facts, which say nothing of the storages
    loaded = inert_pickle.load(stream)
    wanted = _distinct(loaded.persistent_ids)
    keys = inert_pickle.load(stream).value
    storages: dict[str, bytes | memoryview] = {}
    position, view = stream.tell(), memoryview(data)
    for key in keys if isinstance(keys, list) else ():
        if type(key) is not str or key not in wanted or key in storages:
            raise CheckpointError('its list of storages is not that of its tensors')
        start = position + 8
        position = start + wanted[key].size
        count = int.from_bytes(view[start - 8 : start], 'little')
        if position > len(data) or count != wanted[key].numel:
            raise CheckpointError(f'storage {key[:40]!a} has not {wanted[key].size} bytes')
        storages[key] = view[start:position]
    if len(storages) < len(wanted):
        raise CheckpointError(f'{len(wanted) - len(storages)} storages are missing')
    return TorchFile(loaded.value, storages, '<')


def _check_legacy_start(stream: io.BytesIO) -> None:
    try:
        magic = inert_pickle.load(stream).value
    except inert_pickle.PickleError:
        magic = None
    if magic != LEGACY_MAGIC:
        raise CheckpointError("it starts with neither a zip archive nor PyTorch's magic number")
    if inert_pickle.load(stream).value != LEGACY_VERSION:
        raise CheckpointError(f'its format is not of version {LEGACY_VERSION}')
