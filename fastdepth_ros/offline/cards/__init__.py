"""The model card: what a trained model is, how it was made, and how good it is."""
