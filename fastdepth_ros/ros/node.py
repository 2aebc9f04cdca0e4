"""The depth node: camera images in, metric depth out, the latest frame first."""

from __future__ import annotations

from collections.abc import Sequence

from rclpy.clock import Clock, ClockType
from rclpy.exceptions import ParameterException
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.qos import ReliabilityPolicy
from rclpy.qos_overriding_options import InvalidQosOverridesError
from sensor_msgs.msg import CameraInfo, Image

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.errors import UserError
from fastdepth_ros.ros import qos
from fastdepth_ros.ros.camera_info import QUIET, LatestCamera, write_camera_info
from fastdepth_ros.ros.image_messages import ImageWriter, read_image
from fastdepth_ros.ros.parameters import declare_parameters, warn_of_unknown
from fastdepth_ros.ros.topics import camera_info_topic

WATCH_PERIOD = 0.2  # s; a look at the publishers takes 0.05 ms


class DepthNode(Node):
    """Subscribes to `image` and `camera_info`, publishes `depth/image` and `depth/camera_info`.

    Made, then configured (the model is loaded), then activated (frames flow), all in the thread
    that spins: engines bind their threads to the one that loads them.
    """

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        """Declares the parameters; UserError names a value that is not allowed.

        `arguments` are those that ROS was initialised with.
        """
        super().__init__('depth_node')
        self._arguments = arguments
        self._asked = declare_parameters(self)
        self._size = self._asked.output_size
        self._camera = LatestCamera(self.get_logger())
        self._writer = ImageWriter('32FC1')
        self._images = 0
        self._dropped = 0

    def configure(self) -> None:
        """Loads the model; UserError if it cannot be run as the parameters ask."""
        asked = self._asked
        self._estimator = DepthEstimator(
            asked.model, asked.engine, asked.precision, asked.num_threads
        )

    def activate(self) -> None:
        """Opens the topics: frames flow as soon as the node spins."""
        try:
            self._open_topics()
        except (InvalidQosOverridesError, ParameterException, RuntimeError) as error:
            raise UserError(f'cannot open the topics: {error}; {qos.OVERRIDES_ALLOWED}') from error
        # steady time: a simulation's clock may stand still
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._watch_timer = self.create_timer(WATCH_PERIOD, self._watch, clock=steady)
        warn_of_unknown(self)
        self._log_start()

    def _open_topics(self) -> None:
        self._depth_publisher = self._open_publisher(Image, 'depth/image')
        self._info_publisher = self._open_publisher(CameraInfo, 'depth/camera_info')
        # before the image's, since what is ready is taken in this order; best effort hears every
        # camera, and a lost CameraInfo is like the next one
        self._info_subscription = self.create_subscription(
            CameraInfo,
            camera_info_topic(self, self._arguments),
            self._camera.update,
            qos.latest_only(ReliabilityPolicy.BEST_EFFORT),
            qos_overriding_options=qos.overridable(),
        )
        self._image_subscription = qos.ImageSubscription(
            self, self._asked.reliability, self._on_image
        )

    def _open_publisher(self, message_type: type, topic: str) -> Publisher:
        profile = qos.latest_only(ReliabilityPolicy.RELIABLE)
        return self.create_publisher(
            message_type, topic, profile, qos_overriding_options=qos.overridable()
        )

    def _on_image(self, message: Image) -> None:
        try:
            image, encoding = read_image(message)
            camera = self._camera.of_image(message.width, message.height)
            intrinsics = camera.intrinsics if camera else None
            depth = self._estimator.estimate(image, intrinsics, encoding, self._size)
        except UserError as error:
            self._dropped += 1
            self.get_logger().warning(
                f'image dropped ({self._dropped} so far): {error}', throttle_duration_sec=QUIET
            )
            return
        self._images += 1
        if camera:
            of_depth = camera.resized(depth.shape[1], depth.shape[0])
            self._info_publisher.publish(write_camera_info(of_depth, message.header))
        self._depth_publisher.publish(self._writer.write(depth, message.header))

    def _watch(self) -> None:
        """What no message tells: other publishers, and a camera without CameraInfo."""
        self._image_subscription.update()
        if self._images and not self._camera.known:
            self.get_logger().warning(
                f'no camera_info on {self._info_subscription.topic_name}: the depth is unscaled '
                'until one comes, as if the camera were the one of the training data; remap '
                'camera_info if it is elsewhere',
                once=True,
            )

    def _log_start(self) -> None:
        engine, (width, height) = self._estimator.engine, self._estimator.input_size
        self.get_logger().info(
            f"model '{self._asked.model}' ({width}x{height}) on {engine.name} "
            f'{engine.precision}, num_threads {engine.num_threads}: '
            f'{self._image_subscription.topic} and {self._info_subscription.topic_name} -> '
            f'{self._depth_publisher.topic_name} and {self._info_publisher.topic_name}'
        )
