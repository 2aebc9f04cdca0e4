"""The calibrate command: a camera's metric scale from what has measured depth."""
