"""Reads a pickle as data: nothing in it is imported, called or compared, whatever it says.

`pickle.Unpickler` with a harmless `find_class` is not enough for a foreign file: 13 bytes (a memo
index) make it fill a gigabyte, and hashing a deeply nested tuple ends the process. So the opcodes
that `pickletools` decodes are carried out here on plain lists, dicts and the three records below.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

# A checkpoint of FastDepth has 10 to 20 thousand opcodes. The limit bounds the memory that a file
# can ask for: every opcode makes at most one small object, or copies bytes that the file has.
MAX_OPCODES = 1_000_000


class PickleError(ValueError):
    """The bytes are not a whole pickle of protocol 2 or later, or use what no checkpoint needs."""


@dataclass(frozen=True)
class Global:
    """The name of a class or function: only ever a name."""

    module: str
    name: str


@dataclass(eq=False)
class Built:
    """What a pickle would have made by calling `maker`: its arguments and what was put in it."""

    maker: object
    args: object
    state: object = None
    items: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class PersistentId:
    """A reference to something outside the pickle (PyTorch: a storage, or a class)."""

    value: object


@dataclass(frozen=True)
class Loaded:
    """The pickled value and every persistent id that it names, in the file's order."""

    value: object
    persistent_ids: list[PersistentId]


def load(stream: BinaryIO) -> Loaded:
    """Reads one pickle and leaves `stream` behind it; `stream` is a BytesIO, whose reads are safe.

    Sets come as lists, and dicts keep only their entries with a str key, so that no value of the
    file is hashed. Raises PickleError.
    """
    machine = _Machine()
    try:
        for count, (opcode, arg, _) in enumerate(pickletools.genops(stream)):
            if count >= MAX_OPCODES:
                raise PickleError(f'a pickle has more than {MAX_OPCODES} opcodes')
            machine.step(opcode.name, arg)
        return Loaded(machine.stack.pop(), machine.persistent_ids)
    except PickleError:
        raise
    except IndexError as error:
        raise PickleError('a pickle takes what is not on its stack') from error
    except ValueError as error:  # from pickletools: bytes are missing or are no opcode
        where = stream.tell()
        raise PickleError(f'a pickle ends early or is garbled before byte {where}') from error


LITERALS = {'LONG1', 'LONG4', 'BININT', 'BININT1', 'BININT2', 'BINFLOAT', 'BINUNICODE8'} | {
    f'{short}BIN{kind}' for short in ('', 'SHORT_') for kind in ('STRING', 'UNICODE', 'BYTES')
}
CONSTANTS = {'NONE': None, 'NEWTRUE': True, 'NEWFALSE': False, 'EMPTY_TUPLE': ()}
CONTAINERS: dict[str, Callable[[], object]] = {
    'EMPTY_DICT': dict,
    'EMPTY_LIST': list,
    'EMPTY_SET': list,
}
TUPLES = {'TUPLE1': 1, 'TUPLE2': 2, 'TUPLE3': 3}
IGNORED = {'PROTO', 'FRAME', 'STOP'}


class _Machine:
    """The pickle stack machine, one opcode a step."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.persistent_ids: list[PersistentId] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def step(self, name: str, arg: Any) -> None:
        if name in LITERALS:
            self.stack.append(arg)
        elif name in CONSTANTS:
            self.stack.append(CONSTANTS[name])
        elif name in CONTAINERS:
            self.stack.append(CONTAINERS[name]())
        elif name in TUPLES:
            self.stack.append(tuple(self._pop_many(len(self.stack) - TUPLES[name])))
        elif name in ACTIONS:
            ACTIONS[name](self, arg)
        elif name not in IGNORED:
            raise PickleError(f'a pickle uses the opcode {name}, which no checkpoint needs')

    def _pop_many(self, start: int) -> list[Any]:
        if start < 0:
            raise IndexError(start)
        values = self.stack[start:]
        del self.stack[start:]
        return values

    def _pop_to_mark(self) -> list[Any]:
        return self._pop_many(self._marks.pop())

    def mark(self, _: None) -> None:
        self._marks.append(len(self.stack))

    def make_tuple(self, _: None) -> None:
        self.stack.append(tuple(self._pop_to_mark()))

    def append(self, _: None) -> None:
        self._extend(self._pop_many(len(self.stack) - 1))

    def extend(self, _: None) -> None:
        self._extend(self._pop_to_mark())

    def _extend(self, values: list[Any]) -> None:
        target = self.stack[-1]
        if isinstance(target, list):
            target.extend(values)
        elif not isinstance(target, Built):  # a list's subclass: nothing of ours is in one
            raise PickleError('a pickle appends to what is no list')

    def set_item(self, _: None) -> None:
        self._set(self._pop_many(len(self.stack) - 2))

    def set_items(self, _: None) -> None:
        self._set(self._pop_to_mark())

    def _set(self, values: list[Any]) -> None:
        target = self.stack[-1]
        items = target.items if isinstance(target, Built) else target
        if not isinstance(items, dict) or len(values) % 2:
            raise PickleError('a pickle sets items of what is no dict')
        pairs = zip(values[::2], values[1::2], strict=True)
        items.update((key, value) for key, value in pairs if type(key) is str)

    def put(self, index: int) -> None:
        self._memo[index] = self.stack[-1]

    def memoize(self, _: None) -> None:
        self.put(len(self._memo))

    def get(self, index: int) -> None:
        if index not in self._memo:
            raise PickleError(f'a pickle repeats value {index}, which it does not have')
        self.stack.append(self._memo[index])

    def name_global(self, names: str) -> None:
        self.stack.append(Global(*names.split(' ', 1)))

    def name_stack_global(self, _: None) -> None:
        module, name = self._pop_many(len(self.stack) - 2)
        if not (type(module) is str and type(name) is str):
            raise PickleError('a pickle names a class by what is no text')
        self.stack.append(Global(module, name))

    def build(self, _: None) -> None:
        maker, args = self._pop_many(len(self.stack) - 2)
        self.stack.append(Built(maker, args))

    def set_state(self, _: None) -> None:
        state = self.stack.pop()
        if not isinstance(self.stack[-1], Built):
            raise PickleError('a pickle gives a state to what is no object')
        self.stack[-1].state = state

    def refer(self, _: None) -> None:
        self.persistent_ids.append(PersistentId(self.stack.pop()))
        self.stack.append(self.persistent_ids[-1])


ACTIONS: dict[str, Callable[[_Machine, Any], None]] = {
    'MARK': _Machine.mark,
    'TUPLE': _Machine.make_tuple,
    'APPEND': _Machine.append,
    'APPENDS': _Machine.extend,
    'ADDITEMS': _Machine.extend,
    'SETITEM': _Machine.set_item,
    'SETITEMS': _Machine.set_items,
    'BINPUT': _Machine.put,
    'LONG_BINPUT': _Machine.put,
    'MEMOIZE': _Machine.memoize,
    'BINGET': _Machine.get,
    'LONG_BINGET': _Machine.get,
    'GLOBAL': _Machine.name_global,
    'STACK_GLOBAL': _Machine.name_stack_global,
    'REDUCE': _Machine.build,
    'NEWOBJ': _Machine.build,
    'BUILD': _Machine.set_state,
    'BINPERSID': _Machine.refer,
}
