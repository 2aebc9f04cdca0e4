"""rosbags of a robot: files, topics and fixed transforms; no ROS."""
