"""The depth node: camera images in, metric depth out, the latest frame first; managed."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from rcl_interfaces.msg import SetParametersResult
from rclpy.clock import Clock, ClockType
from rclpy.context import Context
from rclpy.exceptions import ParameterException
from rclpy.lifecycle import LifecycleNode, TransitionCallbackReturn
from rclpy.parameter import Parameter
from rclpy.qos_overriding_options import InvalidQosOverridesError
from sensor_msgs.msg import CameraInfo, CompressedImage, Image

from fastdepth_ros.budget.scheduling import parse_cores, set_affinity, set_nice
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.errors import UserError
from fastdepth_ros.monitoring.health import Health, Running
from fastdepth_ros.ros import diagnostics, qos
from fastdepth_ros.ros.camera_info import LatestCamera
from fastdepth_ros.ros.compressed_image import compressed_topic
from fastdepth_ros.ros.latest_message import LatestMessage
from fastdepth_ros.ros.lifecycle import refuse_illegal_transitions, state_of, transition
from fastdepth_ros.ros.metric_scale import MetricScale
from fastdepth_ros.ros.outputs import Outputs
from fastdepth_ros.ros.parameters import (
    NodeParameters,
    declare_parameters,
    warn_of_unknown,
)
from fastdepth_ros.ros.pipeline import Pipeline, load_estimator
from fastdepth_ros.ros.scale_parameters import ScaleParameters
from fastdepth_ros.ros.topics import camera_info_topic
from fastdepth_ros.ros.transforms import Lookup, TfLookup

WATCH_PERIOD = 0.2  # s; a look at the publishers takes 0.05 ms
INFO_PATIENCE = 3.0  # s: CameraInfo may be discovered after the images
ENGINE_FIELDS = ('model', 'engine', 'precision', 'num_threads')
SCALE_FIELDS = tuple(spec.name for spec in fields(ScaleParameters))
STAND_IN_FIELDS = ('camera_info_url', 'horizontal_fov')


class DepthNode(LifecycleNode):
    """Subscribes to `image` and `camera_info`, publishes what somebody wants of `depth/...`.

    configure loads the model and advertises, activate subscribes, deactivate ends all work,
    cleanup frees the memory. All in the thread that spins: engines bind their threads to the one
    that loads them.
    """

    def __init__(self, arguments: Sequence[str] = (), context: Context | None = None) -> None:
        """Declares the parameters; UserError names a value that is not allowed.

        `arguments` are those that ROS was initialised with.
        """
        super().__init__('depth_node', context=context)
        refuse_illegal_transitions(self)
        self.failure = ''  # why the last transition failed
        self._arguments = arguments
        self._asked = declare_parameters(self)
        self._own_nice = os.getpriority(os.PRIO_PROCESS, 0)  # the operator's
        self._starting = False
        self._unknown_since: float | None = None  # s, images of a camera that nothing tells of
        self._health = Health()
        self._diagnostics = diagnostics.DiagnosticsPublisher(self)
        self._image_topic = self.resolve_topic_name('image')
        self._camera = LatestCamera(self.get_logger())
        self._outputs: Outputs | None = None
        self._tf: TfLookup | None = None  # imported when it is first asked for
        self._pipeline = Pipeline(self, self._camera, self._image_topic)
        self._pipeline.configure(self._asked)
        self._images: qos.ImageSubscription | None = None
        self._info: LatestMessage | None = None
        # steady time: a simulation's clock may stand still
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self.create_timer(WATCH_PERIOD, self._watch, clock=steady)
        self.create_timer(diagnostics.PERIOD, self._diagnose, clock=steady)
        self.add_on_set_parameters_callback(self._on_parameters)

    def autostart(self) -> None:
        """Configures and activates, unless a lifecycle manager is to; UserError where it fails."""
        if not self._asked.autostart:
            self.get_logger().info('autostart is false: waiting for a lifecycle manager')
            return
        self._starting = True
        for trigger in (self.trigger_configure, self.trigger_activate):
            if trigger() != TransitionCallbackReturn.SUCCESS:
                raise UserError(self.failure or 'the node cannot start; its log says why')
        self._starting = False

    def report_failure(self, reason: str) -> None:
        """Logs why a transition failed; at the start the process ends and says it instead."""
        self.failure = reason
        if not self._starting:
            self.get_logger().error(reason)

    @transition
    def on_configure(self) -> None:
        """Loads the model and advertises the outputs."""
        asked, self.failure = self._asked, ''
        self._camera.stand_in(self._pipeline.read_stand_in(asked), asked.horizontal_fov)
        set_affinity(parse_cores(asked.cpu_affinity))  # before the engine makes its threads
        if self._nice_of(asked) > os.getpriority(os.PRIO_PROCESS, 0):
            set_nice(self._nice_of(asked))
        estimator = load_estimator(asked)
        scale = self._make_scale(asked, estimator)
        try:
            outputs = Outputs(self, asked, self._tf_for(['use_tf'] if asked.use_tf else []))
        except (InvalidQosOverridesError, ParameterException, RuntimeError) as error:
            raise topics_error(error) from error
        # nothing is kept of what fails
        self._pipeline.estimator, self._pipeline.scale = estimator, scale
        self._outputs = self._pipeline.outputs = outputs

    @transition
    def on_activate(self) -> None:
        """Subscribes: images flow as soon as the node spins."""
        self.failure = ''
        try:
            self._subscribe()
        except (InvalidQosOverridesError, ParameterException, RuntimeError) as error:
            self._unsubscribe()
            raise topics_error(error) from error
        except UserError:
            self._unsubscribe()
            raise
        warn_of_unknown(self)
        self._log_start()

    @transition
    def on_deactivate(self) -> None:
        """Ends all work."""
        self._unsubscribe()

    @transition
    def on_cleanup(self) -> None:
        """Frees the memory."""
        self._release()

    @transition
    def on_shutdown(self) -> None:
        """From any state."""
        self._release()

    @transition
    def on_error(self) -> None:
        """After a defect: back to unconfigured."""
        self._release()

    def _subscribe(self) -> None:
        topic = camera_info_topic(self, self._arguments)
        self._info = self._camera.source = LatestMessage(self, CameraInfo, topic)
        compressed = self._asked.image_transport == 'compressed'
        self._images = qos.ImageSubscription(
            self,
            self._asked.reliability,
            self._pipeline.take,
            CompressedImage if compressed else Image,
            compressed_topic(self._image_topic) if compressed else 'image',
        )
        if self._pipeline.scale is not None:
            self._pipeline.scale.listen()

    def _unsubscribe(self) -> None:
        for subscription in (self._images, self._info, self._pipeline.scale):
            if subscription is not None:
                subscription.destroy()
        self._images = self._info = self._camera.source = None
        self._pipeline.statistics.forget()

    def _release(self) -> None:
        self._unsubscribe()
        if self._outputs is not None:
            self._outputs.destroy()
        self._outputs = self._pipeline.outputs = self._pipeline.estimator = None
        self._pipeline.scale = None

    def _on_parameters(self, changes: list[Parameter[Any]]) -> SetParametersResult:
        """Applies what the user sets while the node runs, or says why it cannot be."""
        try:
            asked = self._asked.changed(changes)
            self._apply(asked)
        except UserError as error:
            return SetParametersResult(successful=False, reason=str(error))
        self._asked = asked
        self._pipeline.configure(asked)
        if self._outputs is not None:
            self._outputs.configure(asked)
        return SetParametersResult(successful=True)

    def _apply(self, asked: NodeParameters) -> None:
        """All of what changed or, with a UserError, nothing: what can fail comes first."""
        rebound = asked.cpu_affinity != self._asked.cpu_affinity
        if rebound:  # before the engine makes its threads, which may be as many as there are cores
            set_affinity(parse_cores(asked.cpu_affinity))
        try:
            self._apply_on_cores(asked)
        except UserError:
            if rebound:
                set_affinity(parse_cores(self._asked.cpu_affinity))
            raise

    def _apply_on_cores(self, asked: NodeParameters) -> None:
        def changed(*names: str) -> bool:
            return any(getattr(asked, name) != getattr(self._asked, name) for name in names)

        pipeline = self._pipeline
        stand_in = pipeline.read_stand_in(asked) if changed(*STAND_IN_FIELDS) else None
        reload = pipeline.estimator is not None and changed(*ENGINE_FIELDS)
        estimator = load_estimator(asked) if reload else pipeline.estimator
        if estimator is not None:
            estimator.check_max_error(asked.max_error)
        before = pipeline.scale
        # scale_file is of one model
        rescale = changed(*SCALE_FIELDS) or (bool(asked.scale_file) and changed('model'))
        if estimator is not None and rescale:
            self._exchange_scale(self._make_scale(asked, estimator))
        try:
            if changed('nice'):
                set_nice(self._nice_of(asked))
        except UserError:
            if pipeline.scale is not before:
                self._exchange_scale(before)
            raise
        if changed(*STAND_IN_FIELDS):
            self._camera.stand_in(stand_in, asked.horizontal_fov)
        pipeline.estimator = estimator
        if estimator is not None:
            estimator.max_error, estimator.flip = asked.max_error, asked.flip
        if reload:
            self.get_logger().info(f'now runs {pipeline.describe(asked)}')

    def _nice_of(self, asked: NodeParameters) -> int:
        return asked.nice or self._own_nice

    def _make_scale(self, asked: NodeParameters, estimator: DepthEstimator) -> MetricScale | None:
        """None where no parameter asks for any of it."""
        if not (asked.scaled or asked.scale_file or asked.smoothing_frames > 1):
            return None
        model = estimator.metadata.name
        return MetricScale(self, asked, self._tf_for(asked.tf_users), model)

    def _tf_for(self, users: list[str]) -> Lookup | None:
        """The one tf buffer, for the parameters that ask for tf; UserError without tf2_ros."""
        if users and self._tf is None:
            self._tf = TfLookup(self, users[0])
        return self._tf if users else None

    def _exchange_scale(self, scale: MetricScale | None) -> None:
        """UserError where the new one cannot listen; then the one before goes on."""
        before = self._pipeline.scale
        if before is not None:
            before.destroy()  # first: a topic may become another source's
        if scale is not None and self._images is not None:
            try:
                scale.listen()
            except UserError:
                if before is not None:
                    before.listen()
                raise
        if scale is not None and before is not None:
            scale.take_over(before)
        self._pipeline.scale = scale

    def _watch(self) -> None:
        """What no message tells: other publishers, and a camera without CameraInfo."""
        if self._images is None or self._info is None:
            return
        self._images.update()
        if self._camera.known or not self._pipeline.statistics.camera.seen:
            self._unknown_since = None
            return
        self._unknown_since = self._unknown_since or time.monotonic()
        if time.monotonic() - self._unknown_since > INFO_PATIENCE:
            self.get_logger().warning(
                f'no camera_info on {self._info.topic}: the depth is unscaled until one '
                'comes, as if the camera were the one of the training data; remap camera_info if '
                'it is elsewhere, or set camera_info_url or horizontal_fov',
                once=True,
            )

    def _diagnose(self) -> None:
        snapshot = self._pipeline.statistics.snapshot(time.monotonic(), time.process_time())
        images, scale = self._images, self._pipeline.scale
        running = Running(
            state=state_of(self),
            failure=self.failure,
            image_topic=images.topic if images else self._image_topic,
            camera=self._camera.state.value,
            camera_problem=self._camera.problem or self._pipeline.views.problem,
            lens_problem=self._pipeline.views.lens_problem,
            qos_problem=images.problem if images else '',
            budget_exceeded=self._pipeline.governor.exceeded,
            lost_events=images.lost if images else 0,
            settings=self._pipeline.settings(self._asked),
            scale={'scale state': 'off'} if scale is None else scale.figures(),
            scale_problem='' if scale is None else scale.problem,
            picture=self._pipeline.picture.shown,
            picture_problem=self._pipeline.picture.problem,
            output_problem='' if self._outputs is None else self._outputs.problem,
        )
        self._diagnostics.publish(self._health.report(snapshot, running))

    def _log_start(self) -> None:
        assert self._images is not None
        assert self._info is not None
        assert self._outputs is not None
        self.get_logger().info(
            f'{self._pipeline.describe(self._asked)}: {self._images.topic} and '
            f'{self._info.topic} -> {", ".join(self._outputs.names)}'
        )


def topics_error(error: Exception) -> UserError:
    """One line for what rclpy says of a topic or of its QoS."""
    return UserError(f'cannot open the topics: {error}; {qos.OVERRIDES_ALLOWED}')
