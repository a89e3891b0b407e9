"""Whether a post takes a field that its page does not offer (R13): for the tests that press every button."""

import re
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.test import Client

from tests.recorded import WRITES, Pressed, press

OURS = ("miaoli_kaohsiung", "communities", "grants", "evaluation")
TEXT, NUMBER, DAY = "zqundeclared", "987654321", "2011-11-11"
# What differs from one post to the next without anybody's doing: times, keys, names that are drawn, the numbers of new rows.
NUMBERS = re.compile(r"\d[\d:.+-]*")
TEXTS = re.compile(r"'((?:[^']|'')*)'")


@cache
def fields_of_all_models() -> dict[str, str]:
    """The name of every field of the project's models, each with a value that it could hold."""
    found = {}
    for model in apps.get_models():
        if model.__module__.partition(".")[0] in OURS:
            for field in model._meta.concrete_fields:
                found[field.name] = found[field.attname] = _value(field)
    return found


def _value(field: "models.Field[Any, Any]") -> str:
    if field.choices:
        return str([*field.flatchoices][-1][0])
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateField):
        return DAY
    return TEXT if isinstance(field, models.CharField | models.TextField) else NUMBER


def taken(client: Client, url: str, fields: dict[str, str], offered: set[str], pressed: Pressed) -> list[str]:
    """The statements that a successful post, which was `pressed`, writes otherwise when it brings every field of every model
    beyond those offered.
    """
    status, plain = _writes(pressed)
    if status >= 400 or not plain:
        return []
    beyond = {name: value for name, value in fields_of_all_models().items() if name not in offered}
    also_status, more = _writes(press(client, url, beyond | fields))
    if (also_status, [_lasting(sql) for sql in more]) == (status, [_lasting(sql) for sql in plain]):
        return [sql for sql in more if TEXT in sql or NUMBER in sql]
    return [f"{status} → {also_status}", *(sql for sql in more if _lasting(sql) not in map(_lasting, plain))]


def _writes(pressed: Pressed) -> Pressed:
    status, statements = pressed
    return status, [sql for sql in statements if sql.startswith(WRITES)]


def _lasting(sql: str) -> str:
    """The statement without its texts and numbers, but with those texts that were brought."""
    brought = {*fields_of_all_models().values()}
    return NUMBERS.sub("", TEXTS.sub(lambda text: text[0] if text[1] in brought else "''", sql))
