"""One image message on its way to depth, and the counting of what happens to it."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from rclpy.clock import ROSClock
from rclpy.node import Node
from sensor_msgs.msg import CompressedImage, Image

from fastdepth_ros.budget.governor import CpuGovernor
from fastdepth_ros.budget.rate_limit import RateLimit
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.calibration_file import read_calibration
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.monitoring.camera_watch import Shown
from fastdepth_ros.monitoring.losses import Arrival
from fastdepth_ros.monitoring.picture_watch import PictureWatch
from fastdepth_ros.monitoring.statistics import NodeStatistics
from fastdepth_ros.ros.camera_info import LatestCamera
from fastdepth_ros.ros.compressed_image import read_compressed
from fastdepth_ros.ros.image_messages import read_image
from fastdepth_ros.ros.metric_scale import MetricScale
from fastdepth_ros.ros.outputs import Depth, Outputs
from fastdepth_ros.ros.parameters import NodeParameters
from fastdepth_ros.ros.quiet import QUIET
from fastdepth_ros.ros.views import Views
from fastdepth_ros.stamps import stamp_ns


def load_estimator(asked: NodeParameters) -> DepthEstimator:
    """The model as the parameters ask for it; UserError where it cannot be run so."""
    engine = asked.model, asked.engine, asked.precision, asked.num_threads
    try:
        return DepthEstimator(*engine, asked.max_error, asked.flip)
    except (MemoryError, OSError) as error:  # mmap has OSError for no memory
        reason = str(error) or 'out of memory'
        raise UserError(f"model '{asked.model}' cannot be loaded: {reason}") from error


def share_of(package: str) -> str:
    """The share directory of a ROS package; UserError where it is not installed, or no name."""
    from ament_index_python.packages import get_package_share_directory

    try:
        return get_package_share_directory(package)
    except (LookupError, OSError) as error:  # OSError: AMENT_PREFIX_PATH is not set
        raise UserError(
            f"camera_info_url: package '{package}' is not installed where AMENT_PREFIX_PATH "
            'points: source its workspace, or give a path'
        ) from error
    except ValueError as error:
        raise UserError(
            f"camera_info_url: '{package}' is no name of a package: package://NAME/PATH is due, "
            'with letters, digits, _ and - in NAME'
        ) from error


class Pipeline:
    """Takes images, makes depth of those that are due and wanted, and publishes it."""

    def __init__(self, node: Node, camera: LatestCamera, topic: str) -> None:
        """`topic`: the resolved one of the images, without /compressed."""
        self.estimator: DepthEstimator | None = None
        self.outputs: Outputs | None = None
        self.scale: MetricScale | None = None  # None: nothing but camera_info scales the depth
        self.statistics = NodeStatistics()
        self.picture = PictureWatch()
        self._node = node
        self._camera = camera
        self.views = Views(camera, topic, node.get_logger())

    def configure(self, asked: NodeParameters) -> None:
        """Takes new parameters, from the next image on."""
        self._asked = asked
        self._limit = RateLimit(asked.max_rate)
        self.governor = CpuGovernor(asked.cpu_budget)

    @staticmethod
    def read_stand_in(asked: NodeParameters) -> CameraModel | None:
        """The calibration of camera_info_url, None where there is none; UserError if it is bad."""
        url = asked.camera_info_url
        return read_calibration(url, share_of) if url else None

    def take(self, message: Image | CompressedImage, info: Any) -> None:
        """The subscription's callback; `info` is rclpy's on the message."""
        now, stamp = time.monotonic(), stamp_ns(message)
        news = self.statistics.arrived(now, arrival(stamp, info), shown(message))
        if news:
            self._node.get_logger().warning(
                f'camera: {", ".join(news)}', throttle_duration_sec=QUIET
            )
        outputs = self.outputs
        wanted = outputs.wanted() if outputs is not None else []
        if outputs is None or not wanted:
            self.statistics.idle()
            if isinstance(message, Image):  # for diagnostics
                self._camera.of_image(message.width, message.height)
            else:
                self._camera.look()
        elif not self._limit.passes(now):
            self.statistics.limited()
        elif not self.governor.passes(now, time.process_time()):
            self.statistics.over_budget()
        else:
            self._process(message, outputs, wanted)
        self.statistics.losses.done(time.time_ns())

    def _process(
        self, message: Image | CompressedImage, outputs: Outputs, wanted: list[str]
    ) -> None:
        estimator = self.estimator
        assert estimator is not None
        # /clock stands still while this runs
        begun, age = time.monotonic(), self._age(message)
        try:
            read = read_image if isinstance(message, Image) else read_compressed
            image, encoding = read(message)
            begin = time.perf_counter()
            size = image.shape[1], image.shape[0]
            view = self.views.of_image(size, estimator.input_size, self._asked)
            metres = estimator.estimate_view(image, view, encoding)
            inference = time.perf_counter() - begin
        except UserError as error:
            self.statistics.malformed(str(error))
            self._node.get_logger().warning(
                f'image dropped ({self.statistics.malformed_count} so far): {error}',
                throttle_duration_sec=QUIET,
            )
            return
        scale, header = self.scale, message.header

        def rgb() -> np.ndarray:
            return estimator.rgb(view)

        scaled = metres if scale is None else scale.correct(metres, rgb, view, header)
        if outputs.publish(Depth(header, scaled, view, rgb), wanted):
            now, clock = time.monotonic(), self._node.get_clock()
            simulated = isinstance(clock, ROSClock) and clock.ros_time_is_active
            self.statistics.published(
                now, age + now - begun, inference, estimator.left_out, simulated
            )
            if self.picture.is_due(now):
                self.picture.look(rgb(), now)

    def _age(self, message: Image | CompressedImage) -> float:
        """Seconds since the message's stamp, by the node's clock."""
        return (self._node.get_clock().now().nanoseconds - stamp_ns(message)) / 1e9

    def settings(self, asked: NodeParameters) -> dict[str, str]:
        """What runs, for diagnostics."""
        found = {'model': asked.model}
        if self.estimator is not None:
            engine = self.estimator.engine
            found |= {
                'engine': engine.name,
                'precision': engine.precision,
                'num_threads': str(engine.num_threads),
            }
        return found

    def describe(self, asked: NodeParameters) -> str:
        """What runs, in one line for the log."""
        assert self.estimator is not None
        engine, (width, height) = self.estimator.engine, self.estimator.input_size
        return (
            f"model '{asked.model}' ({width}x{height}) on {engine.name} {engine.precision}, "
            f'num_threads {engine.num_threads}'
        )


def arrival(stamp: int, info: Any) -> Arrival:
    """What rclpy's information on a message tells; Humble's has no sequence numbers."""
    publisher = info.get('publisher_gid') or {}
    return Arrival(
        stamp,
        info.get('source_timestamp') or stamp,
        info.get('publication_sequence_number'),
        bytes(publisher.get('data', b'')),
    )


def shown(message: Image | CompressedImage) -> Shown:
    """What a camera does not change; the size of a compressed image is not known yet."""
    frame_id = message.header.frame_id
    if isinstance(message, Image):
        return Shown(frame_id, message.width, message.height, message.encoding)
    return Shown(frame_id, 0, 0, message.format)
