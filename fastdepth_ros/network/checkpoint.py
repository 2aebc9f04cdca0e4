"""A published checkpoint: a pickled PyTorch module, read as named arrays without running any code.

Takes a module, or a dict that holds a module or a state_dict, in both formats of `torch.save`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.inert_pickle import Built, Global, PersistentId
from fastdepth_ros.network.torch_file import (
    CheckpointError,
    TorchFile,
    open_torch_file,
    storage_of,
)

MAX_BYTES = 2**30  # the largest FastDepth with Adam's two moments is a quarter of this
ENTRIES = ('model', 'state_dict', 'model_state_dict')  # where a dict holds its network
ORDERED_DICT = Global('collections', 'OrderedDict')
PARAMETERS = {
    Global('torch._utils', '_rebuild_parameter'),
    Global('torch._utils', '_rebuild_parameter_with_state'),
}
TENSORS = {
    Global('torch._utils', '_rebuild_tensor'),
    Global('torch._utils', '_rebuild_tensor_v2'),
}
MAX_DIMENSIONS = 8
NAME = re.compile(r'[A-Za-z0-9_.]+')  # fit to be shown in a message
MAX_NAME = 200  # characters


@dataclass(frozen=True)
class Checkpoint:
    """float32 arrays by dotted name, and the class name of each module by its dotted path.

    The whole network's path is ''. A state_dict has no classes.
    """

    tensors: dict[str, np.ndarray]
    classes: dict[str, str]


def read_checkpoint(path: Path) -> Checkpoint:
    """Reads the tensors of `path`; a UserError says in one line why that cannot be done."""
    try:
        file = open_torch_file(_read_bytes(path))
        classes, nodes = _flatten(_network(file.value))
        if not nodes:
            raise CheckpointError('there is no module and no state_dict in it')
        return Checkpoint(_arrays(nodes, file), classes)
    except CheckpointError as error:
        raise UserError(
            f"'{path}' cannot be read as a PyTorch checkpoint: {error}; give a whole file of "
            'torch.save, such as the FastDepth authors publish'
        ) from error


def _read_bytes(path: Path) -> bytes:
    if not path.is_file():
        raise UserError(f"checkpoint '{path}' does not exist or is no file")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UserError(f"checkpoint '{path}' is larger than {MAX_BYTES} bytes: not FastDepth")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"cannot read checkpoint '{path}': {error.strerror or error}") from error


def _entries(node: object) -> dict[str, object]:
    """The entries of a dict or an OrderedDict (Python 2 pickles its pairs as an argument)."""
    if isinstance(node, dict):
        return node
    if not (isinstance(node, Built) and node.maker == ORDERED_DICT):
        return {}
    pairs = node.args[0] if isinstance(node.args, tuple) and node.args else []
    return {
        **{p[0]: p[1] for p in pairs if isinstance(p, list) and len(p) == 2 and type(p[0]) is str},
        **node.items,
    }


def _state(node: object) -> dict[str, object]:
    return _entries(node.state) if isinstance(node, Built) else {}


def _network(value: object) -> object:
    """The module or state_dict in a checkpoint's value."""
    if '_modules' in _state(value):
        return value
    entries = _entries(value)
    for name in ENTRIES:
        if name in entries:
            return entries[name]
    return value


def _flatten(network: object) -> tuple[dict[str, str], dict[str, object]]:
    """Class names and tensors of a module tree, or the tensors of a state_dict.

    Walks without recursion and visits a module once, so that no tree is too deep or endless.
    """
    if '_modules' not in _state(network):
        return {}, {_join('', name): node for name, node in _entries(network).items()}
    classes: dict[str, str] = {}
    tensors: dict[str, object] = {}
    waiting, seen = [('', network)], {id(network)}
    while waiting:
        path, module = waiting.pop()
        state = _state(module)
        classes[path] = _class_name(module)
        for group in ('_parameters', '_buffers'):
            found = _entries(state.get(group)).items()
            tensors |= {_join(path, name): node for name, node in found if node is not None}
        for name, child in _entries(state.get('_modules')).items():
            if child is not None and id(child) not in seen:
                seen.add(id(child))
                waiting.append((_join(path, name), child))
    return classes, tensors


def _join(path: str, name: str) -> str:
    if len(path) + len(name) > MAX_NAME or not NAME.fullmatch(name):
        raise CheckpointError(f'{name[:40]!a} in it is not the name of a tensor or module')
    return f'{path}.{name}' if path else name


def _class_name(module: object) -> str:
    maker = module.maker if isinstance(module, Built) else None
    match maker:
        case Global(_, name) | PersistentId(('module', Global(_, name), *_)):
            return name
    return ''


def _arrays(nodes: dict[str, object], file: TorchFile) -> dict[str, np.ndarray]:
    """Copies of the tensors as float32. Overlapping ones cannot make more of the file's bytes."""
    left = sum(len(storage) for storage in file.storages.values())
    arrays = {}
    for name, node in nodes.items():
        view = _view(name, node, file)
        left -= view.size
        if left < 0:
            raise CheckpointError('its tensors are together larger than its storages')
        with np.errstate(over='ignore'):  # infinite then, and refused when it is saved
            arrays[name] = view.astype(np.float32, order='C')
    return arrays


def _view(name: str, node: object, file: TorchFile) -> np.ndarray:
    """One tensor as a view of its storage's bytes, within them."""
    match _tensor_arguments(node):
        case (PersistentId() as reference, int(offset), tuple(size), tuple(stride), *_):
            storage = storage_of(reference)
        case _:
            raise CheckpointError(f'{name!a} is not a tensor of a known kind')
    if storage.dtype[0] not in 'fiu':
        raise CheckpointError(f'{name!a} has elements of a type that no FastDepth has')
    _check_layout(name, offset, size, stride, storage.numel)
    dtype = np.dtype(file.byteorder + storage.dtype)
    flat = np.frombuffer(file.storages[storage.key], dtype)[offset:]
    strides = [step * dtype.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(flat, size, strides, writeable=False)


def _tensor_arguments(node: object) -> object:
    """The arguments of the call that rebuilds a tensor, through those that rebuild a Parameter."""
    while isinstance(node, Built) and isinstance(node.args, tuple) and node.args:
        if not isinstance(node.maker, Global):
            return None
        if node.maker in TENSORS:
            return node.args
        if node.maker not in PARAMETERS:
            return None
        node = node.args[0]
    return None


def _check_layout(
    name: str, offset: int, size: tuple[Any, ...], stride: tuple[Any, ...], numel: int
) -> None:
    """A CheckpointError unless the tensor has elements and all of them lie in its storage."""
    whole = all(type(n) is int and n >= 0 for n in (offset, *size, *stride))
    if not whole or len(size) != len(stride) or len(size) > MAX_DIMENSIONS:
        raise CheckpointError(f'{name!a} has an impossible shape')
    last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    if 0 in size or last >= numel or math.prod(size) > numel:
        raise CheckpointError(f'{name!a} is not within its storage')
