"""The association's part of a correction: an answer to each item, then handing over to the chairperson."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import ApplicationStatus as S
from grants.models import Application, CorrectionItem, CorrectionRequest
from grants.permissions import actor_for, is_chair, may_edit
from grants.services.locks import lock_case
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock, lock_all

from . import filing

ANSWER = actions.register("application.answer_correction", _l("回覆補正事項"))
HAND = actions.register("application.hand_correction", _l("補正完成，送請確認"))
RETURN = actions.register("application.return_correction", _l("請承辦人再修改"))


def items_of(case: Application) -> QuerySet[CorrectionItem]:
    """Return the items of the correction that the case is waiting for, in order."""
    return CorrectionItem.objects.filter(request__application=case, request__answered_on__isnull=True)


def answer_items(user: User, case: Application, answers: Mapping[int, tuple[bool, str]]) -> Application:
    """Keep each item's tick and sentence, by item id; ignore ids of other cases. Raises Refused."""
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = _locked(user, case)
        for item in lock_all(items_of(row)):
            done, text = answers.get(item.pk, (item.done, item.answer))
            words = text.strip()
            before, after = {"done": item.done, "answer": item.answer}, {"done": done, "answer": words}
            if before == after:
                continue
            item.done, item.answer = done, words
            item.save(update_fields=["done", "answer"])
            trail.record(ANSWER, item, before=before, after=after, case=row.number)
        return row


def hand_over(user: User, case: Application) -> Application:
    """Hand the finished correction to the chairperson, who is notified. Raises Refused, NotReadyError."""
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = _locked(user, case)
        filing.judge_ready(row)
        asked = _open(row)
        asked.handed_on = clock.today()
        asked.save(update_fields=["handed_on"])
        filing.clear_note(row)
        trail.record(HAND, row, after={"handed_on": asked.handed_on}, case=row.number)
        filing.notify_chairs(row, _("請確認並送回補正"), _("承辦人已經補正完成，請您看過後按「確認送回」。"))
        return row


def return_to_staff(user: User, case: Application, note: str) -> Application:
    """Send the correction back from the chairperson to the staff, with what to change. Raises Refused."""
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = _locked(user, case)
        require(is_chair(user, row))
        asked = _open(row)
        if asked.handed_on is None:
            raise Refused(_("這一件還沒有送請%(head)s確認。") % {"head": row.organisation.head_word})
        asked.handed_on = None
        asked.save(update_fields=["handed_on"])
        filing.keep_note(user, row, note)
        trail.record(RETURN, row, after={"note": note}, case=row.number)
        return row


def _locked(user: User, case: Application) -> Application:
    row = lock_case(case)
    require(may_edit(user, row))
    if row.status != S.CORRECTION_REQUESTED:
        raise Refused(_("這一件現在沒有要補正的事項。"))
    return row


def _open(row: Application) -> CorrectionRequest:
    return lock(row.corrections.all(), answered_on__isnull=True)
