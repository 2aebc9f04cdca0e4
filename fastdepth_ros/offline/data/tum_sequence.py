"""A sequence as the TUM RGB-D benchmark has it: images named by their stamps, and lists of them.

rgb.txt and depth.txt hold `stamp file` a line, associations.txt `stamp file stamp file`. Depth
is a 16-bit PNG with 5000 units a metre. Intrinsics come from meta.json (which may give another
depth_scale), else from calibration.yaml as ROS's camera_calibration writes it (its distortion is
not undone), else they are TUM's own for a folder named after freiburg1, 2 or 3.
https://cvg.cit.tum.de/data/datasets/rgbd-dataset/file_formats
"""

from __future__ import annotations

import bisect
import math
import re
from pathlib import Path

from fastdepth_ros.documents import read_yaml
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry import rgbd_meta
from fastdepth_ros.geometry.calibration_file import REMEDY, parse_calibration
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.data.image_pairs import PairFolder, PairRef

ASSOCIATIONS, RGB, DEPTH = 'associations.txt', 'rgb.txt', 'depth.txt'
CALIBRATION = 'calibration.yaml'
DEPTH_SCALE = 5000.0  # units a metre
MAX_DIFFERENCE = 0.02  # s, as the benchmark's associate.py has it
MOST_NEAR = 100  # images in twice that: more are stamps in another unit, or none
# fx, fy, cx, cy of the colour cameras at 640 x 480, from the benchmark's calibration page.
FREIBURG = {
    '1': (517.3, 516.5, 318.6, 255.3),
    '2': (520.9, 521.0, 325.1, 249.7),
    '3': (535.4, 539.2, 320.1, 247.6),
}

Stamped = list[tuple[float, str]]  # seconds and file, sorted


class TumSequence(PairFolder):
    """One sequence, which is one scene."""

    kind = 'TUM sequence'

    @classmethod
    def at(cls, path: Path) -> TumSequence | None:
        """The sequence, if it is one."""
        listed = (path / RGB).is_file() and (path / DEPTH).is_file()
        return cls(path) if listed or (path / ASSOCIATIONS).is_file() else None

    def pairs(self) -> list[PairRef]:
        """In order of time, named after the colour image."""
        scale, camera = self._meta()
        return [
            PairRef(
                self.path / rgb,
                self.path / depth,
                scale,
                camera,
                name=Path(rgb).stem,
                scene=self.path.name,
            )
            for rgb, depth in self._files()
        ]

    def notes(self) -> list[str]:
        """How many colour images have no depth near them."""
        path = self.path / RGB
        if (self.path / ASSOCIATIONS).is_file() or not path.is_file():
            return []
        alone = len(_read_list(path)) - len(self._files())
        text = f"'{self.path}': {alone} colour images without depth within {MAX_DIFFERENCE} s"
        return [text] if alone else []

    def _files(self) -> list[tuple[str, str]]:
        path = self.path / ASSOCIATIONS
        if path.is_file():
            return _read_associations(path)
        return associate(_read_list(self.path / RGB), _read_list(self.path / DEPTH))

    def _meta(self) -> tuple[float, Intrinsics | None]:
        """Units a metre, and the camera."""
        if (self.path / rgbd_meta.NAME).is_file():
            meta = rgbd_meta.read_meta(self.path, DEPTH_SCALE)
            if meta.camera:
                return meta.depth_scale, meta.camera
            return meta.depth_scale, self._calibration()
        return DEPTH_SCALE, self._calibration()

    def _calibration(self) -> Intrinsics | None:
        path = self.path / CALIBRATION
        if path.is_file():
            return _read_calibration(path)
        found = re.search(r'(?:freiburg|fr)([123])(?!\d)', self.path.resolve().name)
        return Intrinsics(*FREIBURG[found[1]], 640, 480) if found else None


def _read_calibration(path: Path) -> Intrinsics | None:
    try:
        return parse_calibration(read_yaml(path)).intrinsics
    except (UserError, OSError, ValueError) as error:
        raise UserError(f"'{path}' is no camera calibration: {error}; {REMEDY}") from error


def associate(
    rgb: Stamped, depth: Stamped, max_difference: float = MAX_DIFFERENCE
) -> list[tuple[str, str]]:
    """(colour file, depth file) nearest in time first, none twice; in order of the colour's time.

    The greedy rule of the benchmark's associate.py.
    """
    stamps = [stamp for stamp, _ in depth]
    candidates = []
    for i, (stamp, _) in enumerate(rgb):
        first = bisect.bisect_left(stamps, stamp - max_difference)
        last = bisect.bisect_right(stamps, stamp + max_difference)
        if last - first > MOST_NEAR:
            raise UserError(
                f'{last - first} depth images are within {max_difference} s of the colour image '
                f"'{rgb[i][1]}': stamps are in seconds, of {MOST_NEAR} images at most"
            )
        candidates += [(abs(stamps[j] - stamp), i, j) for j in range(first, last)]
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(candidates):
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    return [(rgb[i][1], depth[j][1]) for i, j in sorted(partner.items())]


def _read_list(path: Path) -> Stamped:
    """`stamp file` a line, sorted by the stamp."""
    return sorted((_stamp(row[0], path), row[1]) for row in _rows(path, 2))


def _read_associations(path: Path) -> list[tuple[str, str]]:
    """Colour and depth of each line, whichever comes first: some tools write depth first."""
    rows = sorted((_stamp(row[0], path), row[1], row[3]) for row in _rows(path, 4))
    depth_first = bool(rows) and Path(rows[0][1]).parts[0].startswith('depth')
    return [(second, first) if depth_first else (first, second) for _, first, second in rows]


def _rows(path: Path, columns: int) -> list[list[str]]:
    try:
        lines = path.read_text(encoding='utf-8').splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"'{path}' cannot be read as text: {error}") from error
    rows = [line.replace(',', ' ').split() for line in lines if not line.startswith('#')]
    rows = [row for row in rows if row]
    for row in rows:
        if len(row) < columns or not all(Path(file).stem for file in row[1:columns:2]):
            needed = 'stamp file' if columns == 2 else 'stamp file stamp file'
            raise UserError(f"'{path}' has the line '{' '.join(row)}': {needed} is needed")
    return rows


def _stamp(text: str, path: Path) -> float:
    try:
        stamp = float(text)
    except ValueError:
        stamp = math.nan
    if not math.isfinite(stamp):
        raise UserError(f"'{path}': '{text}' is no stamp in seconds")
    return stamp
