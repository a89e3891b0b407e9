"""A row of the table of reminders in words: to whom, when, how often, by which channels."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.notices.models import Channel

from .table import CALL, LETTER, NOTICE, Reminder

WHO: dict[str, str | Promise] = {
    "members": _l("申請單位全體人員"),
    "chair": _l("理事長"),
    "officers": _l("縣府承辦人"),
    "approvers": _l("縣府主管"),
    "asker": _l("要求補正的機關（公所或縣府承辦人）"),
    "township": _l("公所承辦"),
    "reviewer": _l("審查委員"),
    "doers": _l("要辦這件事的人"),
}
BY: dict[str, str | Promise] = {NOTICE: _l("通知"), LETTER: _l("催辦函稿"), CALL: _l("電話聯絡清單")}
OF: dict[str, str | Promise] = {
    "receipt": _l("領據"),
    "correction": _l("補正"),
    "settlement": _l("結報"),
    "settlement_fix": _l("結報補正"),
    "return": _l("繳回"),
    "overpaid": _l("溢付退還"),
    "term_expiry": _l("理事長任期"),
    "ban_end": _l("停止申請期滿"),
    "duty": _l("應辦事項"),
    "yearly": _l("協會每年的會務、財務"),
    "visits": _l("分級輔導"),
    "visit": _l("排定的輔導訪視"),
    "interest": _l("委員聲明利害關係"),
    "scores": _l("委員評分"),
}


def who(row: Reminder) -> str:
    return "、".join(str(WHO[name]) for name in row.who)


def when(row: Reminder) -> str:
    """Return the days: 「期限前 30、14、3 天、當天；期限後 1 天，之後每 7 天」."""
    if not row.days and row.of_law:
        text = _("期限後，照法規標準的日子") if row.late else _("期限前，照法規標準的日子")
    else:
        text = "；".join(_sides(row))
    return text + (_("，之後每 %d 天一次") % row.every if row.every else "")


def _sides(row: Reminder) -> list[str]:
    parts = [_("訂定期限的第二天")] if row.opening else []
    if before := [str(-day) for day in row.days if day < 0]:
        parts.append(_("期限前 %s 天") % "、".join(before))
    if 0 in row.days:
        parts.append(_("期限當天"))
    if after := [str(day) for day in row.days if day > 0]:
        parts.append(_("期限後 %s 天") % "、".join(after))
    return parts


def channels(row: Reminder) -> str:
    """Return where it arrives; a notice always stands on the screen too."""
    if row.by != NOTICE:
        return str(BY[row.by])
    return "、".join([_("畫面通知"), *(str(Channel(name).label) for name in row.channels if name in Channel.values)])
