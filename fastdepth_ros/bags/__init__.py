"""What rosbags of a robot hold: topics, images, depth, points and fixed transforms; no ROS."""
