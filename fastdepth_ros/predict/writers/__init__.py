"""What may be written of a source, where it goes, and what is there already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastdepth_ros.errors import UserError
from fastdepth_ros.pictures.depth_picture import DepthPicture
from fastdepth_ros.predict.sources.source import Source
from fastdepth_ros.predict.writers.depth_files import DepthPngWriter, NpyWriter
from fastdepth_ros.predict.writers.overlay import OverlayWriter
from fastdepth_ros.predict.writers.ply import PlyWriter
from fastdepth_ros.predict.writers.writer import FileWriter, Writer

OVERLAY, VIDEO = 'overlay', 'video'
FILES: dict[str, type[FileWriter]] = {
    OVERLAY: OverlayWriter,
    'depth_png': DepthPngWriter,
    'npy': NpyWriter,
    'ply': PlyWriter,
}
KINDS = (*FILES, VIDEO)


def kinds_of(source: Source, asked: Sequence[str]) -> list[str]:
    """As asked; without that a video of what moves, pictures of what does not."""
    return list(asked) or [VIDEO if source.moving else OVERLAY]


def target(out: Path, kind: str, source: Source) -> Path:
    """The MP4, or the folder of the files of one kind."""
    if kind == VIDEO:
        return out / VIDEO / f'{source.name}.mp4'
    return out / kind / source.folder


def planned(out: Path, kind: str, source: Source) -> list[Path]:
    """The files that will be written, as far as that is known before."""
    path = target(out, kind, source)
    if kind == VIDEO:
        return [path]
    return [path / (name + FILES[kind].suffix) for name in source.names or ()]


def existing(out: Path, kind: str, source: Source) -> Path | None:
    """Something there that would be replaced, or mixed with the new."""
    if kind != VIDEO and source.names is None:
        path = target(out, kind, source)
        return path if path.is_dir() and any(path.iterdir()) else None
    return next((file for file in planned(out, kind, source) if file.exists()), None)


def check_targets(
    out: Path, kinds: Sequence[str], sources: Sequence[Source], overwrite: bool
) -> None:
    """UserError naming the first file or folder that is in the way; an input always is."""
    inputs = {path.resolve() for source in sources for path in source.paths}
    for source in sources:
        for kind in kinds_of(source, kinds):
            for path in planned(out, kind, source):
                if path.resolve() in inputs:
                    raise UserError(f"'{path}' is an input: give another --out")
            found = existing(out, kind, source)
            if found is not None and not overwrite:
                raise UserError(
                    f"'{found}' is there already: give another --out, or --overwrite to replace "
                    'files of the same name'
                )


def open_writer(
    kind: str, out: Path, source: Source, picture: DepthPicture, edge_threshold: float
) -> Writer:
    """The writer of one kind; nothing is written before its first picture."""
    path = target(out, kind, source)
    if kind == VIDEO:
        from fastdepth_ros.predict.writers.video import VideoWriter  # PyAV

        return VideoWriter(path, picture, source)
    if kind == OVERLAY:
        return OverlayWriter(path, picture)
    if kind == 'ply':
        return PlyWriter(path, edge_threshold)
    return DepthPngWriter(path) if kind == 'depth_png' else NpyWriter(path)
