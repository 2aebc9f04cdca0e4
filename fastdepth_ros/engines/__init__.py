"""Running a model within a CPU budget: numpy in, numpy out, no ROS."""
