"""Cells of the tables for people."""

from __future__ import annotations


def cell(value: float | None, form: str) -> str:
    """The figure in this format; '-' where it was not measured."""
    return '-' if value is None else format(value, form)
