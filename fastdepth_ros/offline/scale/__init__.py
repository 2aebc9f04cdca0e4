"""What each source of metric scale gives, measured on frames whose true depth is known."""
