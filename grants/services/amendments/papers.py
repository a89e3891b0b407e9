"""Papers of a request for a change: a new quotation, minutes of a meeting. What the county was sent stays with the request."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import UNANSWERED, AmendmentStatus
from grants.models import Amendment, AmendmentPaper
from grants.permissions import actor_for, holds
from grants.services import notices
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.services import Upload, store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock

from .locking import locked

ATTACH = actions.register("amendment.attach", _l("附上計畫變更的文件"))
REMOVE = actions.register("amendment.remove_paper", _l("移除計畫變更的文件"))
MOST = 20


@dataclass(frozen=True)
class NewPaper:
    """A paper as it is sent: the file, and what it is; without that the file's own name."""

    file: Upload
    name: str = ""


def add(user: User, amendment: Amendment, paper: NewPaper) -> AmendmentPaper:
    """Attach a paper. The case's officers are notified if the request is with them already."""
    with trail.unit_of_work(actor_for(user, amendment.award.application, Role.MEMBER)):
        row = _open(user, amendment)
        if row.papers.count() >= MOST:
            raise Refused(_("附件最多 %(most)s 份，請把幾份合成一個 PDF。") % {"most": MOST})
        made = kept(user, row, paper)
        if row.status == AmendmentStatus.SUBMITTED:
            words = _("申請單位補了計畫變更的附件：%(name)s") % {"name": made.name}
            notices.about_part(row, notices.officers(row.award.application), "paper", _("計畫變更有新的附件"), words)
        return made


def remove(user: User, paper: AmendmentPaper) -> None:
    """Take a paper away again, until the chairperson has sent the request; its bytes stay stored."""
    with trail.unit_of_work(actor_for(user, paper.amendment.award.application, Role.MEMBER)):
        row = _open(user, paper.amendment)
        if row.status != AmendmentStatus.AWAITING_CHAIR:
            raise Refused(_("已經送縣府的附件要留著。送錯了，請再附一份正確的。"))
        found = lock(AmendmentPaper.objects.all(), pk=paper.pk)
        trail.record(REMOVE, row, before={"paper": found.name, "sha256": found.file.sha256}, case=row.award.number)
        found.delete()


def kept(user: User, row: Amendment, paper: NewPaper) -> AmendmentPaper:
    """Keep a paper of a request that is locked, inside the caller's unit of work."""
    stored = store(paper.file, actor=trail.current_actor(), purpose="amendment_paper")
    name = (paper.name or stored.name)[:60]
    made = AmendmentPaper.objects.create(amendment=row, name=name, file=stored, added_by=user, added_on=clock.today())
    trail.record(ATTACH, row, after={"paper": name, "sha256": stored.sha256}, case=row.award.number)
    return made


def _open(user: User, amendment: Amendment) -> Amendment:
    row = locked(amendment)
    require(holds(user, row.award.application, Role.MEMBER))
    if row.status not in UNANSWERED:
        raise Refused(_("這件變更目前是「%(status)s」，不能再附文件。") % {"status": row.get_status_display()})
    return row
