"""What the network and the node cost, as ratios to what ran beside them."""
