"""Models and textures from a folder (shared/data/room_assets), or none: then all is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fastdepth_ros.arrays import read_npz
from fastdepth_ros.documents import read_json
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.synthesis.decor import Decor, DecorMaker
from fastdepth_ros.offline.synthesis.materials import (
    FLOORS,
    SIZE,
    THINGS,
    WALLS,
    Material,
    Random,
    colour,
)
from fastdepth_ros.offline.synthesis.meshes import Mesh, bounds
from fastdepth_ros.pictures.decoding import decode

WHITE = np.full((SIZE, SIZE, 3), 255, np.uint8)
ROLES = ('floor', 'wall', 'ceiling')
# By words in the names of the files; what fits none is for things.
FLOOR_WORDS = ('floor', 'wood', 'planks', 'marble', 'concrete', 'asphalt', 'felt', 'tile', 'rock')
WALL_WORDS = ('plaster', 'brick', 'wall', 'stucco', 'drywall', 'cinder', 'white', 'clay', 'panel')


@dataclass
class Assets:
    """A folder's models by name and texture files by role, read when they are first used."""

    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    textures: dict[str, list[Path]] = field(default_factory=dict)
    folder: Path | None = None
    drawn: float = 0.5  # share of surfaces that are drawn though there are files
    decor: Decor | None = None  # what most surfaces are of
    _images: dict[Path, np.ndarray] = field(default_factory=dict)

    @classmethod
    def at(cls, folder: Path | None) -> Assets:
        """Those of `folder`; a UserError if it holds none."""
        if folder is None:
            return cls(drawn=1.0)
        try:
            models = read_json(folder / 'models' / 'index.json')
        except (OSError, ValueError) as error:
            raise UserError(
                f"assets '{folder}' cannot be used ({error}): a folder with models/index.json and "
                'textures/ is needed, or leave --assets out'
            ) from error
        textures: dict[str, list[Path]] = {role: [] for role in ROLES}
        for path in sorted((folder / 'textures').glob('*.jpg')):
            name = path.stem.lower()
            textures['floor'] += [path] * any(word in name for word in FLOOR_WORDS)
            textures['wall'] += [path] * any(word in name for word in WALL_WORDS)
            textures['ceiling'] += [path] * ('ceiling' in name or 'plaster' in name)
        return cls(models, textures, folder)

    def decorated(self, rng: Random, decor: DecorMaker) -> Assets:
        """The same, with such a decor of one room."""
        woods = [self._image(p) for p in self.textures.get('floor', ()) if 'wood' in p.stem]
        return replace(self, decor=decor(rng, woods))

    def material(self, rng: Random, role: str, gloss: float = 0.0) -> Material:
        """A random surface for a floor, a wall, a ceiling or a thing; mostly the decor's."""
        if self.decor and rng.random() < self.decor.share:
            return replace(self.decor.material(rng, role), gloss=gloss)
        files = self.textures.get(role) or [p for group in self.textures.values() for p in group]
        tile = float(np.exp(rng.uniform(np.log(0.4), np.log(3))))
        if not files or rng.random() < self.drawn:
            kinds = {'floor': FLOORS, 'wall': WALLS, 'ceiling': WALLS[:4]}.get(role, THINGS)
            return Material(kinds[rng.integers(len(kinds))](rng), tile=tile, gloss=gloss)
        image = self._image(files[rng.integers(len(files))])
        return Material(image, _tint(rng), tile, gloss)

    def plain(self, rng: Random, gloss: float = 0.0) -> Material:
        """One colour; mostly the decor's."""
        if self.decor and rng.random() < self.decor.share:
            return Material(WHITE, self.decor.colour(rng), gloss=gloss)
        return Material(WHITE, colour(rng), gloss=gloss)

    def model(self, rng: Random, name: str) -> list[Mesh]:
        """A model about the origin, standing on z = 0."""
        entry = self.models[name]
        assert self.folder is not None
        file = _arrays(self.folder / 'models' / entry['file'])
        tint = _tint(rng)
        meshes = []
        for number, part in enumerate(entry['parts']):
            picture = part.get('tex')
            image = self._image(self.folder / 'models' / picture) if picture else WHITE
            own = tuple(a * b for a, b in zip(tint, part['col'], strict=True))
            uv = file.get(f'uv{number}')
            vertices = file[f'v{number}'].astype(float)
            uv = np.zeros((len(vertices), 2)) if uv is None else uv.astype(float)
            material = Material(image, own)
            meshes.append(Mesh(vertices, file[f'f{number}'].astype(int), uv, material))
        low, high = bounds(meshes)
        x, y = (low[:2] + high[:2]) / 2
        return [mesh.moved(-x, -y, -low[2]) for mesh in meshes]

    def _image(self, path: Path) -> np.ndarray:
        if path not in self._images:
            try:
                image = decode(path.read_bytes(), cv2.IMREAD_COLOR)
            except (OSError, UserError) as error:
                raise UserError(f"texture '{path}' cannot be read: {error}") from error
            small = cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
            self._images[path] = np.ascontiguousarray(small[::-1, :, ::-1])  # v points up
        return self._images[path]


def _arrays(path: Path) -> dict[str, np.ndarray]:
    try:
        return read_npz(path)
    except (OSError, ValueError) as error:
        raise UserError(f"model '{path}' cannot be read: {error}") from error


def _tint(rng: Random) -> tuple[float, float, float]:
    """White half of the time, else a colour that leaves something to be seen."""
    if rng.random() < 0.5:
        return (1.0, 1.0, 1.0)
    r, g, b = colour(rng)
    return (0.3 + 0.7 * r, 0.3 + 0.7 * g, 0.3 + 0.7 * b)
