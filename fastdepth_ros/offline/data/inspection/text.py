"""The figures of an inspection as lines for people."""

from __future__ import annotations

from typing import Any

from fastdepth_ros.offline.data.inspection.survey import warnings

BAR = 40  # characters
LISTED = 10  # of sizes, cameras and bad files


def report(result: dict[str, Any]) -> str:
    """All of it."""
    splits = ', '.join(f'{name} {count}' for name, count in result['splits'].items())
    lines = [
        f'{result["root"]}: {result["kind"]}',
        f'frames      {splits or "none"}; read {result["read"]} of {result["frames"]} '
        f'({result["split"]})',
        *([f'split       {result["split_rule"]}'] if result['split_rule'] else []),
        *(f'note        {note}' for note in result['notes']),
        f'scenes      {_scenes(result["scenes"])}',
        f'sizes       {_listed([f"{size} ({n})" for size, n in result["sizes"].items()])}',
        f'intrinsics  {_intrinsics(result["intrinsics"])}',
        *_depth(result),
        *(f'warning     {text}' for text in warnings(result)),
        *_bad(result['bad']),
    ]
    return '\n'.join(lines)


def _scenes(scenes: dict[str, int]) -> str:
    if not scenes:
        return 'none'
    largest = max(scenes, key=lambda name: scenes[name])
    return f'{len(scenes)}, the largest {largest} ({scenes[largest]})'


def _intrinsics(figures: dict[str, Any]) -> str:
    parts = []
    if figures['frames_without']:
        parts.append(f'none for {figures["frames_without"]} frames')
    if figures['cameras']:
        first, (low, high) = figures['cameras'][0], figures['hfov']
        numbers = ', '.join(f'{name} {first[name]:g}' for name in ('fx', 'fy', 'cx', 'cy'))
        parts.append(
            f'{len(figures["cameras"])} different, horizontal field of view {low:.1f} to '
            f'{high:.1f} deg; most often {numbers} at {first["width"]} x {first["height"]} '
            f'({first["frames"]})'
        )
    return '; '.join(parts) or 'none'


def _depth(result: dict[str, Any]) -> list[str]:
    depth = result['depth']
    if depth is None:
        return [f'depth       {result["depth_kind"]}: none']
    lines = [
        f'depth       {result["depth_kind"]}: {depth["nearest"]:.2f} to '
        f'{depth["farthest"]:.2f} m, median {depth["median"]:.2f} m',
        f'holes       {result["invalid_share"]:.1%} of the pixels, in the worst frame '
        f'{result["most_invalid"]:.1%}',
    ]
    total, most = sum(depth['pixels']), max(depth['pixels'])
    for low, high, count in zip(
        depth['edges'][:-1], depth['edges'][1:], depth['pixels'], strict=True
    ):
        name = f'{low:g} to {high:g} m' if high is not None else f'over {low:g} m'
        lines.append(f'{name:>14} {count / total:6.1%} {"#" * round(BAR * count / most)}'.rstrip())
    return lines


def _bad(bad: dict[str, str]) -> list[str]:
    if not bad:
        return ['bad         none']
    more = [f'  and {len(bad) - LISTED} more: --json names all'] if len(bad) > LISTED else []
    return [f'bad         {len(bad)}', *(f'  {text}' for text in [*bad.values()][:LISTED]), *more]


def _listed(items: list[str]) -> str:
    more = [f'and {len(items) - LISTED} more'] if len(items) > LISTED else []
    return ', '.join([*items[:LISTED], *more]) or 'none'
