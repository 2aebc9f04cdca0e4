"""What was done with each source, for people and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import numpy as np


@dataclass
class Summary:
    """Of one source."""

    input: str
    frames: int = 0  # predicted and written
    skipped: int = 0
    seconds: float = 0.0  # of work
    video_seconds: float | None = None  # of the source, where its pictures move
    metric: bool | None = None  # the camera was known: metres, not the model's own
    written: dict[str, str] = field(default_factory=dict)  # kind: file or folder
    medians: list[float] = field(default_factory=list)  # m, of each picture

    def add(self, depth: np.ndarray, metric: bool) -> None:
        """Counts a picture that was written."""
        self.frames += 1
        self.metric = metric
        known = depth[::4, ::4]  # enough for a median
        known = known[np.isfinite(known)]
        if known.size:
            self.medians.append(float(np.median(known)))

    def figures(self) -> dict[str, object]:
        """For JSON."""
        figures = asdict(self)
        del figures['medians']
        median = round(float(np.median(self.medians)), 3) if self.medians else None
        return {**figures, 'frames_per_second': self.rate, 'median_depth': median}

    @property
    def rate(self) -> float | None:
        """Pictures a second, reading and writing included."""
        return round(self.frames / self.seconds, 2) if self.seconds > 0 else None

    def text(self) -> str:
        """One line and the places of the results."""
        parts = [f'{self.frames} {"picture" if self.frames == 1 else "pictures"}']
        parts += [f'{self.skipped} skipped'] if self.skipped else []
        if self.frames and self.rate:
            parts.append(f'{self.rate:.1f} a second')
        if self.video_seconds and self.seconds:
            parts.append(f'{self.video_seconds / self.seconds:.1f} x real time')
        if self.medians:
            unit = 'm' if self.metric else 'm (unscaled)'
            parts.append(f'median depth {np.median(self.medians):.2f} {unit}')
        return f'{self.input}: {", ".join(parts)}' + ''.join(
            f'\n  {kind:<9} {path}' for kind, path in self.written.items()
        )
