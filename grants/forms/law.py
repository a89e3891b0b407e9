"""The search in the law, and the files of a law that a county files as data."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext_lazy as _

from grants.rules.filed.checking import MOST_ALL
from grants.rules.filed.shape import FILES
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import RocDateField
from miaoli_kaohsiung.lib.lines import OneLineField

MOST_IN_ZIP = 20


class LawSearchForm(forms.Form):
    """A plain GET form; left empty it shows the whole law of today."""

    q = forms.CharField(label=_("找條文或字詞"), required=False, max_length=60)
    on = RocDateField(label=_("哪一天的規定"), required=False)

    def search(self) -> str:
        return self.cleaned_data.get("q", "") if self.is_bound and self.is_valid() else ""

    def day(self) -> dt.date:
        """Return the day asked for; today if none, or none that can be read, was given."""
        data = self.cleaned_data.get("on") if self.is_bound and self.is_valid() else None
        return data or clock.today()


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


def _field_of(name: str) -> str:
    """Return the field in which a file's text stands: rules of rules.toml."""
    return name.removesuffix(".toml")


class LawFilesForm(forms.Form):
    """The files of a law, uploaded or typed, from when they hold, and on what they rest. What was uploaded stands in the
    text fields from then on, so that a mistake is mended where it is shown.
    """

    county = forms.ChoiceField(label=_("縣"))
    uploads = forms.FileField(
        label=_("上傳檔案"),
        required=False,
        widget=_ManyFiles(attrs={"accept": ".toml,.zip"}),
        help_text=_("一個 ZIP，或幾個 .toml 檔；讀進來以後放在下面，可以直接修改。"),
    )
    starts_on = RocDateField(label=_("從哪一天起適用"))
    memo_number = OneLineField(label=_("簽文號"), max_length=60, required=False)
    reason = OneLineField(label=_("理由"), max_length=500, required=False)

    def __init__(self, *args: Any, counties: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["county"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = counties
        if len(counties) == 1:
            chosen.initial, chosen.widget = counties[0][0], forms.HiddenInput()
        for name in FILES:
            area = forms.Textarea(attrs={"rows": 12, "class": "law-file", "spellcheck": "false", "wrap": "off"})
            self.fields[_field_of(name)] = forms.CharField(label=name, required=False, strip=False, widget=area)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["files"] = {name: (data.get(_field_of(name)) or "").replace("\r\n", "\n") for name in FILES}
        return data

    def texts(self) -> list[tuple[str, forms.BoundField]]:
        """Return (file name, its field) in their order."""
        return [(name, self[_field_of(name)]) for name in FILES]


def as_fields(files: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of files by the names of their fields; files of other names are left out."""
    return {_field_of(name): text for name, text in files.items() if name in FILES}


def read_uploads(uploads: Iterable["File[Any]"]) -> tuple[dict[str, str], list[str]]:
    """Return the texts of uploaded files by name, those of a ZIP too, whatever folder they lie in, and a sentence for each
    file that cannot be one of a law; the others are read all the same.
    """
    found: dict[str, str] = {}
    problems: list[str] = []
    for upload in uploads:
        try:
            for name, content in _contents(upload):
                _take(found, name, content, problems)
        except ValidationError as refused:
            problems += refused.messages
    return found, problems


def _contents(upload: "File[Any]") -> list[tuple[str, bytes]]:
    name = str(upload.name)
    if (upload.size or 0) > MOST_ALL:
        raise ValidationError(_("%(name)s 太大，最多 %(most)d KB。") % {"name": name, "most": MOST_ALL // 1000})
    content = upload.read()
    return _unpacked(name, content) if content[:4] == b"PK\x03\x04" else [(name, content)]


def _take(found: dict[str, str], name: str, content: bytes, problems: list[str]) -> None:
    try:
        text = _decoded(name, content)
    except ValidationError as refused:
        problems += refused.messages
        return
    if found.setdefault(name, text) != text:
        problems.append(_("有兩個不同的 %(name)s，用了先讀到的那一個；請看下面的內容對不對。") % {"name": name})


def _unpacked(name: str, content: bytes) -> list[tuple[str, bytes]]:
    broken = ValidationError(_("%(name)s 打不開，請重新壓縮再上傳。") % {"name": name})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir() and not _is_clutter(member)]
            if len(members) > MOST_IN_ZIP or sum(member.file_size for member in members) > MOST_ALL:
                raise ValidationError(_("%(name)s 裡的檔案太多或太大。") % {"name": name})
            if any(member.flag_bits & 1 for member in members):
                raise ValidationError(_("%(name)s 有密碼，請不要加密。") % {"name": name})
            return [(PurePosixPath(member.filename).name, archive.read(member)) for member in members]
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise broken from error


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    """Return whether a Mac or Windows put the file into the archive by itself."""
    path = PurePosixPath(member.filename)
    return "__MACOSX" in path.parts or path.name in (".DS_Store", "Thumbs.db", "desktop.ini")


def _decoded(name: str, content: bytes) -> str:
    """Return the text of a file. One that is no file of a law is refused, so that nothing is left out unseen."""
    if name not in FILES:
        words = {"name": name, "names": "、".join(FILES)}
        raise ValidationError(_("不認得 %(name)s；檔名要是 %(names)s。") % words)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        sentence = _("%(name)s 不是 UTF-8 文字檔。用記事本開啟，另存新檔，編碼選 UTF-8，再上傳。")
        raise ValidationError(sentence % {"name": name}) from error
