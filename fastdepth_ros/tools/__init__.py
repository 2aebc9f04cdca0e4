"""Commands for people: the simulated camera and the demo. Nothing here is imported by the node."""
