"""What a planner makes of the depth: a small costmap, and how good it is."""
