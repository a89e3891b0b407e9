"""Forms of the counties' own data: particulars from a day on, the list of townships, a further county."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities import places
from communities.services.counties.particulars import Draft
from communities.services.counties.township_file import Reading, read, text_of
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.particulars import SAID, YEAR_MARK, Particulars
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import clock, colours, identifiers
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.fields import RocDateField
from miaoli_kaohsiung.lib.lines import OneLineEmailField, OneLineField
from miaoli_kaohsiung.lib.printable import Printed
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.lib.text import half_width

GROUPS = (
    (_l("從哪一天起"), ("starts_on",)),
    (_l("名稱與機關"), ("name", "postal_code", "street", "phone", "fax", "email")),
    (_l("署名"), ("signatory", "signatory_name", "signature", "typed", "delegation")),
    (_l("單位與公文"), ("department", "accounting", "ministry", "dispatch_word", "file_number", "retention")),
    (_l("網頁與民眾詢問"), ("accent", "help_phone", "help_hours", "help_email", "footer")),
    (_l("依據"), ("memo_number", "reason", "scan")),
)
_RETENTION = re.compile(r"[1-9]\d{0,2}年|永久")


class ParticularsForm(Printed, forms.Form):
    """What holds of a county from a day on. `county` is "" for a further one; `head` are the particulars of today."""

    starts_on = RocDateField(label=_l("生效日"), help_text=_l("從這一天起的公文和網頁都用新的資料；之前的照舊。"))
    name = OneLineField(
        label=_l("縣市名稱"), max_length=10, help_text=_l("例如：○○縣、○○市。公文抬頭是名稱加「政府」。")
    )
    postal_code = OneLineField(label=_l("郵遞區號"), max_length=6)
    street = OneLineField(label=_l("機關地址"), max_length=80, help_text=_l("不用寫縣市名稱，從鄉鎮市區寫起。"))
    phone = OneLineField(label=_l("電話"), max_length=30)
    fax = OneLineField(label=_l("傳真"), max_length=30, required=False)
    email = OneLineEmailField(
        label=_l("機關電子信箱"), required=False, help_text=_l("承辦人沒有填信箱時，公文印這一個。")
    )
    signatory = OneLineField(label=_l("署名的職銜"), max_length=10, help_text=_l("例如：縣長、市長。"))
    signatory_name = OneLineField(
        label=_l("署名的姓名"), max_length=30, required=False, help_text=_l("沒有填以前，公文不能發文。")
    )
    signature = CheckedFileField(label=_l("簽字章圖檔"), kinds=("jpeg", "png"), required=False)
    typed = forms.BooleanField(label=_l("不用簽字章，印職銜和姓名"), required=False)
    delegation = OneLineField(
        label=_l("分層負責"),
        max_length=60,
        required=False,
        help_text=_l("印在署名下面，例如：本案依分層負責規定授權業務主管決行。"),
    )
    department = OneLineField(label=_l("主辦單位"), max_length=30, help_text=_l("例如：本府社會處。"))
    accounting = OneLineField(
        label=_l("主計單位"), max_length=30, help_text=_l("核定函的副本會列它，例如：本府主計處。")
    )
    ministry = OneLineField(label=_l("訴願管轄機關"), max_length=30, help_text=_l("例如：衛生福利部。"))
    dispatch_word = OneLineField(
        label=_l("發文字"), max_length=20, required=False, help_text=_l("方案沒有自己的發文字時用它，例如：府社區字。")
    )
    file_number = OneLineField(
        label=_l("檔號"),
        max_length=40,
        required=False,
        help_text=_l("印在公文右上角；「【年度】」會換成發文的民國年。"),
    )
    retention = OneLineField(label=_l("保存年限"), max_length=10, required=False, help_text=_l("例如：10年、永久。"))
    accent = OneLineField(
        label=_l("網頁顏色"),
        max_length=7,
        help_text=_l("用 # 和六個數字或字母寫，例如 #1f5d57；要夠深，字才看得清楚。"),
    )
    help_phone = OneLineField(
        label=_l("民眾詢問電話"), max_length=30, required=False, help_text=_l("沒有填就用上面的電話。")
    )
    help_hours = OneLineField(label=_l("服務時間"), max_length=80, required=False)
    help_email = OneLineEmailField(label=_l("民眾詢問信箱"), required=False)
    footer = OneLineField(label=_l("頁尾文字"), max_length=200, required=False)
    memo_number = OneLineField(label=_l("簽文號"), max_length=60, required=False)
    reason = OneLineField(label=_l("理由"), max_length=500, required=False)
    scan = CheckedFileField(label=_l("簽文掃描檔"), required=False)

    def __init__(self, *args: Any, county: str = "", head: Particulars | None = None, **kwargs: Any) -> None:
        initial = {name: getattr(head, name) for name in SAID if name != "signature"} if head else {}
        kwargs["initial"] = {"starts_on": clock.today(), **initial}
        super().__init__(*args, **kwargs)
        self.county, self.head = county, head
        if not (head and head.signature):
            del self.fields["typed"]

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in GROUPS]

    def draft(self) -> Draft:
        """Return what was typed: of a county that is there, only what differs from today."""
        data = self.cleaned_data
        wanted = [name for name in SAID if name != "signature" and (not self.head or name in self.changed_data)]
        return Draft(
            starts_on=data["starts_on"],
            values={name: data[name] for name in wanted},
            signature=data["signature"],
            typed=data.get("typed", False),
            memo_number=data["memo_number"],
            reason=data["reason"],
            scan=data["scan"],
        )

    def clean_starts_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["starts_on"]
        if self.head and day < self.head.starts_on:
            words = _("生效日不能早於現在這份資料的起日 %(day)s；更早的已經是歷史。")
            raise ValidationError(words % {"day": format_roc(self.head.starts_on)})
        return day

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if len(name) < 2 or name[-1] not in "縣市":
            raise ValidationError(_("縣市名稱的最後一個字是縣或市。"))
        if any(name in counties.names_of(slug) for slug in counties.slugs() if slug != self.county):
            raise ValidationError(_("已經有叫「%(name)s」的縣市。") % {"name": name})
        return name

    def clean_postal_code(self) -> str:
        code = half_width(self.cleaned_data["postal_code"]).replace(" ", "")
        if not re.fullmatch(r"\d{3}(\d{2,3})?", code):
            raise ValidationError(_("郵遞區號是 3、5 或 6 位數字。"))
        return code

    def clean_phone(self) -> str:
        return self._phone("phone")

    def clean_fax(self) -> str:
        return self._phone("fax")

    def clean_help_phone(self) -> str:
        return self._phone("help_phone")

    def _phone(self, name: str) -> str:
        """Return the number as it was typed, once it can be read as one."""
        typed: str = half_width(self.cleaned_data[name])
        if typed:
            try:
                identifiers.parse_phone(typed)
            except ValueError as unreadable:
                raise ValidationError(str(unreadable)) from unreadable
        return typed

    def clean_dispatch_word(self) -> str:
        word: str = self.cleaned_data["dispatch_word"]
        if word and not word.endswith("字"):
            raise ValidationError(_("發文字的最後一個字是「字」，例如：府社區字。"))
        return word

    def clean_file_number(self) -> str:
        number: str = self.cleaned_data["file_number"]
        if any(mark in number.replace(YEAR_MARK, "") for mark in "【】"):
            raise ValidationError(_("檔號裡只能用「【年度】」這個記號。"))
        return number

    def clean_retention(self) -> str:
        text = half_width(self.cleaned_data["retention"]).replace(" ", "")
        text = f"{text}年" if text.isdigit() else text
        if text and not _RETENTION.fullmatch(text):
            raise ValidationError(_("保存年限請寫年數或永久，例如：10年。"))
        return text

    def clean_accent(self) -> str:
        text = half_width(self.cleaned_data["accent"]).lower()
        try:
            found = colours.least_contrast(text)
        except ValueError as wrong:
            raise ValidationError(_("顏色請用 # 和六個數字或字母（0–9、a–f）寫，例如 #1f5d57。")) from wrong
        if found < colours.LEAST:
            words = _("這個顏色太淺，字會看不清楚（對比 %(found)s，至少要 %(least)s），請換深一點的。")
            raise ValidationError(words % {"found": f"{found:.1f}", "least": f"{colours.LEAST}"})
        return text

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("signature") and values.get("typed"):
            self.add_error("typed", _("已經選了新的簽字章圖檔；不用圖檔的話，請把選的檔案拿掉。"))
        if (values.get("signature") or (self.head and self.head.signature)) and not values.get("signatory_name"):
            self.add_error("signatory_name", _("有簽字章也要填姓名，聽讀公文的人才知道是誰署名。"))
        if {"street", "name", "starts_on"} <= values.keys():
            self._clean_street(values)
            self._clean_places(values["name"], values["starts_on"])
        return values

    def _clean_places(self, name: str, day: dt.date) -> None:
        """Refuse a city with townships: such names never stood together."""
        places_then = (row.name for row in places.KEPT.get().rows if row.county == self.county and row.holds(day))
        others = [place for place in places_then if not place.endswith("區")]
        if self.head and name.endswith("市") and others:
            words = _(
                "市的轄內是區；生效日那一天還有 %(count)d 個不是，例如%(place)s。請先上傳同一天起改名的鄉鎮市區清單。"
            )
            self.add_error("name", words % {"count": len(others), "place": others[0]})

    def _clean_street(self, values: dict[str, Any]) -> None:
        street, day = values["street"], values["starts_on"]
        if street.startswith((values["name"], *(counties.names_of(self.county) if self.county else ()))):
            self.add_error("street", _("地址不用寫縣市名稱，從鄉鎮市區寫起。"))
            return
        names = places.KEPT.get()
        for row in names.rows:
            if row.county == self.county and street.startswith(row.name) and not row.holds(day):
                words = _("%(old)s在生效日那一天叫%(new)s，請改地址。")
                self.add_error("street", words % {"old": row.name, "new": names.on(row.code, day)})
                return


class _TownshipFile(forms.Form):
    """A list of townships as a CSV file. A list that was read is sent along with the page when something else is wrong."""

    file = forms.FileField(
        label=_l("鄉鎮市區清單（CSV）"),
        required=False,
        help_text=_l("第一列是欄名：代碼、郵遞區號、名稱、起、迄；一個名稱一列。沒有改過名的，起和迄空白。"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv", "class": "form-control"}),
        error_messages={"empty": _l("這個檔案是空的。")},
    )
    read_before = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reading = Reading()
        self.kept = False

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        upload, before = values.get("file"), values.get("read_before", "")
        if not upload and not before:
            if "file" not in self.errors:
                self.add_error("file", _("請選 CSV 檔。"))
            return values
        try:
            self._read(upload.read() if upload else before.encode())
        except Refused as refused:
            self.add_error("file", refused.reason)
        return values

    def _read(self, content: bytes) -> None:
        self.reading = read(content, places.KEPT.get().rows, getattr(self, "county", ""))
        if faults := self.reading.faults:
            words = _("有 %(count)d 個地方不對，列在下面；改好檔案再選一次。還沒有送出任何一列。")
            self.add_error("file", words % {"count": len(faults)})
            return
        data: Any = self.data
        sent = data.copy()
        sent[self.add_prefix("read_before")] = text_of(content)
        self.data, self.kept = sent, True


class TownshipsForm(_TownshipFile):
    """The list of a county's townships, and on what the change rests."""

    memo_number = OneLineField(label=_l("簽文號"), max_length=60, required=False)
    reason = OneLineField(label=_l("理由"), max_length=500, required=False)

    def __init__(self, *args: Any, county: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.county = county


class OpeningForm(_TownshipFile, ParticularsForm):
    """A further county: its slug, its particulars and its townships."""

    slug = OneLineField(
        label=_l("代號"), max_length=12, help_text=_l("英文小寫字母，網址和檔案裡用它，以後不能改。例如：taitung。")
    )

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        first, *others = super().groups()
        return [(first[0], [self["slug"], *first[1]]), *others[:-1], (_("鄉鎮市區"), [self["file"]]), others[-1]]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if not re.fullmatch(r"[a-z]{3,12}", slug):
            raise ValidationError(_("代號是 3 到 12 個英文小寫字母。"))
        if slug in counties.slugs():
            raise ValidationError(_("代號「%(slug)s」已經有縣市在用。") % {"slug": slug})
        return slug
