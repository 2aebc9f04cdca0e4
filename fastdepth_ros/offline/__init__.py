"""Data, training, evaluation and export; nothing here is imported by the node."""
