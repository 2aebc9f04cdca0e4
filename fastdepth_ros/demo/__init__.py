"""The demo: a camera and the depth node as two processes, and what they did."""
