"""Many training runs over a grid of options: planned, run in parallel, compared."""
