"""The benchmark's ROS 2 nodes: the only part of it that imports rclpy."""
