"""What the node knows of its own running: rates, latency, CPU, losses, the camera."""
