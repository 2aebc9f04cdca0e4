"""Frames to learn from and to be judged on: where they come from, and which of them are bad."""
