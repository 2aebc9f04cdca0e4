"""The ROS 2 side of soak and faults: the only part of them that imports rclpy."""
