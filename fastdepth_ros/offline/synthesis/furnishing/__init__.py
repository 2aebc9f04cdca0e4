"""What rooms hold: pieces of furniture, things on tops and on walls, each made at random."""
