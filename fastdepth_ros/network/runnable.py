"""The network as engines run it: uint8 RGB in, metres out, normalisation inside."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from fastdepth_ros.network.fastdepth import FastDepth
from fastdepth_ros.network.metadata import ModelMetadata


class RunnableNetwork(nn.Module):
    """(N, H, W, 3) uint8 RGB -> (N, H, W) float32 metres at the model's focal length."""

    scale: Tensor
    offset: Tensor

    def __init__(self, network: FastDepth, metadata: ModelMetadata) -> None:
        super().__init__()
        self.network = network
        # (x / 255 - mean) / std as one multiplication and one addition a channel.
        std = torch.tensor(metadata.std)
        self.register_buffer('scale', (1 / (255 * std)).view(1, 3, 1, 1))
        self.register_buffer('offset', (-torch.tensor(metadata.mean) / std).view(1, 3, 1, 1))

    def forward(self, image: Tensor) -> Tensor:
        """(N, H, W, 3) uint8 -> (N, H, W) metres."""
        return self.network(self.normalise(image.permute(0, 3, 1, 2))).squeeze(1)

    def forward_with_error(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """The same, and (N, h, w) float32 of the expected |log depth error| (config `error`)."""
        x = self.normalise(image.permute(0, 3, 1, 2))
        depth, error = self.network.forward_with_error(x)
        return depth.squeeze(1), error.squeeze(1)

    def normalise(self, image: Tensor) -> Tensor:
        """(N, 3, H, W) uint8 -> what the network was trained on, channels_last."""
        x = image.float().contiguous(memory_format=torch.channels_last)
        return x * self.scale + self.offset
