"""The int8 copy of a model: X.int8.onnx beside X.onnx, as `export --int8` writes it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastdepth_ros.engines.onnx_metadata import read_onnx_metadata
from fastdepth_ros.errors import UserError

INT8 = 'int8'
FLOATS = ('f32', 'bf16', 'f16')
ONNX = '.onnx'


def int8_sibling(path: Path) -> Path:
    """Where the int8 copy of X.onnx is: X.int8.onnx."""
    return path.with_suffix(f'.{INT8}{ONNX}')


def fingerprint(path: Path) -> str:
    """What an int8 copy keeps of the file that it was made from."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def model_files(path: Path) -> dict[str, Path]:
    """Precision -> file that has it, of the model at `path`; UserError for a damaged file.

    An int8 file has only int8. A copy that was made from another X.onnx is left out: it would
    give another model's depth.
    """
    if path.suffix != ONNX:
        return dict.fromkeys(FLOATS, path)
    if read_onnx_metadata(path).is_int8:
        return {INT8: path}
    copy = int8_sibling(path)
    fresh = copy.is_file() and is_copy_of(copy, path)
    return {**dict.fromkeys(FLOATS, path), **({INT8: copy} if fresh else {})}


def is_copy_of(copy: Path, path: Path) -> bool:
    """True where `copy` was quantised from `path` as it is now."""
    return read_onnx_metadata(copy).quantisation.get('sha256') == fingerprint(path)


def no_int8(path: Path) -> UserError:
    """Why the model at `path` cannot run in int8, and what to do."""
    copy = int8_sibling(path)
    reason = f"'{copy}' is of another '{path.name}'" if copy.is_file() else f"no '{copy}'"
    return UserError(f"precision 'int8' is not there: {reason}; export it with --int8 --data ROOT")
