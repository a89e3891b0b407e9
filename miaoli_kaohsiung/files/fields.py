"""A form field whose file has been through the gate when the form is valid."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from . import messages, services
from .gate import KINDS

_ACCEPT = {"pdf": ".pdf", "jpeg": ".jpg,.jpeg", "png": ".png", "odt": ".odt", "ods": ".ods"}


class CheckedFileField(forms.FileField):
    """Cleans to a services.Checked, ready for services.store; a refused file is an error at this field.

    Says its limits before: the help text, `accept`, and `data-max-bytes` for the script that shrinks phone photos.
    """

    def __init__(self, *, kinds: tuple[str, ...] = KINDS, **kwargs: Any) -> None:
        self.kinds = kinds
        kwargs.setdefault("help_text", self._limits)
        super().__init__(**kwargs)

    @property
    def _limits(self) -> str:
        return _("可上傳%(kinds)s檔，每個不超過 %(limit)s。") % {
            "kinds": messages.kinds_in_words(self.kinds),
            "limit": filesizeformat(settings.MAX_UPLOAD_BYTES),
        }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        accept = ",".join(_ACCEPT[kind] for kind in self.kinds)
        return {**super().widget_attrs(widget), "accept": accept, "data-max-bytes": str(settings.MAX_UPLOAD_BYTES)}

    def to_python(self, data: Any) -> Any:
        """Let empty and oversize files through to the gate, whose sentences say more than Django's."""
        return None if data in self.empty_values else data

    def clean(self, data: Any, initial: Any = None) -> Any:
        cleaned = super().clean(data, initial)
        return services.check(cleaned, self.kinds) if cleaned is data and cleaned else cleaned
