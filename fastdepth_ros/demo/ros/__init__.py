"""The demo's own ROS 2 node, and what runs it."""
