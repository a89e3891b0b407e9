"""What the registry holds, as it stands in a cell of the list."""

from collections.abc import Callable
from typing import Any

from communities.models import OfficeTerm, Organisation
from communities.queries import township_name
from miaoli_kaohsiung.lib import roc_date


def attribute(name: str) -> Callable[[Any], str]:
    return lambda row: str(getattr(row, name))


def present(name: str) -> Callable[[Any], str]:
    """A column of places reads as today in the list, whatever it was called when it was typed."""
    return lambda body: str(body.present(name))


def number(name: str) -> Callable[[Any], str]:
    return lambda row: "" if getattr(row, name) is None else str(getattr(row, name))


def day(name: str) -> Callable[[Any], str]:
    return lambda row: "" if getattr(row, name) is None else roc_date.format_slashed(getattr(row, name))


def days(term: OfficeTerm) -> str:
    """Return both days as one cell: 99/1/1-102/12/31."""
    return f"{day('valid_from')(term)}-{day('valid_to')(term)}"


def kind(body: Organisation) -> str:
    return str(body.get_kind_display())


def status(body: Organisation) -> str:
    return str(body.get_status_display())


def township(body: Organisation) -> str:
    return township_name(body.township_id or "")
