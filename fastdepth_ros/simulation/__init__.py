"""A simulated robot: the room that it drives through, its camera and its other sensors."""
