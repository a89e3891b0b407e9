"""The chairperson's signature on paper, where a clerk acts for the association at the counter.

The sheet says in large type what is asked for; its square code names the case and the mark of its contents.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.enums import Office
from communities.queries import office_holders
from grants.enums import OPEN_TO_SIGN
from grants.models import Application, Document
from grants.permissions import actor_for, at_counter
from grants.queries.applications import stamps
from grants.services.locks import lock_case
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.services import Upload, store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import ALLOW, Answer, Refused, deny, require
from miaoli_kaohsiung.lib.paper_codes import PaperCode

from . import coded
from .documents import purpose_of

SIGN = actions.register("application.sign_on_paper", _l("上傳簽名的確認單"))


def may_sign(user: User, case: Application) -> Answer:
    """Allow a clerk at the counter, while the case waits for the chairperson's confirmation or is being written."""
    if not at_counter(user, case):
        words = _("確認單是櫃檯代辦時用的；%(head)s有帳號的話，請登入後確認。")
        return deny(words % {"head": case.organisation.head_word})
    return ALLOW if case.status in OPEN_TO_SIGN else deny(_("這一件現在不用確認。"))


def nobody_in_office(case: Application) -> Refused:
    """Return the refusal for want of somebody who could sign or say the code."""
    words = _("這個單位現在沒有登錄在任的%(head)s，請先登錄任期。")
    return Refused(words % {"head": case.organisation.head_word})


def sheet(case: Application) -> bytes:
    """Return the PDF of the sheet for the case as it stands. Raises pdf.UnavailableError and pdf.UnprintableError."""
    mark = stamps.mark_of(case)
    context = {
        "case": case,
        "chairs": office_holders(case.organisation_id, Office.CHAIRPERSON),
        "edition": stamps.shown(mark),
        "lines": case.lines.all(),
        "today": clock.today(),
    }
    return coded.render("grants/applications/chair_sheet.html", context, PaperCode(case.number, Document.SIGNED, mark))


def keep(user: User, case: Application, scan: Upload) -> Document:
    """Keep the scan of the sheet that the chairperson signed, for what the case says now; an older one is replaced.

    Raises Refused without a chairperson in office, ValidationError for a refused file.
    """
    actor = actor_for(user, case, Role.MEMBER)
    with trail.unit_of_work(actor):
        row = lock_case(case)
        require(may_sign(user, row))
        chairs = office_holders(row.organisation_id, Office.CHAIRPERSON)
        if not chairs:
            raise nobody_in_office(row)
        stored = store(scan, actor=actor, purpose=purpose_of(row))
        row.documents.filter(kind=Document.SIGNED).delete()
        document = Document.objects.create(
            application=row,
            kind=Document.SIGNED,
            note="、".join(chairs)[:120],
            contents=stamps.mark_of(row),
            file=stored,
            added_by=user,
            added_on=clock.today(),
        )
        after = {"name": stored.name, "sha256": stored.sha256, "chair": document.note}
        trail.record(SIGN, document, after=after, case=row.number)
        return document
