"""How close depth is to the truth: metrics, protocols, and the commands that print them."""
