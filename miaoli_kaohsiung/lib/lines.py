"""Text of one line stays one line, wherever it comes from.

A browser's input of one line sends no line breaks, but not everything that posts is a browser; and a line break in a name
or a title ends a sentence of the county's letters.
"""

import re
from typing import Any

from django import forms
from django.db import models

# Line breaks of every kind, tabs and other controls, with the blanks around them.
_BREAK = re.compile(r"[ \u3000]*[\x00-\x1f\x7f\x85\u2028\u2029]+[ \u3000]*")


def one_line(text: str) -> str:
    """The text with each line break as a blank, its ends trimmed; other blanks stay as they are."""
    return _BREAK.sub(" ", text).strip(" ")


class LineField(models.CharField):
    """A column of one line. To the database, and to migrations, a CharField like any other."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return one_line(prepared) if isinstance(prepared, str) else prepared

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str) and type(value) is str and (line := one_line(value)) != value:
            setattr(model_instance, self.attname, line)
            return line
        return value

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class OneLineField(forms.CharField):
    """A form's text of one line."""

    def to_python(self, value: Any) -> Any:
        return one_line(super().to_python(value))
