"""A pickle is data: nothing in it is imported, called, hashed or believed."""

from __future__ import annotations

import io
import os
import pickle
import tracemalloc
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest

from fastdepth_ros.network import inert_pickle
from fastdepth_ros.network.inert_pickle import Built, Global, PickleError

PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)
PLAIN = {
    'numbers': [0, -1, 255, 65536, -(2**40), 2**100, 0.5],
    'texts': ('', 'a', 'é' * 300, b'', b'\x00\xff' * 300),
    'flags': [None, True, False],
    'tuples': [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
    'nested': {'list': [[], [[1]]], 'dict': {}},
}


def load(data: bytes) -> Any:
    return inert_pickle.load(io.BytesIO(data)).value


class Evil:
    """Pickles as a call of `function`."""

    def __init__(self, function: object, *args: object) -> None:
        self.call = (function, args)

    def __reduce__(self) -> Any:
        return self.call


class Plain:
    pass


@pytest.mark.parametrize('protocol', PROTOCOLS)
def test_plain_data_comes_back_as_it_was(protocol: int) -> None:
    if protocol == 2:  # bytes come as a call there
        texts = tuple(t for t in PLAIN['texts'] if isinstance(t, str))
        expected: dict[str, Any] = {**PLAIN, 'texts': texts}
    else:
        expected = PLAIN
    assert load(pickle.dumps(expected, protocol)) == expected


@pytest.mark.parametrize('protocol', PROTOCOLS)
def test_an_object_is_its_class_name_and_state(protocol: int) -> None:
    value = Plain()
    value.__dict__.update(x=1, again=[value])
    found = load(pickle.dumps(value, protocol))
    assert isinstance(found, Built)
    assert found.maker == Global(Plain.__module__, 'Plain')
    assert isinstance(found.state, dict)
    assert found.state['x'] == 1
    assert found.state['again'][0] is found


@pytest.mark.parametrize('protocol', PROTOCOLS)
def test_an_ordered_dict_keeps_its_items(protocol: int) -> None:
    found = load(pickle.dumps(OrderedDict(b=1, a=2), protocol))
    assert found.maker == Global('collections', 'OrderedDict')
    assert list(found.items.items()) == [('b', 1), ('a', 2)]


@pytest.mark.parametrize('protocol', PROTOCOLS)
def test_a_set_comes_as_a_list_or_as_a_call(protocol: int) -> None:
    found = load(pickle.dumps({'x'}, protocol))
    assert found == ['x'] if protocol >= 4 else found.args == (['x'],)


@pytest.mark.parametrize('protocol', PROTOCOLS)
@pytest.mark.parametrize('function', [os.system, os.mkdir, eval, exec, getattr, __import__])
def test_nothing_is_called(protocol: int, function: object, tmp_path: Path) -> None:
    trap = tmp_path / 'trap'
    arguments: dict[object, str] = {
        os.system: f'mkdir {trap}',
        os.mkdir: str(trap),
        eval: f'__import__("os").mkdir({str(trap)!r})',
        exec: f'import os; os.mkdir({str(trap)!r})',
    }
    argument = arguments.get(function, 'os')
    data = pickle.dumps([Evil(function, argument)], protocol)
    [found] = load(data)
    assert isinstance(found, Built)
    assert found.args == (argument,)
    assert not trap.exists()
    if function in arguments:  # the trap is a real one
        pickle.loads(data)  # noqa: S301
        assert trap.exists()


def test_keys_that_are_no_text_are_left_out() -> None:
    assert load(pickle.dumps({'a': 1, 2: 3, (4, 5): 6, None: 7})) == {'a': 1}


def test_loading_stops_behind_the_pickle() -> None:
    stream = io.BytesIO(pickle.dumps('first') + pickle.dumps('second') + b'rest')
    assert inert_pickle.load(stream).value == 'first'
    assert inert_pickle.load(stream).value == 'second'
    assert stream.read() == b'rest'


BAD = {
    'empty': (b'', 'ends early'),
    'no stop': (b'\x80\x02}', 'ends early'),
    'no opcode': (b'\x80\x02\xff.', 'garbled'),
    'text too short': (b'\x80\x02X\xff\xff\xff\x7fab.', 'ends early'),
    'huge text': (b'\x80\x04\x8d' + b'\xff' * 8 + b'.', 'ends early'),
    'empty stack': (b'\x80\x02.', 'not on its stack'),
    'too small a stack': (b'\x80\x02}\x86.', 'not on its stack'),
    'no mark': (b'\x80\x02}e.', 'not on its stack'),
    'nothing to keep': (b'\x80\x02q\x00.', 'not on its stack'),
    'unknown memo': (b'\x80\x02h\x07.', 'repeats value 7'),
    'append to a text': (b'\x80\x02U\x01aK\x01a.', 'appends to what is no list'),
    'item of a list': (b'\x80\x02]U\x01aK\x01s.', 'sets items of what is no dict'),
    'odd items': (b'\x80\x02}(U\x01au.', 'sets items of what is no dict'),
    'state of a list': (b'\x80\x02]}b.', 'gives a state to what is no object'),
    'class named by a number': (b'\x80\x04K\x01K\x02\x93.', 'names a class by what is no text'),
    'protocol 0': (b"(dp0\nS'a'\np1\nI1\ns.", 'opcode DICT'),
    'registered extension': (b'\x80\x02\x82\x01.', 'opcode EXT1'),
    'buffer outside': (b'\x80\x05\x97.', 'opcode NEXT_BUFFER'),
}


@pytest.mark.parametrize(('data', 'message'), BAD.values(), ids=BAD.keys())
def test_a_garbled_pickle_is_an_error_that_says_why(data: bytes, message: str) -> None:
    with pytest.raises(PickleError, match=message):
        load(data)


def test_a_huge_memo_index_takes_no_memory() -> None:
    tracemalloc.start()
    try:
        assert load(b'\x80\x02}r\xff\xff\xff\xff.') == {}
        assert tracemalloc.get_traced_memory()[1] < 1e6
    finally:
        tracemalloc.stop()


def test_a_deep_tuple_as_key_is_never_hashed() -> None:
    assert load(b'\x80\x02})' + b'\x85' * 500_000 + b'K\x01s.') == {}


def test_the_number_of_opcodes_is_limited() -> None:
    with pytest.raises(PickleError, match='more than 1000000 opcodes'):
        load(b'\x80\x02' + b'}' * inert_pickle.MAX_OPCODES + b'.')
