"""The network: its architecture table, its layers, its model files and published checkpoints."""
