"""A mix of roots: a YAML file that lists them, with weights and splits.

roots:
  - path: nyudepthv2          # relative to the file
  - path: my_robot
    name: robot               # of its frames in the mix; the folder's name by default
    weight: 4                 # each frame is drawn 4 times as often as one of weight 1
    scenes: {kitchen*: 2, lift: 0}   # times this, by scene (the first that fits); 0: left out
    splits: {train: all}      # the mix's split: the root's; default: each its own
  - path: nyu_depth_v2_labeled.mat
    depth: raw                # or filled
    splits: {val: val}
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from fastdepth_ros.documents import read_yaml
from fastdepth_ros.errors import UserError, check_choice
from fastdepth_ros.files import user_path
from fastdepth_ros.offline.data.frame import FrameRef
from fastdepth_ros.offline.data.root import DEPTHS, SPLITS, DataRoot

SUFFIXES = ('.yaml', '.yml')
OWN = {split: split for split in SPLITS if split != 'all'}


@dataclass(frozen=True)
class Entry:
    """One root of a mix, as the file has it."""

    path: str
    name: str = ''
    weight: float = 1.0
    scenes: dict[str, float] = field(default_factory=dict)
    splits: dict[str, str] = field(default_factory=lambda: dict(OWN))
    depth: str = ''

    def __post_init__(self) -> None:
        """A UserError names what is of the wrong kind."""
        for name in ('path', 'name'):
            if not isinstance(getattr(self, name), str):
                raise UserError(f'{name} is {getattr(self, name)!r}: text is needed')
        for name in ('scenes', 'splits'):
            if not isinstance(getattr(self, name), dict):
                raise UserError(f'{name} is {getattr(self, name)!r}: it is a table, as {{a: b}}')
        _check_weight('weight', self.weight, self.weight != 0)
        for scene, weight in self.scenes.items():
            _check_weight(f'the weight of scene {scene}', weight, True)
        for split, source in self.splits.items():
            check_choice('split of a mix', str(split), OWN)
            check_choice('split', str(source), SPLITS)
        if self.depth:
            check_choice('depth', str(self.depth), DEPTHS)


class Mix(DataRoot):
    """Several roots as one."""

    def __init__(self, path: Path, roots: list[tuple[Entry, DataRoot]]) -> None:
        super().__init__(path)
        self._roots = roots

    @classmethod
    def at(cls, path: Path, depth: str, open_root: Callable[[Path, str], DataRoot]) -> Mix | None:
        """The mix, if the path is a YAML file; `depth` holds for roots that name none.

        UserError: what is wrong with the file, or with one of the roots.
        """
        if path.suffix not in SUFFIXES or not path.is_file():
            return None
        roots = []
        for entry in _entries(path):
            where = path.parent / user_path(entry.path)
            if where.suffix in SUFFIXES:
                raise UserError(f"'{path}': '{entry.path}' is a mix: list its roots here")
            try:
                roots.append((entry, open_root(where, entry.depth or depth)))
            except UserError as error:
                raise UserError(f"'{path}': {error}") from error
        return cls(path, roots)

    @property
    def kind(self) -> str:
        """How many roots, and which."""
        kinds = '; '.join(f'{entry.name}: {root.kind}' for entry, root in self._roots)
        return f'mix of {len(self._roots)} roots: {kinds}'

    def frames(self, split: str) -> list[FrameRef]:
        """Root by root; `all` has no frame twice, and names it after its first split."""
        if split == 'all':
            every = {
                ref.key: replace(ref, name=f'{own}/{ref.name}')
                for own in reversed(OWN)
                for ref in reversed(self.frames(own))
            }
            return list(reversed(every.values()))
        return [
            replace(ref, name=f'{entry.name}/{ref.name}', weight=weight)
            for entry, root in self._roots
            if split in entry.splits
            for ref in root.frames(entry.splits[split])
            if (weight := _weight(entry, ref)) > 0
        ]

    def split_rule(self) -> str:
        """Each root's, or what of it goes where."""
        rules = []
        for entry, root in self._roots:
            own = entry.splits == OWN
            taken = ', '.join(f'{split} is its {source}' for split, source in entry.splits.items())
            rule = root.split_rule() if own else taken
            rules += [f'{entry.name}: {rule}'] if rule else []
        return '; '.join(rules)

    def notes(self) -> list[str]:
        """What each root says, and its share of what training draws."""
        refs = self.frames('train')
        total = sum(ref.weight for ref in refs)
        notes = []
        for entry, root in self._roots:
            notes += [f'{entry.name}: {note}' for note in root.notes()]
            drawn = sum(ref.weight for ref in refs if ref.name.startswith(f'{entry.name}/'))
            if drawn:
                notes.append(f'{entry.name}: {drawn / total:.1%} of what training draws')
        return notes


def _weight(entry: Entry, ref: FrameRef) -> float:
    """The root's weight times that of the first pattern that fits the scene."""
    if not entry.scenes:
        return entry.weight
    scene = ref.scene or ref.read_scene()
    fitting = (weight for name, weight in entry.scenes.items() if fnmatchcase(scene, str(name)))
    return entry.weight * next(fitting, 1.0)


def _entries(path: Path) -> list[Entry]:
    try:
        content = read_yaml(path)
    except (OSError, ValueError) as error:
        raise UserError(f"'{path}' is no YAML: {error}") from error
    items = content.get('roots') if isinstance(content, dict) and {*content} == {'roots'} else None
    if not isinstance(items, list) or not items:
        raise UserError(f"'{path}' is no mix of data roots: it has no list 'roots', or more")
    entries = []
    for number, item in enumerate(items, 1):
        try:
            entries.append(_entry(item, path.parent))
        except UserError as error:
            raise UserError(f"'{path}', root {number}: {error}") from error
    _check_names(path, (entry.name for entry in entries))
    return entries


def _entry(item: Any, folder: Path) -> Entry:
    if not isinstance(item, dict) or 'path' not in item:
        raise UserError(f'{item!r} has no path')
    known = [f.name for f in fields(Entry)]
    for key in item:
        check_choice('entry', str(key), known)
    entry = Entry(**item)
    where = folder / user_path(entry.path)
    return replace(entry, name=entry.name or where.resolve().with_suffix('').name)


def _check_weight(what: str, value: Any, allowed: bool) -> None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not allowed or not 0 <= value < math.inf:
        raise UserError(f'{what} is {value!r}: a number above 0 is needed')


def _check_names(path: Path, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if '/' in name:
            raise UserError(f"'{path}': a root is named '{name}': no / may be in it")
        if name in seen:
            raise UserError(f"'{path}': two roots are named '{name}': give one another name")
        seen.add(name)
