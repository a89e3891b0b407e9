"""Markup put together out of very many pieces: the cells of a list, the choices of a field. Django's `format_html` asks of
each value whether it is a lazy one, which takes several times as long as escaping it.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


def escaped(value: Any) -> str:
    """Return a value as it stands in a page: what is markup already as it is, all else escaped."""
    kind = type(value)
    if kind is str:
        return escape(value)
    words: str = value if kind is SafeString else conditional_escape(value)
    return words


def filled(pattern: str, values: Iterable[Any]) -> SafeString:
    """Return what `format_html` does: the pattern, which is our own markup, with the values in its gaps."""
    return SafeString(pattern.format(*[escaped(value) for value in values]))


def joined(pieces: Iterable[Any]) -> SafeString:
    """Return the pieces as one piece of markup; what is no markup is escaped."""
    return SafeString("".join([escaped(piece) for piece in pieces]))
