"""Forms that ask back: an unusual value is neither refused nor ignored; the person confirms it or writes why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 200
# The end of a question that is answered with a tick.
CONFIRM = _("請確認後打勾，再按一次。")


class AsksBack(forms.BaseForm):
    """Mixin of a form. A clean method calls `ask`; the question then stands at the field, with one more field below it
    for the answer. `answers` holds the answers, by field; they are not in `cleaned_data`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers: dict[str, str] = {}
        self._below: dict[str, tuple[str, forms.Field]] = {}

    def full_clean(self) -> None:
        """Add the further fields at the end, because until then the fields are iterated over."""
        super().full_clean()
        fields = dict(self.fields)
        self.fields.clear()
        for name, field in fields.items():
            self.fields[name] = field
            if below := self._below.get(name):
                self.fields[below[0]] = below[1]

    def ask(self, field: str, question: Any, *, reason: bool = False, known: str = "") -> bool:
        """Return whether the question about a field is answered; if not, add it as an error at the field.

        With `reason` the answer is a sentence (`known` is one that was given before), otherwise a tick.
        """
        name = f"{'why' if reason else 'sure'}_{field}"
        answer = str(self.data.get(self.add_prefix(name), known)).replace("\x00", "").strip()[:LONGEST_REASON]
        self._below[field] = (name, _reason_field() if reason else _tick())
        self.initial.setdefault(name, known)
        if answer:
            self.answers[field] = answer
            return True
        self.add_error(field, question)
        return False


def _reason_field() -> forms.Field:
    return forms.CharField(
        label=_("為什麼不同？"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("寫一句就可以；核付和撥款的同仁會看到。"),
    )


def _tick() -> forms.Field:
    return forms.BooleanField(label=_("我確認過了，沒有錯"), required=False)
