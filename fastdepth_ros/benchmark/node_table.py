"""The figures of `benchmark --node` for people."""

from __future__ import annotations

from typing import Any

from fastdepth_ros.benchmark.cells import cell

HEAD = ('node', 'p50', 'p95', 'p99 ms', 'CPU ms', 'sent', 'lost', 'skipped', 'p99/p50', 'threads')


def node_table(result: dict[str, Any]) -> str:
    """Two tables as lines of text: the nodes, and where our node's CPU goes."""
    width, height = result['size']
    lines = [
        f"model '{result['model']}', {result['engine']} {result['precision']}, "
        f'{result["threads"]} thread(s); camera {width} x {height} at {result["rate_hz"]:g} Hz, '
        f'transport {result["transport"]}; {result["rounds"]} turns of '
        f'{result["duration_s"]:g} s of each process',
        '',
        _row(HEAD),
        *(_row(_cells(row)) for row in result['rows']),
        '',
        'p50 .. p99: from the stamp to the depth received by a subscriber; CPU: of the process, a',
        'depth; lost: in transport; skipped: sent while the node was busy; p99/p50: over the same',
        "node's p50 without load",
    ]
    if result['naive_lacks']:
        lines.append(result['naive_lacks'])
    if result['where'] is not None:
        lines += ['', 'where our CPU goes, ms a depth']
        lines += [f'  {part:<36}{value:6.2f}' for part, value in result['where'].items()]
    return '\n'.join(lines)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    name = row['node'] + (', busy' if row['busy'] else '')
    times = ('latency_p50_ms', 'latency_p95_ms', 'latency_p99_ms', 'cpu_ms')
    counts = ('sent', 'lost', 'skipped')
    return (
        name,
        *(cell(row[key], '.1f') for key in times),
        *(cell(row[key], '.0f') for key in counts),
        cell(row['p99_over_unloaded_p50'], '.2f'),
        cell(row['process_threads'], '.0f'),
    )


def _row(cells: tuple[str, ...]) -> str:
    return f'{cells[0]:<17}' + ''.join(f'{cell:>9}' for cell in cells[1:])
