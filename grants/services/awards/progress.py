"""Asking an association how its project goes, before anything is late."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import RUNNING
from grants.models import Award
from grants.permissions import actor_for, holds
from grants.services import notices
from grants.services.locks import lock_award
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.models import Notice

REMIND = actions.register("award.ask_progress", _l("請單位說明進度"))
KIND = "award.progress"


def ask_progress(user: User, award: Award) -> int:
    """Ask the association to enter what it has spent, or to say what keeps it; return how many people. Raises Refused."""
    with trail.unit_of_work(actor_for(user, award.application, CASE_HANDLERS)):
        row = lock_award(award)
        case, key = row.application, f"progress:{row.number}"
        require(holds(user, case, CASE_HANDLERS))
        if row.status not in RUNNING:
            raise Refused(_("這一案已經%(status)s，不用再問進度。") % {"status": row.get_status_display()})
        if Notice.objects.filter(kind=KIND, object_key__startswith=f"{key}:", due_on=clock.today()).exists():
            raise Refused(_("今天已經通知過了，請明天再通知，或打電話聯絡。"))
        people = notices.members(case)
        if not people:
            raise Refused(_("這個單位沒有人有帳號，通知不到，請打電話聯絡。"))
        params = {"day": format_roc(row.ends_on), "contact": notices.contact(case)}
        text = _(
            "執行期間到 %(day)s。請把已經有的單據先記進結報；計畫有變動、辦不完，請及早申請變更或展延。%(contact)s"
        )
        url = reverse("grants:settlement_detail", args=[row.number])
        notices.about_award(row, people, KIND, key, _("縣府想了解計畫的進度"), text % params, url)
        trail.record(REMIND, row, after={"people": len(people)}, case=row.number)
        return len(people)
