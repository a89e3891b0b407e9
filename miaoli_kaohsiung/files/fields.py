"""Form fields whose files have passed the gate when the form is valid, and the input that every upload shares.

With static/js/upload.js a file is sent when it is chosen: a paper of a case to the case at once (PapersForm), the file
of any other form to be held until that form is sent (CheckedFileField). Without the script the form carries its files.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import messages, services
from .gate import KINDS, taken_for

_PHOTOS = {"jpeg", "png"}
MOST_FILES = 20


class HeldFile(str):
    """The token of a file that was sent when it was chosen."""

    __slots__ = ()


class UploadInput(forms.FileInput):
    """One file: chosen now, or held since it was chosen."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-upload": "", "data-shrink": "", "class": "form-control", **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if name in files:
            return files.get(name)
        token = data.get(f"{name}-held", "")
        return HeldFile(token) if token and not data.get(f"{name}-drop") else None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and f"{name}-held" not in data

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> Any:
        chosen = super().render(name, None, {"data-hold-url": reverse("upload-hold"), **(attrs or {})}, renderer)
        held = services.held(value) if isinstance(value, HeldFile) else None
        return chosen + render_to_string("files/_held.html", {"name": name, "held": held})


class OpenUploadInput(UploadInput):
    """One file of somebody without an account: no script sends it before its form."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for name in ("data-upload", "data-shrink"):
            del self.attrs[name]

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> Any:
        return super().render(name, value, {"data-hold-url": None, **(attrs or {})}, renderer)


class PapersInput(forms.FileInput):
    """Any number of files of one paper. `data-papers-url` receives what the script sends on choosing."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-upload": "", "data-shrink": "", "class": "form-control", **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class _Limited:
    """States its limits beforehand: the help text, `accept`, and `data-max-bytes` for the script that shrinks phone
    photos.
    """

    kinds: tuple[str, ...]

    @property
    def _limits(self) -> str:
        return _("可上傳%(kinds)s檔，每個不超過 %(limit)s。") % {
            "kinds": messages.taken_in_words(self.kinds),
            "limit": filesizeformat(settings.MAX_UPLOAD_BYTES),
        }

    def _input_attrs(self) -> dict[str, str]:
        values = {
            "accept": ",".join(kind.endings for kind in taken_for(self.kinds)),
            "data-max-bytes": str(settings.MAX_UPLOAD_BYTES),
            "data-kinds": ",".join(self.kinds),
        }
        return values | ({"data-camera": ""} if _PHOTOS.intersection(self.kinds) else {})


class CheckedFileField(_Limited, forms.FileField):
    """Cleans to a services.Checked, or a services.Held that was sent on choosing: both are ready for services.store. A
    refused file is an error at this field.
    """

    widget = UploadInput
    default_error_messages = {"required": gettext_lazy("請選擇檔案。")}

    def __init__(self, *, kinds: tuple[str, ...] = KINDS, **kwargs: Any) -> None:
        self.kinds = kinds
        kwargs.setdefault("help_text", self._limits)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {**super().widget_attrs(widget), **self._input_attrs()}

    def to_python(self, data: Any) -> Any:
        """Let empty and oversize files through to the gate, whose messages say more than Django's."""
        return None if data in self.empty_values else data

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what the input shows again: a held file; a file that the browser sent cannot be shown."""
        return data if isinstance(data, HeldFile) else initial

    def clean(self, data: Any, initial: Any = None) -> Any:
        if isinstance(data, HeldFile):
            return self._held(data)
        cleaned = super().clean(data, initial)
        return services.check(cleaned, self.kinds) if cleaned is data and cleaned else cleaned

    def _held(self, token: HeldFile) -> services.Held:
        waiting = services.held(token)
        if waiting is None:
            raise ValidationError(_("找不到剛才選的檔案，請再選一次。"), code="held_gone")
        if waiting.content_type not in {services.CONTENT_TYPES[kind] for kind in self.kinds}:
            raise ValidationError(messages.refusal("kind", self.kinds), code="kind")
        return waiting


def hold_files(form: forms.Form, actor: Any) -> None:
    """Hold the good files of a form that was refused for another reason, so that nobody has to choose them again."""
    if not form.is_bound or not hasattr(form, "cleaned_data"):
        return
    data: Any = form.data
    data = data.copy()
    for name, field in form.fields.items():
        checked = form.cleaned_data.get(name) if isinstance(field, CheckedFileField) else None
        if isinstance(checked, services.Checked):
            data[f"{form.add_prefix(name)}-held"] = str(services.hold(checked, actor=actor).pk)
            sent: Any = form.files.copy()
            sent.pop(form.add_prefix(name))
            form.files = sent
    form.data = data


class PapersField(_Limited, forms.FileField):
    """Any number of files of one paper. Cleans to a pair: what passed, and the messages about what did not."""

    widget = PapersInput

    def __init__(self, *, kinds: tuple[str, ...] = KINDS, **kwargs: Any) -> None:
        self.kinds = kinds
        kwargs.setdefault("help_text", self._limits)
        super().__init__(required=False, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {**super().widget_attrs(widget), **self._input_attrs(), "multiple": "multiple"}

    def clean(self, data: Any, initial: Any = None) -> tuple[list[services.Checked], list[str]]:
        passed, problems = [], []
        for upload in data or ():
            try:
                passed.append(self._checked(upload))
            except ValidationError as refused:
                problems += [_("「%(name)s」：%(why)s") % {"name": upload.name, "why": why} for why in refused.messages]
        return passed, problems

    def _checked(self, upload: "UploadedFile[Any]") -> services.Checked:
        return services.check(upload, self.kinds)


class PapersForm(forms.Form):
    """The papers of a page, several files each: `passed` has those that may be kept, even if others failed.

    `kinds` are (code, name); those of `noted` have a line to say what the file is. `owner` is the id of the form
    element that carries the files, if the inputs are outside it.
    """

    def __init__(
        self, *args: Any, kinds: list[tuple[str, str]], noted: tuple[str, ...] = (), owner: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.passed: list[tuple[str, services.Checked, str]] = []
        self.kinds = dict(kinds)
        for code, name in kinds:
            self.fields[f"upload-{code}"] = PapersField(label=name)
            if code in noted:
                self.fields[f"note-{code}"] = forms.CharField(label=_("這是什麼文件？"), max_length=120, required=False)
                self.fields[f"note-{code}"].widget.attrs |= {"class": "form-control", "data-upload-note": ""}
        for field in self.fields.values() if owner else ():
            field.widget.attrs["form"] = owner

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code in self.kinds:
            passed, problems = cleaned.get(f"upload-{code}") or ([], [])
            self.passed += [(code, checked, cleaned.get(f"note-{code}", "")) for checked in passed]
            if problems:
                self.add_error(f"upload-{code}", problems)
        return cleaned

    def send_to(self, code: str, url: str) -> None:
        """Set the address to which the script sends the files of this paper."""
        self.fields[f"upload-{code}"].widget.attrs["data-papers-url"] = url

    def upload(self, code: str) -> forms.BoundField:
        return self[f"upload-{code}"]

    def note(self, code: str) -> forms.BoundField | None:
        return self[f"note-{code}"] if f"note-{code}" in self.fields else None
