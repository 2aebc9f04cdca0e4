"""Where the generators of random numbers stand, so that they can go on from there."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch
from torch import Tensor


def seed_all(seed: int) -> None:
    """Python's, NumPy's and torch's own generators."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def generator_state() -> tuple[dict[str, Tensor], dict[str, Any]]:
    """(tensors, values for JSON) of Python's, NumPy's and torch's, with every GPU's."""
    version, numbers, gauss = random.getstate()
    _, keys, position, has_gauss, cached = np.random.get_state()
    tensors = {'torch': torch.get_rng_state(), 'python': torch.tensor(numbers)}
    tensors['numpy'] = torch.from_numpy(np.asarray(keys).astype(np.int64))
    if torch.cuda.is_available():
        states = torch.cuda.get_rng_state_all()
        tensors |= {f'cuda{i}': state for i, state in enumerate(states)}
    return tensors, {
        'python': [version, gauss],
        'numpy': [int(position), int(has_gauss), float(cached)],
    }


def set_generators(tensors: dict[str, Tensor], values: dict[str, Any]) -> None:
    """As generator_state told; a GPU that is not here is left out."""
    version, gauss = values['python']
    random.setstate((version, tuple(tensors['python'].tolist()), gauss))
    np.random.set_state(('MT19937', tensors['numpy'].numpy().astype(np.uint32), *values['numpy']))
    torch.set_rng_state(tensors['torch'])
    for i in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        if f'cuda{i}' in tensors:
            torch.cuda.set_rng_state(tensors[f'cuda{i}'], i)
