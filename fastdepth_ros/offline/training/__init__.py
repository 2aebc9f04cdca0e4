"""From frames to weights: transforms, losses, the trainer and its command. Imports torch."""
