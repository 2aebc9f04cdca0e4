"""Depth as people look at it."""
