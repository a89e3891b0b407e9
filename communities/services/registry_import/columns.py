"""The columns of the list: how each is called, read, shown, and recognised in a county's own file.

A cell that equals what the export would write is never read: what the registry holds is not checked again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from communities.enums import Office
from communities.models import OfficeTerm, Organisation
from communities.places import TOWNSHIP
from miaoli_kaohsiung.lib import folding

from . import readers, shown


@dataclass(frozen=True)
class Column:
    """`read` takes the text and the county, and raises ValueError with a sentence. `group` is the office whose term it
    belongs to, "" for the body itself. `shown` takes the body, or the term. `exported` is false for a second way to
    say the same.
    """

    key: str
    label: str | Promise
    names: tuple[str, ...]
    read: Callable[[str, str], Any]
    shown: Callable[[Any], str]
    group: str = ""
    exported: bool = True

    @property
    def field(self) -> str:
        """The column of the table."""
        return self.key.rpartition(".")[2]


def _body(
    field: str, label: str | Promise, names: str, read: Callable[[str, str], Any], show: Callable[[Organisation], str]
) -> Column:
    return Column(field, label, tuple(names.split()), read, show)


def _longest(field: str) -> int:
    column = Organisation._meta.get_field(field)
    assert isinstance(column, models.Field)
    return column.max_length or readers.LONGEST_TEXT


def _text(field: str, label: str | Promise, names: str) -> Column:
    show = shown.present(field) if field in Organisation.PLACES else shown.attribute(field)
    return _body(field, label, names, readers.text_up_to(_longest(field)), show)


_NUMBER = shown.attribute("registration_number")

BODY = (
    _body("pk", _("系統編號"), "系統編號 入口網編號", readers.whole, lambda body: str(body.pk)),
    _text("name", _("單位名稱"),
          "單位名稱 協會名稱 社區發展協會名稱 社區名稱 團體名稱 立案全名 單位全名 全名 名稱 協會全名 組織名稱 申請單位 單位 協會 社團名稱 機構名稱"),
    _body("kind", _("單位類別"), "單位類別 類別 團體類別 性質 單位性質", readers.kind, shown.kind),
    _body("township_id", TOWNSHIP, "鄉鎮市 鄉鎮市區 區 鄉鎮 鄉鎮別 鄉鎮市別 鄉鎮區 行政區 區別 所在鄉鎮 所在鄉鎮市", readers.township, shown.township),
    _text("village", _("村里"), "村里 村里別 里別 村別 所在村里"),
    _body("status", _("狀態"), "狀態 運作狀態 現況 運作情形", readers.status, shown.status),
    _text("registration_county", _("立案縣市"), "立案縣市 主管機關 立案機關"),
    _body("registration_number", _("立案字號"), "立案字號 立案證號 立案證書字號 立案證書號碼 證書字號 立案文號 核准文號", readers.registration_number, _NUMBER),
    _body("registered_on", _("立案日期"), "立案日期 成立日期 核准日期 核准立案日期 立案時間 立案年月日 成立時間", readers.day, shown.day("registered_on")),
    _body("tax_id", _("統一編號"), "統一編號 統編 扣繳單位統一編號 稅籍編號", readers.tax_id, shown.attribute("tax_id")),
    _text("address", _("會址"), "會址 地址 會址地址 通訊地址 聯絡地址 會所地址 住址"),
    _body("phone", _("會址電話"), "會址電話 電話 聯絡電話 連絡電話 會所電話 協會電話 電話號碼", readers.public_phone, shown.attribute("phone")),
    _body("email", _("電子信箱"), "電子信箱 電子郵件 電子郵件信箱 email 信箱 協會信箱", readers.email, shown.attribute("email")),
    _text("area_served", _("社區範圍"), "社區範圍 服務範圍 範圍 組織區域 區域範圍"),
    _body("households", _("戶數"), "戶數 社區戶數", readers.count, shown.number("households")),
    _body("population", _("人口數"), "人口數 人口 社區人口 社區人口數", readers.count, shown.number("population")),
    _body("members_count", _("會員數"), "會員數 會員人數 個人會員 會員", readers.count, shown.number("members_count")),
    _text("purpose", _("宗旨"), "宗旨 成立宗旨 任務 宗旨任務"),
)  # fmt: skip

# How lists call a column of a term, after the office's name; those of the chairperson stand also alone.
_PARTS: tuple[tuple[str, str, str, Callable[[str, str], Any], Callable[[OfficeTerm], str]], ...] = (
    ("person_name", "", "姓名", readers.text_up_to(60), shown.attribute("person_name")),
    ("board_term_number", "屆次", "屆別 第幾屆", readers.board_number, shown.number("board_term_number")),
    ("valid_from", "任期起", "任期起日 任期開始 任期自 任期起始日 當選日期 就任日期", readers.day, shown.day("valid_from")),
    ("valid_to", "任期迄", "任期迄日 任期結束 任期至 任期屆滿日 任期屆滿 任期止", readers.day, shown.day("valid_to")),
    ("days", "任期起迄", "任期 任期期間", readers.days, shown.days),
    ("phone", "電話", "手機 行動電話 聯絡電話 連絡電話", readers.phone, shown.attribute("phone")),
    ("email", "電子信箱", "電子郵件 email 信箱", readers.email, shown.attribute("email")),
)  # fmt: skip
_CALLED = {
    Office.CHAIRPERSON: "理事長 負責人 現任理事長 代表人",
    Office.EXECUTIVE_SECRETARY: "總幹事 執行長 秘書",
    Office.ACCOUNTANT: "會計 會計人員 財務",
    Office.STAFF: "承辦人 聯絡人 連絡人 承辦人員",
}
_ALONE = ("board_term_number", "valid_from", "valid_to", "days")


def _terms() -> tuple[Column, ...]:
    found = []
    for office, called in _CALLED.items():
        for field, suffix, others, read, show in _PARTS:
            endings = [suffix, *others.split()]
            names = [f"{title}{ending}" for title in called.split() for ending in endings]
            if office == Office.CHAIRPERSON and field in _ALONE:
                names += [*endings, *(f"理監事{ending}" for ending in endings)]
            label = format_lazy("{}{}", Office(office).label, suffix)
            key = f"{office.value}.{field}"
            found.append(Column(key, label, tuple(names), read, show, office.value, exported=field != "days"))
    return tuple(found)


COLUMNS = (*BODY, *_terms())
BY_KEY = {column.key: column for column in COLUMNS}
EXPORTED = tuple(column for column in COLUMNS if column.exported)
# Money goes only to an account that a second person has confirmed, on the page of the body.
BANK = "bank"
_BANK_WORDS = re.compile("帳號|帳戶|戶名|銀行|郵局|金融|局號|匯款|存摺")
# A title may stand above the heads.
_HEADS_WITHIN = 10


@cache
def _keys() -> dict[str, str]:
    """Return the key of the column for each way to call it; the first column that is called so has it."""
    return {
        folding.key(name): column.key for column in reversed(COLUMNS) for name in (str(column.label), *column.names)
    }


def matched(heads: list[str]) -> list[str]:
    """Return for each head the key of the column that it means, BANK, or "" where nothing fits. No key comes twice."""
    found: list[str] = []
    for head in heads:
        key = BANK if _BANK_WORDS.search(head) else _keys().get(folding.key(head), "")
        found.append("" if key in found and key != BANK else key)
    return found


def heads_at(rows: list[list[str]]) -> int:
    """Return the place of the row with the heads: of the first rows the one in which most columns are recognised."""
    counts = [sum(bool(key) for key in matched(row)) for row in rows[:_HEADS_WITHIN]]
    return counts.index(max(counts)) if counts else 0
