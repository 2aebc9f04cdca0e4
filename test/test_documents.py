"""YAML and JSON of others: plain values, or a ValueError of one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastdepth_ros.documents import (
    MOST_YAML,
    parse_json,
    parse_yaml,
    parse_yaml_documents,
    read_json,
    read_yaml,
)

LAUGHS = 'a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n' + ''.join(
    f'a{i}: &a{i} [{", ".join([f"*a{i - 1}"] * 10)}]\n' for i in range(1, 10)
)


def test_plain_values_come_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / 'a.yaml'
    path.write_text('a: [1, 2.5, x]\nb: &b {c: true}\nd: *b\n')
    assert read_yaml(path) == {'a': [1, 2.5, 'x'], 'b': {'c': True}, 'd': {'c': True}}
    path.write_text('{"a": [1, 2.5, null], "ü": NaN}', encoding='utf-8')
    assert read_json(path)['a'] == [1, 2.5, None]
    assert parse_yaml_documents('a: 1\n---\nb: 2\n') == [{'a': 1}, {'b': 2}]


@pytest.mark.parametrize(
    'text',
    [
        LAUGHS,
        '&a [*a]',
        '[' * 5000,
        '!!int ""',
        '!!timestamp x',
        '!!bool 7',
        '!!float .',
        '!!python/object/apply:os.system [ls]',
        '0x_',
        '2001-99-99',
        '1:' * 3000 + '1',
        f'-0x{"f" * 5000}',
        '{[a]: b}',
        '"\\ud800"',
        'a: b: c',
        '\0',
    ],
)
def test_yaml_that_is_no_plain_value_of_bounded_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match='.') as error:
        parse_yaml(text)
    assert '\n' not in str(error.value)


@pytest.mark.parametrize(
    'text', ['', '[' * 100_000, '{"a":' * 5000, str(10**400), '"\\ud800"', b'\xff\xfe', '1' * 9999]
)
def test_so_is_json(text: str) -> None:
    with pytest.raises(ValueError, match='.'):
        parse_json(text)


def test_a_huge_yaml_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / 'a.yaml'
    path.write_bytes(b'#' * (MOST_YAML + 1))
    with pytest.raises(ValueError, match='more than 262144 bytes'):
        read_yaml(path)


def test_what_is_no_text_is_a_value_error(tmp_path: Path) -> None:
    path = tmp_path / 'a.yaml'
    path.write_bytes(b'\xff\xfe\x00')
    with pytest.raises(ValueError, match='decode'):
        read_yaml(path)
