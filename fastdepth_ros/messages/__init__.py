"""What ROS messages hold, read without ROS: rosbags messages or rclpy ones."""
