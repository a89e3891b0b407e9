"""Forms that ask back: an unusual value is neither refused nor ignored; the person confirms it or writes why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 200
# Label and help of the reason why something stands otherwise than elsewhere, and of the proof that it is right.
DIFFERS = (_("為什麼不同？"), _("寫一句就可以；核付和撥款的同仁會看到。"))
PROOF = (_("依據"), _("寫一句就可以，例如證書或通知書上就是這樣寫；確認的同仁會看到。"))
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

    def ask(self, field: str, question: Any, *, reason: tuple[Any, Any] | None = None, known: str = "") -> bool:
        """Return whether the question about a field is answered; if not, add it as an error at the field.

        With `reason`, its label and help, the answer is a sentence (`known` is one that was given before), otherwise a tick.
        """
        name = f"{'why' if reason else 'sure'}_{field}"
        answer = str(self.data.get(self.add_prefix(name), known)).replace("\x00", "").strip()[:LONGEST_REASON]
        self._below[field] = (name, _reason_field(*reason) if reason else _tick())
        self.initial.setdefault(name, known)
        if answer:
            self.answers[field] = answer
            return True
        self.add_error(field, question)
        return False


def _reason_field(label: Any, help_text: Any) -> forms.Field:
    return forms.CharField(label=label, max_length=LONGEST_REASON, required=False, help_text=help_text)


def _tick() -> forms.Field:
    return forms.BooleanField(label=_("我確認過了，沒有錯"), required=False)
