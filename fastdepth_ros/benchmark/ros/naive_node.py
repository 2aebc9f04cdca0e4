"""The depth node that users write, to measure ours beside it.

rclpy's usual subscription of sensors, cv_bridge, the network in eager PyTorch (NCHW, float32) and
its output as an array. Its weights are random: they do not change the time.
"""

from __future__ import annotations

import argparse
import array

import cv2
import torch
from cv_bridge import CvBridge
from rclpy.node import Node
from rclpy.qos import qos_profile_sensor_data
from sensor_msgs.msg import Image

from fastdepth_ros.benchmark.ros.spin import spin
from fastdepth_ros.benchmark.workload import read_metadata
from fastdepth_ros.network.fastdepth import FastDepth


class NaiveNode(Node):
    """Subscribes to `image`, publishes `depth/image`; nothing beside."""

    def __init__(self, model: str, threads: int) -> None:
        super().__init__('naive_depth_node')
        torch.set_num_threads(threads)
        cv2.setNumThreads(threads)
        metadata = read_metadata(model)
        self._size = metadata.input_width, metadata.input_height
        self._network = FastDepth(metadata.network).eval()
        self._bridge = CvBridge()
        self._publisher = self.create_publisher(Image, 'depth/image', 10)
        self.create_subscription(Image, 'image', self._on_image, qos_profile_sensor_data)

    def _on_image(self, message: Image) -> None:
        rgb = cv2.resize(self._bridge.imgmsg_to_cv2(message, 'rgb8'), self._size)
        planes = torch.from_numpy(rgb).permute(2, 0, 1).unsqueeze(0).float() / 255
        with torch.no_grad():
            depth = self._network(planes)[0, 0].numpy()
        height, width = depth.shape
        answer = Image(header=message.header, height=height, width=width, encoding='32FC1')
        answer.step = 4 * width
        answer.data = array.array('B', depth.tobytes())
        self._publisher.publish(answer)


def main() -> None:
    """Spins until a signal: naive_node MODEL THREADS [--ros-args ...]."""
    parser = argparse.ArgumentParser()
    parser.add_argument('model')
    parser.add_argument('threads', type=int)
    parser.add_argument('--ros-args', nargs=argparse.REMAINDER, default=[])
    args = parser.parse_args()
    spin(lambda: NaiveNode(args.model, args.threads), args.ros_args)


if __name__ == '__main__':
    main()
