"""Text of one line stays one line, wherever it comes from.

A browser's input of one line sends no line breaks, but other programs can; and a line break in a name or a title would
break a sentence of the county's letters.
"""

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django import forms
from django.db import models

# Line breaks of every kind, tabs and other controls, with the blanks around them.
_BREAK = re.compile(r"[ \u3000]*[\x00-\x1f\x7f\x85\u2028\u2029]+[ \u3000]*")


def one_line(text: str) -> str:
    """Return the text with each line break as a blank, trimmed; other blanks stay as they are."""
    return _BREAK.sub(" ", text).strip(" ")


class OneLineField(forms.CharField):
    """A form's text of one line."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return one_line(text) if isinstance(text, str) else text


class OneLineEmailField(forms.EmailField):
    """A form's e-mail address; an address with any kind of line break in it is invalid."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return one_line(text) if isinstance(text, str) else text


def keep_lines(tables: Iterable[type[models.Model]]) -> None:
    """Keep line breaks out of these tables' one-line text from now on: saved, made in bulk or updated.

    E-mail addresses are included: a mail's head is made of lines. The columns stay plain, so that expressions may mix
    them with others.
    """
    for table in tables:
        for field in table._meta.local_fields:
            if type(field) in (models.CharField, models.EmailField) and not field.choices:
                # Methods of this one column, before those of its class.
                field.get_prep_value = _of_one_line(field.get_prep_value)  # type: ignore[method-assign, assignment]  # as said
            if type(field) is models.EmailField:
                field.formfield = partial(field.formfield, form_class=OneLineEmailField)  # type: ignore[method-assign]  # as said


def _of_one_line(prepare: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def prepared(value: Any) -> Any:
        text = prepare(value)
        return one_line(text) if isinstance(text, str) else text

    return prepared
