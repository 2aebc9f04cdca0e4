"""Where a robot's sensors are fixed: /tf_static as a graph."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from fastdepth_ros.geometry.quaternion import transform_matrix

TOPIC = '/tf_static'


class StaticTransforms:
    """Transforms between frames that do not move against each other."""

    def __init__(self) -> None:
        self._from: dict[str, dict[str, np.ndarray]] = {}  # [parent][child]: child to parent

    def add(self, parent: str, child: str, matrix: np.ndarray) -> None:
        """`matrix`: (4, 4), the pose of `child` in `parent`."""
        parent, child = parent.strip('/'), child.strip('/')
        self._from.setdefault(parent, {})[child] = matrix
        self._from.setdefault(child, {})[parent] = np.linalg.inv(matrix)

    def add_message(self, message: Any) -> None:
        """Every transform of a tf2_msgs/TFMessage; one whose quaternion is 0 is left out."""
        for item in message.transforms:
            t, q = item.transform.translation, item.transform.rotation
            numbers = (t.x, t.y, t.z), (q.x, q.y, q.z, q.w)
            if np.isfinite([*numbers[0], *numbers[1]]).all() and any(numbers[1]):
                self.add(item.header.frame_id, item.child_frame_id, transform_matrix(*numbers))

    def find(self, target: str, source: str) -> np.ndarray | None:
        """(4, 4) that takes points in `source` to `target`; None where nothing connects them."""
        target, source = target.strip('/'), source.strip('/')
        if not (target and source):
            return None
        reached, queue = {target: np.eye(4)}, deque([target])
        while queue:
            frame = queue.popleft()
            if frame == source:
                return reached[frame]
            for near, matrix in self._from.get(frame, {}).items():
                if near not in reached:
                    reached[near] = reached[frame] @ matrix
                    queue.append(near)
        return None
