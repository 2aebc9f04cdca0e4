"""From what was seen each second of a soak to its figures, and to the goals that it missed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from fastdepth_ros.reliability.process_usage import Usage

MOST_SKIPPED = 0.001  # share of the images
MOST_GROWTH = 1.0  # MiB of RSS after the warm-up
MIB = 1 << 20
ENDS = 5  # a drift is from the first to the last so many-th of the time


@dataclass(frozen=True)
class Second:
    """One second of a soak, or a little more."""

    sent: int  # images
    latencies: list[float]  # ms from the camera's stamp to the depth received
    usage: Usage  # of the depth node
    load: float  # of the machine: processes that run or want to, over a minute


@dataclass(frozen=True)
class Soak:
    """Figures of a whole soak; drifts and growths are after the warm-up."""

    seconds: float
    sent: int  # images, by the camera
    answered: int  # of them, with a depth that was received
    lost: Mapping[str, int]  # in transport: to the node, and to each of its listeners
    skipped: int  # while the node was busy
    latency_ms: float | None  # the median over all
    latency_drift_ms: float | None
    rss_mib: float  # of the depth node, at the end
    rss_growth_mib: float
    threads: int
    threads_growth: int
    fds: int
    fds_growth: int
    load: float  # of the machine, the median: the soak itself makes about 1

    @property
    def lost_in_all(self) -> int:
        """On every way."""
        return sum(self.lost.values())

    def missed_goals(self) -> list[str]:
        """What is not as it should be, in words."""
        ways = ', '.join(f'{count} to {way}' for way, count in self.lost.items() if count)
        rules = (
            (self.lost_in_all > 0, f'{self.lost_in_all} lost in transport ({ways}): 0 is due'),
            (
                self.skipped > MOST_SKIPPED * self.sent,
                f'{self.skipped} of {self.sent} skipped: {MOST_SKIPPED:.1%} at most is due',
            ),
            (
                self.rss_growth_mib >= MOST_GROWTH,
                f'RSS grew by {self.rss_growth_mib:.2f} MiB: less than {MOST_GROWTH:g} is due',
            ),
            (self.threads_growth > 0, f'{self.threads_growth} threads more: none is due'),
            (self.fds_growth > 0, f'{self.fds_growth} file descriptors more: none is due'),
            (not self.answered, 'no image was answered'),
        )
        return [text for missed, text in rules if missed]

    def to_json(self) -> dict[str, object]:
        """Every figure, and the goals that were missed."""
        return {**asdict(self), 'missed_goals': self.missed_goals()}

    def line(self) -> str:
        """For people, and the last one on stdout."""
        drift = '-' if self.latency_drift_ms is None else f'{self.latency_drift_ms:+.2f} ms'
        latency = '-' if self.latency_ms is None else f'{self.latency_ms:.1f} ms'
        return (
            f'{self.seconds:.0f} s: sent {self.sent}, lost in transport {self.lost_in_all}, '
            f'skipped {self.skipped}, latency {latency} drift {drift}, '
            f'RSS {self.rss_mib:.1f} MiB drift {self.rss_growth_mib:+.2f}, '
            f'threads {self.threads} ({self.threads_growth:+d}), '
            f'fds {self.fds} ({self.fds_growth:+d}), load {self.load:.1f}'
        )


def figures_of(
    seconds: Sequence[Second], warm_up: int, duration: float, lost: Mapping[str, int], skipped: int
) -> Soak:
    """`warm_up`: how many of the seconds count for losses and latency, but for no drift."""
    warm = seconds[warm_up:] or seconds
    first, last = ends_of(warm)
    all_latencies = [latency for second in seconds for latency in second.latencies]
    threads = [max(s.usage.threads for s in end) for end in (first, last)]
    fds = [max(s.usage.fds for s in end) for end in (first, last)]
    rss = [median(s.usage.rss for s in end) / MIB for end in (first, last)]
    return Soak(
        seconds=duration,
        sent=sum(second.sent for second in seconds),
        answered=len(all_latencies),
        lost=dict(lost),
        skipped=skipped,
        latency_ms=median_of(all_latencies),
        latency_drift_ms=latency_drift(first, last),
        rss_mib=rss[1],
        rss_growth_mib=rss[1] - rss[0],
        threads=threads[1],
        threads_growth=threads[1] - threads[0],
        fds=fds[1],
        fds_growth=fds[1] - fds[0],
        load=median(second.load for second in seconds),
    )


def ends_of(seconds: Sequence[Second]) -> tuple[Sequence[Second], Sequence[Second]]:
    """The first and the last part of the time, one second at least."""
    count = max(1, len(seconds) // ENDS)
    return seconds[:count], seconds[-count:]


def latency_drift(first: Iterable[Second], last: Iterable[Second]) -> float | None:
    """ms between the medians of two parts; None where one of them has no answer."""
    before, after = (
        median_of([latency for second in part for latency in second.latencies])
        for part in (first, last)
    )
    return None if before is None or after is None else after - before


def median_of(values: Sequence[float]) -> float | None:
    """None where there are none."""
    return median(values) if values else None
