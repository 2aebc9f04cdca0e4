"""Which View fits the image at hand: planned once, and again when something changes."""

from __future__ import annotations

from rclpy.impl.rcutils_logger import RcutilsLogger

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.distortion import (
    is_distorted,
    is_rectified_topic,
    needs_rectification,
)
from fastdepth_ros.geometry.field_of_view import lens_warning
from fastdepth_ros.geometry.view import Size, View, plan_view
from fastdepth_ros.ros.camera_info import LatestCamera
from fastdepth_ros.ros.parameters import NodeParameters


class Views:
    """The View of the latest camera for images of any size."""

    def __init__(self, camera: LatestCamera, topic: str, logger: RcutilsLogger) -> None:
        """`topic`: the resolved one of the images."""
        self._camera, self._topic, self._logger = camera, topic, logger
        self._key: object = None
        self._view: View | None = None
        self.problem = ''  # why the image is not rectified although it should be
        self.lens_problem = ''  # why the network has not learned from such pictures

    def of_image(self, size: Size, network: Size, asked: NodeParameters) -> View:
        """For an image of `size` and a network's input; UserError where rectify: on fails."""
        camera = self._camera.of_image(*size)
        key = (self._camera.version, size, network, asked)
        if self._view is None or key != self._key:
            self._view, self._key = self._plan(camera, size, network, asked), key
            self._look_at_lens(self._view)
        return self._view

    def _look_at_lens(self, view: View) -> None:
        before, self.lens_problem = self.lens_problem, lens_warning(view.intrinsics) or ''
        if self.lens_problem not in ('', before):
            self._logger.warning(self.lens_problem)

    def _plan(
        self, camera: CameraModel | None, size: Size, network: Size, asked: NodeParameters
    ) -> View:
        self.problem = ''
        try:
            return self._plan_as(camera, size, network, asked, asked.rectify)
        except UserError as error:
            if asked.rectify != 'auto':
                raise
            self.problem = f'the image is not rectified: {error}'
            self._logger.warning(self.problem)
            return self._plan_as(camera, size, network, asked, 'off')

    def _plan_as(
        self,
        camera: CameraModel | None,
        size: Size,
        network: Size,
        asked: NodeParameters,
        rectify: str,
    ) -> View:
        return plan_view(
            camera,
            size,
            network,
            asked.fit,
            rectify=needs_rectification(rectify, self._topic, camera),
            raw=camera is not None
            and is_distorted(camera)
            and not is_rectified_topic(self._topic),
            depth_size=(asked.output_width, asked.output_height),
            registered=asked.registered,
        )
