"""From what was counted to what an operator is told: a level, one line, and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from fastdepth_ros.monitoring.statistics import Snapshot

LOSSY = 0.01  # share of images lost in transport between two reports, from which it is said
DOUBTFUL = 0.9  # share of pixels left out by max_error from which a robot is as good as blind
BUSY = 0.1  # share of images skipped while busy, likewise: one image is no finding


class Level(IntEnum):
    """diagnostic_msgs/DiagnosticStatus' levels."""

    OK = 0
    WARN = 1
    ERROR = 2


@dataclass(frozen=True)
class Report:
    """What one DiagnosticStatus says."""

    level: Level
    message: str
    values: dict[str, str]


@dataclass(frozen=True)
class Running:
    """What the node is doing, beside what it counts."""

    state: str  # of the lifecycle: unconfigured, inactive, active, finalized
    failure: str  # why the last transition failed, '' where it did not
    image_topic: str
    camera: str  # where its calibration comes from, see ros.camera_info.CameraState
    camera_problem: str  # '' where the calibration is as it should be; else what to do
    qos_problem: str  # '' where no publisher or subscriber is incompatible
    budget_exceeded: bool  # although every image is left out
    lost_events: int  # messages that the middleware itself reports as lost
    settings: dict[str, str]  # engine, precision, model, threads in use, ...
    scale: dict[str, str] = field(default_factory=dict)  # where the metres come from
    scale_problem: str = ''  # of a source that has been no use for long
    lens_problem: str = ''  # why the network has not learned from such pictures
    picture: str = 'unknown'  # how bright the last one was
    picture_problem: str = ''  # why it tells nothing of depth
    output_problem: str = ''  # why an output that is wanted is not sent


class Health:
    """Looks at one snapshot after the other, since what is new counts more than what was."""

    def __init__(self) -> None:
        self._last: Snapshot | None = None
        self._lens_problem = ''  # that was said: once, for nobody changes a robot's lens
        self._publishing = False

    def report(self, now: Snapshot, running: Running) -> Report:
        """The level of the worst, all that is wrong in one line, and every figure."""
        active = running.state == 'active'
        self._publishing = self._publishes(now)
        findings = self._findings(now, running) if active else waiting(running)
        self._last, self._lens_problem = now, running.lens_problem
        level = max((level for level, _ in findings), default=Level.OK)
        said = '; '.join(text for _, text in sorted(findings, key=lambda f: -f[0]))
        fine = 'publishing depth' if self._publishing else 'nobody subscribes, nothing is computed'
        return Report(level, said or fine, figures(now, running))

    def _publishes(self, now: Snapshot) -> bool:
        """By what came of the newest images, so that a camera may be slow."""
        if now.processed > (self._last.processed if self._last else 0):
            return True
        return self._publishing and now.idle == (self._last.idle if self._last else 0)

    def _findings(self, now: Snapshot, running: Running) -> list[tuple[Level, str]]:
        before, topic = self._last or now, running.image_topic
        images, lost = now.images - before.images, now.lost - before.lost
        skipped = now.skipped - before.skipped
        # a node that leaves images out because it was told to has time to spare
        spare = now.limited > before.limited or now.over_budget > before.over_budget
        rules = (
            (bool(running.qos_problem), Level.ERROR, running.qos_problem),
            (
                not now.camera_seen,
                Level.ERROR,
                f'no image has come on {topic}: is the camera running, and the topic remapped?',
            ),
            (
                now.camera_stale,
                Level.ERROR,
                f'no image on {topic} for {now.camera_age:.1f} s: the camera has stopped',
            ),
            (
                now.malformed > before.malformed,
                Level.WARN,
                f'malformed images: {now.malformed_reason}',
            ),
            (
                lost > LOSSY * (images + lost),
                Level.WARN,
                f'{lost} of {images + lost} images lost in transport: give camera and node the '
                'shared-memory profile (transport_profile:=fastdds_shm, docs/transport.md)',
            ),
            (
                skipped > BUSY * (images + skipped) and not spare,
                Level.WARN,
                f'{skipped} of {images + skipped} images skipped while busy: set max_rate to what '
                'is needed, or more num_threads',
            ),
            (
                (now.left_out or 0) > DOUBTFUL,
                Level.WARN,
                f'max_error leaves out {now.left_out or 0:.0%} of the pixels: raise it, or see '
                'what the camera looks at',
            ),
            (
                now.clock_differs,
                Level.WARN,
                "the camera's stamps are not of this machine's clock: latency is unknown and tf "
                'will fail; synchronise the clocks (chrony), or use_sim_time',
            ),
            (
                running.budget_exceeded,
                Level.WARN,
                'cpu_budget is exceeded by receiving alone: raise it, or lower the rate or the '
                'size of the images',
            ),
            (bool(running.camera_problem), Level.WARN, running.camera_problem),
            (bool(running.scale_problem), Level.WARN, running.scale_problem),
            (
                bool(running.picture_problem) and self._publishing,  # else it is an old one's
                Level.WARN,
                running.picture_problem,
            ),
            (bool(running.output_problem), Level.WARN, running.output_problem),
            (
                running.lens_problem not in ('', self._lens_problem),
                Level.WARN,
                running.lens_problem,
            ),
        )
        return [(level, text) for broken, level, text in rules if broken]


def waiting(running: Running) -> list[tuple[Level, str]]:
    """What is to be said of a node that is not active."""
    if running.failure:
        return [(Level.ERROR, f'{running.state}: {running.failure}')]
    if running.state == 'finalized':
        return [(Level.OK, 'finalized: shut down for good; start the process again')]
    return [(Level.OK, f'{running.state}: waiting to be activated')]


def figures(now: Snapshot, running: Running) -> dict[str, str]:
    """Key to value with its unit, in this order."""
    return {
        'state': running.state,
        'input rate (Hz)': f'{now.input_rate:.1f}',
        'output rate (Hz)': f'{now.output_rate:.1f}',
        'latency p50 (ms)': milliseconds(now.latency_p50),
        'latency p95 (ms)': milliseconds(now.latency_p95),
        'inference p50 (ms)': milliseconds(now.inference_p50),
        'pixels left out by max_error (%)': (
            'unknown' if now.left_out is None else f'{100 * now.left_out:.1f}'
        ),
        'CPU (cores)': 'unknown' if now.cpu_share is None else f'{now.cpu_share:.2f}',
        'images': str(now.images),
        'depth images': str(now.processed),
        'skipped while busy': str(now.skipped),
        'lost in transport': str(now.lost),
        'lost, as the middleware tells': str(running.lost_events),
        'left out by max_rate': str(now.limited),
        'left out by cpu_budget': str(now.over_budget),
        'without a subscriber': str(now.idle),
        'malformed': str(now.malformed),
        'last malformed': now.malformed_reason or 'none',
        'camera_info': running.camera,
        'lens': running.lens_problem or 'as learned',
        'picture': running.picture,
        'QoS': running.qos_problem or 'compatible',
        **{event: str(count) for event, count in sorted(now.camera_events.items())},
        **running.settings,
        **running.scale,
    }


def milliseconds(seconds: float | None) -> str:
    """For people."""
    return 'unknown' if seconds is None else f'{1000 * seconds:.1f}'
