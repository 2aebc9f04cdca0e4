"""What the node may use of the robot's CPU."""
