"""Texts that are printed: a character that no font can draw is refused when it is typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from . import pdf


def validate_printable(text: str) -> None:
    """Raise ValidationError naming the characters that no document could show. Without fonts no text is refused: such a
    machine prints nothing.
    """
    try:
        lost = pdf.missing_glyphs(text)
    except pdf.UnavailableError:
        return
    if lost:
        raise ValidationError(pdf.unprintable_in_words(lost), code="unprintable")


class Printed(forms.BaseForm):
    """A form whose texts go into letters, receipts or forms on paper: they are checked before anything else."""

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]  # of Django, not in its types
        for name, value in list(self.cleaned_data.items()):
            for text in _texts(value):
                try:
                    validate_printable(text)
                except ValidationError as refused:
                    self.add_error(name, refused)
                    break


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [part for part in value if isinstance(part, str)] if isinstance(value, (list, tuple)) else []
