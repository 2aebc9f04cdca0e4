"""The node's metric scale: parameters and subscriptions around a ScaleTracker."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
from rclpy.node import Node
from std_msgs.msg import Header

from fastdepth_ros.files import user_path
from fastdepth_ros.geometry.view import View
from fastdepth_ros.ros.scale_inputs import KINDS, ScaleInputs
from fastdepth_ros.ros.scale_parameters import ScaleParameters
from fastdepth_ros.ros.topics import check_topic
from fastdepth_ros.ros.transforms import Lookup
from fastdepth_ros.scale.calibration import ScaleCalibration
from fastdepth_ros.scale.evidence import Evidence
from fastdepth_ros.scale.measurement import GROUND
from fastdepth_ros.scale.smoothing import StillSmoother
from fastdepth_ros.scale.tracker import ScaleTracker, TrackerOptions
from fastdepth_ros.stamps import stamp_seconds

TOPICS = ('imu_topic', *(f'{name}_topic' for name in KINDS))
PERIOD = 0.09  # s between two measurements: a robot's scale is no matter of every frame


class MetricScale:
    """Scales the depth of each image, and learns from it for the next ones."""

    def __init__(
        self, node: Node, asked: ScaleParameters, lookup: Lookup | None, model: str
    ) -> None:
        """Reads scale_file; UserError where it is no calibration, or a topic's name is none.

        `model` is the one that runs.
        """
        self._node, self._asked, self._lookup = node, asked, lookup
        for name in TOPICS:
            if topic := getattr(asked, name):
                check_topic(node, name, topic)
        file = asked.scale_file
        calibration = ScaleCalibration.load(user_path(file)) if file else None
        if calibration is not None and calibration.model not in ('', model):
            node.get_logger().warning(
                f"scale_file '{file}' was measured with model '{calibration.model}', "
                f"and '{model}' runs: calibrate anew"
            )
        self._tracker = ScaleTracker(tracker_options(node, asked), calibration)
        self._measured = (-math.inf, -math.inf)  # stamp and time of the last image that was
        self._smoother = None
        if asked.smoothing_frames > 1:
            self._smoother = StillSmoother(asked.smoothing_frames)
        self._inputs: ScaleInputs | None = None

    def listen(self) -> None:
        """Subscribes to the sources; UserError where that cannot be."""
        if self._asked.scaled:
            self._inputs = ScaleInputs(self._node, self._asked, self._lookup)

    def destroy(self) -> None:
        """Ends the subscriptions."""
        if self._inputs is not None:
            self._inputs.destroy()
            self._inputs = None

    def correct(
        self, depth: np.ndarray, rgb: Callable[[], np.ndarray], view: View, header: Header
    ) -> np.ndarray:
        """(h, w) float32 metres at the scale that the sources say; `depth` is written to.

        `rgb` gives the (h, w, 3) uint8 picture on its pixels.
        """
        stamp, now = stamp_seconds(header), time.monotonic()
        if self._smoother is not None:
            self._smoother(depth, rgb(), stamp)
        evidence = self._evidence(header, stamp, now)
        return self._tracker.correct(depth, view.depth_intrinsics, stamp, evidence, now)

    def _evidence(self, header: Header, stamp: float, now: float) -> Evidence | None:
        """None where nothing is to be measured: too soon after the last time, or no sources."""
        before, then = self._measured
        # stamps may stand still, and those of a recording run at another speed
        too_soon = 0 <= stamp - before < PERIOD and now - then < PERIOD
        if self._inputs is None or too_soon:
            return None
        self._measured = stamp, now
        return self._inputs.evidence(header)

    def take_over(self, other: MetricScale) -> None:
        """Goes on from the scale that `other` had: parameters that are set make no jump."""
        self._tracker.take_over(other._tracker)

    @property
    def problem(self) -> str:
        """What is wrong with a source for long, '' where nothing is."""
        return self._tracker.problem(time.monotonic())

    def figures(self) -> dict[str, str]:
        """For diagnostics."""
        return self._tracker.figures()


def tracker_options(node: Node, asked: ScaleParameters) -> TrackerOptions:
    """What the parameters say, with what to look at where a source is silent."""
    sources = {GROUND: ''} if asked.grounded else {}  # never silent: it is in the image
    for name in KINDS:
        topic = getattr(asked, f'{name}_topic')
        if topic:
            full = node.resolve_topic_name(topic)
            sources[name] = (
                f'nothing comes on {full}: is the sensor running, and {name}_topic right?'
            )
    return TrackerOptions(
        sources, asked.scale_shift, asked.scale_window, asked.scale_max_rate, asked.scale_hold
    )
