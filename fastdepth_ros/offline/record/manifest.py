"""OUT/record.json: what was recorded into OUT from which bag and how, scene by scene.

With it an interrupted recording goes on, and no frame of a bag becomes both training and
validation because it was recorded twice in different ways.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastdepth_ros.documents import read_json
from fastdepth_ros.errors import UserError
from fastdepth_ros.files import remove_unfinished, write_atomically

NAME = 'record.json'


class Manifest:
    """The scenes of one OUT."""

    def __init__(self, out: Path, append: bool) -> None:
        """UserError for an OUT that is no folder, not empty (unless `append`), or not read."""
        self._path = out / NAME
        self.scenes: dict[str, Any] = {}
        try:
            used = out.is_dir() and any(out.iterdir())
            if out.exists() and not out.is_dir():
                raise UserError(f"'{out}' is no folder")
            if used and not append:
                raise UserError(
                    f"'{out}' is not empty: name another folder, or --append to go on with it"
                )
            if self._path.exists():
                self.scenes = dict(read_json(self._path)['scenes'])
                if not all(isinstance(kept['origin'], dict) for kept in self.scenes.values()):
                    raise ValueError('an origin is no table')
        except OSError as error:
            raise UserError(f"cannot use '{out}': {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(
                f"'{self._path}' is damaged: delete it, or name another OUT"
            ) from error

    def begin(self, scene: str, origin: dict[str, Any]) -> None:
        """Notes where a scene is from; UserError where it is there already from elsewhere."""
        origin = json.loads(json.dumps(origin))  # as it comes back from the file
        known = self.scenes.get(scene, {}).get('origin', origin)
        if known != origin:
            other = next(key for key in origin if known.get(key) != origin[key])
            raise UserError(
                f"'{self._path}' has a scene '{scene}' of another {other}: record it the same way "
                'again, or under another name by --scene'
            )
        remove_unfinished(self._path.parent, NAME)
        self.scenes.setdefault(scene, {'origin': origin})
        self._save()

    def end(self, scene: str, result: dict[str, Any]) -> None:
        """Notes what came of it."""
        self.scenes[scene]['result'] = result
        self._save()

    def _save(self) -> None:
        text = json.dumps({'scenes': self.scenes}, indent=2) + '\n'
        write_atomically(self._path, text.encode())
