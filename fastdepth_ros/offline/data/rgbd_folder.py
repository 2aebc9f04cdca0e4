"""A plain folder of RGB-D frames: rgb/NAME.jpg, depth/NAME.png and meta.json.

The depth is a 16-bit PNG along the optical axis, 0 = no measurement, in millimetres unless
meta.json has another `depth_scale`. Frames in folders below rgb/ belong to the scene of that
name. Else, where meta.json says that there are more `scenes` than one, a frame's scene is its
name up to the last underscore; otherwise the folder is one scene.
"""

from __future__ import annotations

from pathlib import Path

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import natural_order
from fastdepth_ros.geometry import rgbd_meta
from fastdepth_ros.offline.data.image_pairs import PairFolder, PairRef
from fastdepth_ros.offline.data.root import files_below
from fastdepth_ros.pictures.image_files import COLOUR_SUFFIXES, DEPTH_SUFFIX


class RgbdFolder(PairFolder):
    """A folder with rgb/, depth/ and meta.json, without which the unit of depth is unknown."""

    kind = 'RGB-D folder'

    @classmethod
    def at(cls, path: Path) -> RgbdFolder | None:
        """The folder, if it is one."""
        whole = all((path / name).exists() for name in ('rgb', 'depth', rgbd_meta.NAME))
        return cls(path) if whole else None

    def pairs(self) -> list[PairRef]:
        """By name, 9 before 10; an image without its partner is there, and fails to be read."""
        meta = rgbd_meta.read_meta(self.path)
        rgb, depth = self._images('rgb', COLOUR_SUFFIXES), self._images('depth', (DEPTH_SUFFIX,))
        return [
            PairRef(
                rgb.get(name, self.path / 'rgb' / f'{name}.*'),
                depth.get(name, self.path / 'depth' / f'{name}{DEPTH_SUFFIX}'),
                meta.depth_scale,
                meta.camera_of(name),
                name=name,
                scene=self._scene(name, meta.one_scene),
            )
            for name in sorted(rgb.keys() | depth.keys(), key=natural_order)
        ]

    def _images(self, folder: str, suffixes: tuple[str, ...]) -> dict[str, Path]:
        images: dict[str, Path] = {}
        for path in sorted(files_below(self.path / folder, suffixes)):
            name = path.relative_to(self.path / folder).with_suffix('').as_posix()
            if name in images:
                raise UserError(f"'{images[name]}' and '{path}' are both the frame '{name}'")
            images[name] = path
        return images

    def _scene(self, name: str, one_scene: bool) -> str:
        folder, _, stem = name.rpartition('/')
        if folder:
            return f'{self.path.name}/{folder}'
        first, _, last = stem.rpartition('_')
        return f'{self.path.name}/{first or last}' if not one_scene else self.path.name
