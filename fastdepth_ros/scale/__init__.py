"""Metric scale from what a robot knows: its height, ranges, a saved calibration; without ROS."""
