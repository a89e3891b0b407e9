"""The steps of a case of a scheme, for people who think of applying: what is done, and how long it usually takes."""

import datetime as dt

from django.utils.translation import gettext as _

from grants.models import Award, Scheme
from grants.queries.law.pages import in_words
from grants.rules.ruleset import NoValue, RuleSet

# With fewer cases than this, no duration is called usual.
FEWEST = 5
NEWEST = 100


def scheme_steps(scheme: Scheme, ruleset: RuleSet, on: dt.date) -> list[tuple[str, str]]:
    """Return (step, words) from the form to the money, in order. Sums and periods are the law's of the day; how long
    the county takes comes from its newest awards.
    """
    township = [(_("公所初審"), _("公所看過後轉送縣府。"))] if scheme.terms_on(on).township_first else []
    return [
        (_("填申請"), _("線上寫計畫和經費，印出申請書蓋圖記，負責人確認後送出。")),
        *township,
        (_("縣府審查"), _("檢查文件、請委員審查、逐項核定。") + _usual_days(scheme)),
        (_("核定通知"), _paid(ruleset, on)),
        (_("辦計畫"), _("照核定的內容辦，收據、照片和簽到簿都留著。")),
        (_("結報"), _settled(ruleset, on) + _originals(scheme, on)),
    ]


def _words(ruleset: RuleSet, name: str, on: dt.date) -> str:
    """Return the number of the day in words; "" if this law has none."""
    if name not in ruleset.parameters:
        return ""
    parameter = ruleset.parameter(name)
    try:
        return in_words(parameter, parameter.at(on).strict)
    except NoValue:
        return ""


def _paid(ruleset: RuleSet, on: dt.date) -> str:
    most, share = (_words(ruleset, f"instalment.{name}", on) for name in ("threshold", "first_share"))
    if not (most and share):
        return _("收到核定函，金額和撥款方式都寫在上面。")
    return _("收到核定函。%(most)s以上的先撥 %(share)s，其餘計畫辦完、核銷後撥付；不到的辦完後一次撥付。") % {
        "most": most,
        "share": share,
    }


def _settled(ruleset: RuleSet, on: dt.date) -> str:
    months = _words(ruleset, "settlement.months", on)
    when = (
        _("計畫辦完後 %(months)s內") % {"months": months.replace("月", _("個月"))}
        if months
        else _("計畫辦完後，照核定函上的期限")
    )
    return _("%(when)s送單據和成果，縣府核對後撥付其餘的錢。") % {"when": when}


def _originals(scheme: Scheme, on: dt.date) -> str:
    return _("支出憑證%(words)s。") % {"words": scheme.terms_on(on).get_originals_display()}


def _usual_days(scheme: Scheme) -> str:
    """Return a sentence on how many days the newest awards took from filing to approval; "" with fewer than FEWEST."""
    rows = Award.objects.filter(application__scheme=scheme, application__first_filed_on__isnull=False).order_by("-id")
    pairs = rows.values_list("approved_on", "application__first_filed_on")[:NEWEST]
    days = sorted((approved - filed).days for approved, filed in pairs if filed)
    if len(days) < FEWEST:
        return ""
    return _("最近的案件，一半在 %(days)d 天內核定。") % {"days": days[len(days) // 2]}
