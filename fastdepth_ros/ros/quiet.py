"""How often the log repeats what may come with each image."""

QUIET = 5.0  # s between two warnings of the same kind
