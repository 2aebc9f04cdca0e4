"""A furnished indoor room, rendered with exact depth: numpy and OpenCV, no ROS, no torch.

Everything is a box: floor, walls, furniture, books. The light of ceiling lamps and windows is
worked out once by casting rays between the boxes (soft shadows and inter-reflection) and baked
into the boxes' textures; a frame is then one ray through each pixel. Layout, textures and seeds
are this package's own and are never trained on.
"""
