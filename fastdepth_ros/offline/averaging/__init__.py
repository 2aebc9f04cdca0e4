"""The mean of several models."""
