"""How frames without a split of their own are split: the same way every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastdepth_ros.offline.data.image_pairs import PairRef

EVERY = 10  # scenes
SCENES_RULE = f'every {EVERY}th scene is val, by name'
FRAMES_RULE = (
    f'fewer than {EVERY} scenes: the last fifth of each is val, and the 4 % before it, which look '
    'like it, are in neither split'
)


def split_rule(pairs: Sequence[PairRef]) -> str:
    """How `split_frames` goes about it, for people."""
    return SCENES_RULE if len(_scenes(pairs)) >= EVERY else FRAMES_RULE


def split_frames(pairs: Sequence[PairRef], split: str) -> list[PairRef]:
    """The frames of 'train' or 'val', in order; of the others there are none."""
    scenes = _scenes(pairs)
    if len(scenes) >= EVERY:
        held_out = set(sorted(scenes, key=str)[EVERY - 1 :: EVERY])
        return [p for p in pairs if ('val' if p.scene in held_out else 'train') == split]
    chosen = {p for scene in scenes.values() for p in _part(scene, split)}
    return [p for p in pairs if p in chosen]


def _scenes(pairs: Sequence[PairRef]) -> dict[str | None, list[PairRef]]:
    scenes: dict[str | None, list[PairRef]] = {}
    for pair in pairs:
        scenes.setdefault(pair.scene, []).append(pair)
    return scenes


def _part(scene: Sequence[PairRef], split: str) -> Iterator[PairRef]:
    """By FRAMES_RULE; a scene of less than 5 frames is all train."""
    for i, pair in enumerate(scene):
        share = i / len(scene)
        if (split == 'train' and share < 0.76) or (split == 'val' and share >= 0.8):
            yield pair
