"""Thread pools of libraries that no parameter reaches once they are loaded."""

from __future__ import annotations

import os

SETTINGS = {
    # NumPy's BLAS has a thread for each core, and nothing in the node is large enough for two.
    'OPENBLAS_NUM_THREADS': '1',
    'MKL_NUM_THREADS': '1',
    # PyTorch's threads wait for each other by spinning: beside another load that takes both cores.
    'OMP_WAIT_POLICY': 'PASSIVE',
}


def bind_pools() -> None:
    """Call before NumPy and PyTorch are imported; what the user has set stays."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
