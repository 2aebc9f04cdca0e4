"""How long the node runs, and what it survives: real processes, watched from outside."""
