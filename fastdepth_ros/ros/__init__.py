"""The ROS 2 side: node, parameters, messages. The only folder that imports rclpy."""
