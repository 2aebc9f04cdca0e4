"""The one exception for mistakes that a user can mend."""

from __future__ import annotations

from collections.abc import Iterable


class UserError(Exception):
    """A mistake in what the user gave: one line that names it, what is allowed and what to do.

    Commands print it as `error: ...` and exit with 2; the node logs it.
    """


def check_choice(what: str, value: str, allowed: Iterable[str]) -> str:
    """Returns `value`, or raises a UserError that lists what is allowed."""
    allowed = tuple(allowed)
    if value not in allowed:
        raise UserError(f"unknown {what} '{value}': choose one of {', '.join(allowed)}")
    return value
