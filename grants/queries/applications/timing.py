"""What the dates of a plan mean on the day of its approval."""

import datetime as dt

from django.utils.translation import gettext as _

from grants.models import Application
from miaoli_kaohsiung.lib.roc_date import format_roc


def of_plan(case: Application, today: dt.date) -> list[str]:
    """Return sentences about a plan that is over, or under way, on the day; none for a plan that lies ahead.

    Approving such a plan takes a reason, though the law does not forbid it.
    """
    if case.starts_on is None or case.ends_on is None:
        return []
    days = {"starts": format_roc(case.starts_on), "ends": format_roc(case.ends_on)}
    if case.ends_on < today:
        filed = case.first_filed_on
        if filed is not None and case.ends_on < filed:
            return [_("計畫在申請以前就辦完了（%(starts)s 至 %(ends)s）。") % days]
        return [_("計畫期間已經過了（%(starts)s 至 %(ends)s）。") % days]
    if case.starts_on < today:
        return [_("計畫已經開始（%(starts)s），核定以前的支出也會計入。") % days]
    return []
