"""A UserError is one line that can be printed, whatever it quotes."""

import pickle

import pytest

from fastdepth_ros.errors import LONGEST, UserError


@pytest.mark.parametrize(
    ('text', 'shown'),
    [
        ("no file 'a b'", "no file 'a b'"),
        ('two\nlines\tand  more', 'two lines and more'),
        ("encoding '\x1b[31m\0'", r"encoding '\x1b[31m\x00'"),
        ('half of a pair: \udc80', r'half of a pair: \udc80'),
        ('m² über 深', 'm² über 深'),
    ],
)
def test_what_cannot_be_shown_is_escaped(text: str, shown: str) -> None:
    assert str(UserError(text)) == shown
    str(UserError(text)).encode()


def test_of_a_long_one_the_start_and_the_remedy_stay() -> None:
    text = str(UserError('first ' + 'x' * 10**6 + ' do this'))
    assert len(text) < 1.5 * LONGEST
    assert text.startswith('first')
    assert text.endswith('do this')


def test_it_comes_back_from_another_process() -> None:
    assert str(pickle.loads(pickle.dumps(UserError('a\nb')))) == 'a b'  # noqa: S301 our own
