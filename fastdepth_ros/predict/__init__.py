"""Depth of images, videos, webcams and bags, written as files."""
