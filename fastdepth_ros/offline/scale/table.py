"""The study's figures by scene, for people and for JSON."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from fastdepth_ros.offline.scale.study import Scored

SHOWN = ('absrel', 'delta1')
ALL = 'all'


def group_of(scene: str) -> str:
    """Scenes of one kind, 'synth_rooms_raster_s100010' and ..._s100020, are one row."""
    return re.sub(r'_s\d+$', '', scene)


def rows(scored: list[Scored]) -> list[dict[str, Any]]:
    """A row for each source and kind of scene, and for all scenes."""
    found = []
    for source in dict.fromkeys(s.source for s in scored):
        of_source = [s for s in scored if s.source == source]
        for group in [*dict.fromkeys(group_of(s.scene) for s in of_source), ALL]:
            found.append(_row(source, group, [s for s in of_source if _in(s, group)]))
    return found


def _in(scored: Scored, group: str) -> bool:
    return group in (ALL, group_of(scored.scene))


def _row(source: str, group: str, scored: list[Scored]) -> dict[str, Any]:
    def means(kind: str) -> dict[str, float]:
        return {m: float(np.mean([getattr(s, kind)[m] for s in scored])) for m in SHOWN}

    return {
        'source': source,
        'scenes': group,
        'count': len(scored),
        'measured': float(np.mean([s.used for s in scored])),
        'before': means('before'),
        'after': means('after'),
        'best_factor': means('best'),
        'ms': float(np.median([s.ms for s in scored])),
    }


def table(found: list[dict[str, Any]]) -> str:
    """Text; `best` multiplies each image by its true median's factor."""
    lines = [
        f'{"":<44}{"AbsRel":>22}{"delta 1":>24}',
        f'{"source":<13}{"scenes":<26}images  measured'
        f'{"before":>8}{"after":>7}{"best":>7}  {"before":>7}{"after":>7}{"best":>7}  ms',
    ]
    lines += [_line(row) for row in found]
    return '\n'.join(lines)


def _line(row: dict[str, Any]) -> str:
    kinds = [row[kind] for kind in ('before', 'after', 'best_factor')]
    absrel, delta = ([k[m] for k in kinds] for m in SHOWN)
    return (
        f'{row["source"]:<13}{row["scenes"]:<26}{row["count"]:>6}{row["measured"]:>10.0%}'
        f'{absrel[0]:8.3f}{absrel[1]:7.3f}{absrel[2]:7.3f}  '
        f'{delta[0]:7.3f}{delta[1]:7.3f}{delta[2]:7.3f}  {row["ms"]:.2f}'
    )
