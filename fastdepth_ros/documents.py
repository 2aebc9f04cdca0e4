"""YAML and JSON that others wrote: plain values of bounded size, or one reason why not.

A few hundred bytes can make PyYAML or json raise a dozen kinds of errors, end in a RecursionError,
or name by aliases more values than a machine can hold ('billion laughs').
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

MOST_YAML = 256 << 10  # bytes: PyYAML takes a second for a tenth of a megabyte
MOST_JSON = 256 << 20
MOST_VALUES = 20_000_000  # aliases counted as often as they are named
DEEPEST = 60  # of lists in lists
LARGEST = 2**63  # of whole numbers: beyond it float() and even str() may fail
# What PyYAML's constructors raise beside a YAMLError, such as for `!!bool 7` or `2001-99-99`.
FAILURES = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


def read_yaml(path: Path) -> Any:
    """The document in a YAML file. OSError; ValueError says in one line what is wrong with it."""
    return parse_yaml(read_text(path, MOST_YAML))


def parse_yaml(text: str) -> Any:
    """The one document of a YAML text. ValueError."""
    import yaml  # only here: a robot without it still runs what needs no YAML

    return _parsed(text, yaml.safe_load, yaml.YAMLError)


def parse_yaml_documents(text: str) -> list[Any]:
    """The documents of a YAML text. ValueError."""
    import yaml

    return _parsed(text, lambda text: list(yaml.safe_load_all(text)), yaml.YAMLError)


def read_json(path: Path) -> Any:
    """The value in a JSON file. OSError; ValueError says in one line what is wrong with it."""
    return parse_json(read_text(path, MOST_JSON))


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text. ValueError."""
    return _parsed(text, json.loads, json.JSONDecodeError)


def read_text(path: Path, most: int) -> str:
    """UTF-8. OSError; ValueError if it is none, or larger than `most` bytes."""
    with path.open('rb') as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f'it has more than {most} bytes')
    return data.decode()


def _parsed(text: Any, parse: Callable[[Any], Any], failure: type[Exception]) -> Any:
    try:
        value = parse(text)
    except (*FAILURES, failure) as error:
        if isinstance(error, RecursionError):
            raise ValueError('it is nested too deeply') from error
        raise ValueError(' '.join(str(error).split()) or type(error).__name__) from error
    check_plain(value)
    return value


def check_plain(value: Any) -> None:
    """A ValueError for values that ordinary code cannot be given: too many, deep or large."""
    waiting, seen = [(value, 0)], 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if seen > MOST_VALUES or depth > DEEPEST:
            raise ValueError('it is nested too deeply, or holds too many values')
        if isinstance(value, dict):
            waiting += [(item, depth + 1) for pair in value.items() for item in pair]
        elif isinstance(value, (list, tuple, set)):
            waiting += [(item, depth + 1) for item in value]
        elif isinstance(value, int) and not -LARGEST <= value < LARGEST:
            raise ValueError('it has a whole number of more than 64 bits')
        elif isinstance(value, str) and not _encodable(value):
            raise ValueError('it has text that is no Unicode')


def _encodable(text: str) -> bool:
    """No half of a surrogate pair is in it, which could not be printed."""
    return text.isascii() or not any('\ud800' <= c <= '\udfff' for c in text)
