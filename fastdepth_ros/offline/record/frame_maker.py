"""One frame from the two messages that it is made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastdepth_ros.bags.bag import Bag, at_message
from fastdepth_ros.bags.topics import Streams
from fastdepth_ros.errors import UserError
from fastdepth_ros.messages.colour_image import read_colour
from fastdepth_ros.offline.record.cameras import FrameCamera
from fastdepth_ros.offline.record.plan import Shot
from fastdepth_ros.offline.record.registration import DepthReader


class FrameMaker:
    """Turns the messages of one bag into frames."""

    def __init__(
        self,
        bag: Bag,
        streams: Streams,
        camera: FrameCamera,
        depth: DepthReader,
        max_depth: float,
    ) -> None:
        """`max_depth`: m from which on depth is taken for none; 0: no limit."""
        self.bag, self.streams, self.camera = bag, streams, camera
        self._depth, self._max_depth = depth, max_depth

    def make(self, shot: Shot, image: Any, depth: Any) -> tuple[np.ndarray, np.ndarray]:
        """((h, w, 3) uint8 RGB, (h, w) float32 metres, 0 = none); UserError names the message."""
        at = self.streams.image, shot.image
        try:
            rgb = self.camera.picture(read_colour(image))
            at = self.streams.depth, shot.depth
            metres = self._depth.read(depth)
        except UserError as error:
            raise at_message(self.bag, *at, error) from error
        if self._max_depth:
            metres = np.where(metres > self._max_depth, np.float32(0), metres)
        return rgb, metres
