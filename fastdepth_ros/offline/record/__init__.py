"""From a robot's bag to frames to learn from: `python -m fastdepth_ros record`."""
