"""Rooms that never were: random layouts, path-traced, with exact depth and intrinsics."""
