"""Everything the node counts, and one frozen picture of it for diagnostics."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastdepth_ros.monitoring.camera_watch import CameraWatch, Shown
from fastdepth_ros.monitoring.cpu_share import CpuShare
from fastdepth_ros.monitoring.losses import Arrival, FrameLosses
from fastdepth_ros.monitoring.window import Window

LONGEST_LATENCY = 10.0  # s: more, or less than nothing, is a clock that differs
CLOCKS_DIFFER = -0.005  # s: as much may be two clocks' jitter
SIMULATED_DIFFER = -0.1  # s: /clock is behind by up to its own period


@dataclass(frozen=True)
class Snapshot:
    """Where things stand; rates and percentiles are of the last 5 s, counts since the start."""

    input_rate: float  # Hz
    output_rate: float
    latency_p50: float | None  # s, the camera's stamp to the last message published
    latency_p95: float | None
    inference_p50: float | None  # s, image in memory to depth in memory
    left_out: float | None  # share of pixels, by max_error
    cpu_share: float | None  # of one core
    images: int
    processed: int  # some message of its depth is out
    skipped: int  # the camera was faster than the node
    lost: int  # in transport
    limited: int  # by max_rate
    over_budget: int  # by cpu_budget
    idle: int  # nobody subscribed to anything
    malformed: int
    malformed_reason: str
    clock_differs: bool  # the camera's stamps are not of this clock
    camera_seen: bool
    camera_stale: bool
    camera_age: float  # s
    camera_events: dict[str, int] = field(default_factory=dict)


class NodeStatistics:
    """Fed with what happens, and when: `now` is seconds of a steady clock."""

    def __init__(self) -> None:
        self.losses = FrameLosses()
        self.camera = CameraWatch()
        self._input, self._output = Window(), Window()
        self._latency, self._inference, self._left_out = Window(), Window(), Window()
        self._cpu = CpuShare()
        self._images = self._processed = 0
        self._limited = self._over_budget = self._idle = self._malformed = 0
        self._reason = ''
        self._clock_differs = False

    def arrived(self, now: float, arrival: Arrival, shown: Shown) -> list[str]:
        """An image was taken; what is new about the camera."""
        self._images += 1
        self._input.add(now)
        self.losses.arrived(arrival)
        return self.camera.arrived(now, arrival.stamp, shown)

    def forget(self) -> None:
        """The node stops listening, which neither stops a camera nor loses an image."""
        self.camera.forget()
        self.losses.forget()

    def limited(self) -> None:
        """max_rate let the image go."""
        self._limited += 1

    def over_budget(self) -> None:
        """cpu_budget let the image go."""
        self._over_budget += 1

    def idle(self) -> None:
        """The image was not wanted by anybody."""
        self._idle += 1

    def malformed(self, reason: str) -> None:
        """The image could not be used."""
        self._malformed += 1
        self._reason = reason

    def published(
        self,
        now: float,
        latency: float,
        inference: float,
        left_out: float = 0.0,
        simulated: bool = False,
    ) -> None:
        """Its depth is out; both in seconds. `left_out`: the share of pixels by max_error.

        `simulated`: the latency is by /clock.
        """
        self._processed += 1
        self._output.add(now)
        self._inference.add(now, inference)
        self._left_out.add(now, left_out)
        least = SIMULATED_DIFFER if simulated else CLOCKS_DIFFER
        self._clock_differs = not least <= latency <= LONGEST_LATENCY
        if not self._clock_differs:
            self._latency.add(now, max(latency, 0.0))

    @property
    def malformed_count(self) -> int:
        """Images that could not be used, since the start."""
        return self._malformed

    def snapshot(self, now: float, cpu: float) -> Snapshot:
        """`cpu`: time.process_time()."""
        p50, p95 = self._latency.percentiles(now, (50, 95))
        (inference,) = self._inference.percentiles(now, (50,))
        (left_out,) = self._left_out.percentiles(now, (50,))
        return Snapshot(
            input_rate=self._input.rate(now),
            output_rate=self._output.rate(now),
            latency_p50=p50,
            latency_p95=p95,
            inference_p50=inference,
            left_out=left_out,
            cpu_share=self._cpu.sample(now, cpu),
            images=self._images,
            processed=self._processed,
            skipped=self.losses.skipped,
            lost=self.losses.lost,
            limited=self._limited,
            over_budget=self._over_budget,
            idle=self._idle,
            malformed=self._malformed,
            malformed_reason=self._reason,
            clock_differs=self._clock_differs,
            camera_seen=self.camera.seen,
            camera_stale=self.camera.seen and self.camera.stale(now),
            camera_age=self.camera.age(now),
            camera_events=dict(self.camera.events),
        )
