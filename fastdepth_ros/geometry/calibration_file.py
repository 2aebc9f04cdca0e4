"""Camera calibration as ROS's camera_calibration writes it (YAML), for cameras without CameraInfo.

The format is camera_calibration_parsers': image_width, image_height, camera_matrix,
distortion_model, distortion_coefficients, rectification_matrix, projection_matrix.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastdepth_ros.documents import read_yaml
from fastdepth_ros.errors import UserError
from fastdepth_ros.files import user_path
from fastdepth_ros.geometry.camera_info import CameraModel

REMEDY = "it is a calibration YAML that is needed, as ROS's camera_calibration writes it"
FILE, PACKAGE = 'file://', 'package://'


def read_calibration(url: str, share_of: Callable[[str], str]) -> CameraModel:
    """The camera of `url`: a path, file://PATH or package://NAME/PATH.

    `share_of` gives the share directory of a package; UserError says what is wrong with the file.
    """
    path = resolve_url(url, share_of)
    try:
        values = read_yaml(path)
    except ImportError as error:
        raise UserError('camera_info_url needs PyYAML: pip install PyYAML') from error
    except OSError as error:
        raise UserError(f"camera_info_url '{url}' cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UserError(f"camera_info_url '{url}' is no YAML: {REMEDY}") from error
    try:
        return parse_calibration(values)
    except UserError as error:
        raise UserError(f"camera_info_url '{url}': {error}; {REMEDY}") from error


def resolve_url(url: str, share_of: Callable[[str], str]) -> Path:
    """The file that `url` means."""
    if url.startswith(PACKAGE):
        name, _, path = url[len(PACKAGE) :].partition('/')
        return Path(share_of(name)) / path
    if '://' in url and not url.startswith(FILE):
        raise UserError(f"camera_info_url is '{url}': a path, file:// or package:// is allowed")
    return user_path(url.removeprefix(FILE))


def parse_calibration(values: Any) -> CameraModel:
    """The camera of the file's contents; UserError names what is missing or wrong."""
    if not isinstance(values, dict):
        raise UserError('it has no image_width')
    width, height = (_size(values, key) for key in ('image_width', 'image_height'))
    k = _matrix(values, 'camera_matrix', 9)
    if not (k[0] > 0 and k[4] > 0):
        raise UserError(f'camera_matrix has the focal lengths {k[0]:g} and {k[4]:g}')
    return CameraModel(
        width,
        height,
        k=k,
        p=_matrix(values, 'projection_matrix', 12),
        r=_matrix(values, 'rectification_matrix', 9),
        d=_matrix(values, 'distortion_coefficients', None),
        distortion_model=str(values.get('distortion_model', 'plumb_bob')),
    )


def _size(values: dict[str, Any], key: str) -> int:
    size = values.get(key)
    if type(size) is not int or size <= 0:
        raise UserError(f'{key} is {size!r}: a whole number of pixels is needed')
    return size


def _matrix(values: dict[str, Any], key: str, count: int | None) -> list[float]:
    """The `data` of an entry, of `count` numbers (None: any)."""
    entry = values.get(key)
    data: Any = entry.get('data') if isinstance(entry, dict) else None
    numbers = isinstance(data, list) and all(type(x) in (int, float) for x in data)
    if not numbers or not all(map(math.isfinite, data)) or count not in (None, len(data)):
        needed = 'finite numbers' if count is None else f'{count} finite numbers'
        raise UserError(f'{key} is {str(entry)[:60]}: data of {needed} is needed')
    return [float(x) for x in data]
