"""The one exception for mistakes that a user can mend."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 1000  # characters of a message


class UserError(Exception):
    """A mistake in what the user gave: one line that names it, what is allowed and what to do.

    Commands print it as `error: ...` and exit with 2; the node logs it. What it quotes of a
    damaged file can be anything: it is kept to one line of printable characters.
    """

    skippable = True  # by --skip-bad, where it is of one frame among many

    def __init__(self, text: str) -> None:
        super().__init__(one_line(text))


def one_line(text: str) -> str:
    """The text without line breaks and control characters, its middle left out if it is long."""
    if not text.isprintable():
        text = ''.join(c if c.isprintable() else ascii(c)[1:-1] for c in ' '.join(text.split()))
    if len(text) > LONGEST:
        text = f'{text[: LONGEST // 2]} [...] {text[-LONGEST // 3 :]}'
    return text


def check_choice(what: str, value: str, allowed: Iterable[str]) -> str:
    """Returns `value`, or raises a UserError that lists what is allowed."""
    allowed = tuple(allowed)
    if value not in allowed:
        raise UserError(f"unknown {what} '{value}': choose one of {', '.join(allowed)}")
    return value


def check_range(what: str, value: float | None, low: float, high: float, unit: str) -> None:
    """A UserError for a value beyond `low` or `high`; None is one that was not given."""
    if value is not None and not low <= value <= high:
        raise UserError(f'{what} is {value:g}: {low:g} to {high:g} {unit} are allowed')
