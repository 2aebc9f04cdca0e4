"""What of a frame a protocol shows to a network."""

from __future__ import annotations

from fastdepth_ros.errors import UserError, check_choice
from fastdepth_ros.offline.data.frames import Frame
from fastdepth_ros.offline.evaluation.protocols import EIGEN_SIZE, PROTOCOLS


def as_shown(frame: Frame, protocol: str, name: str = '') -> Frame:
    """The frame as the protocol shows it to a network; a UserError where its size does not do."""
    check_choice('protocol', protocol, PROTOCOLS)
    if protocol == 'fastdepth':
        from fastdepth_ros.offline.training.transforms import fastdepth_frame  # torch

        return fastdepth_frame(frame)
    if protocol == 'eigen' and frame.depth.shape != EIGEN_SIZE:
        height, width = frame.depth.shape
        raise UserError(
            f'protocol eigen is for frames of 640 x 480, {name or "one"} has {width} x {height}: '
            'use --protocol full'
        )
    return frame
