"""The papers of a case: add, remove, restore, reuse."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.enums import PaperKind
from communities.models import KeptPaper
from communities.queries import kept_papers
from communities.services import papers
from grants.compliance.judging import judge
from grants.models import Application, Document
from grants.permissions import actor_for
from grants.queries.applications import stamps
from grants.queries.applications.places import openness_of
from grants.rules import catalogue
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.services import store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

from . import opened
from .drafts import locked, touch

ATTACH = actions.register("application.attach", _l("上傳附件"))
DETACH = actions.register("application.detach", _l("移除附件"))
REUSE = actions.register("application.reuse_paper", _l("沿用單位的文件"))
REATTACH = actions.register("application.reattach", _l("復原附件"))


def attach_document(user: User, case: Application, kind: str, upload: Any, note: str = "") -> Document:
    """Keep an upload that passed the gate as a document of the case. Raises Refused, ValidationError."""
    actor = actor_for(user, case, Role.MEMBER)
    with trail.unit_of_work(actor):
        row = locked(user, case, None)
        opened.require_paper(row, kind, upload.name)
        stored = store(upload, actor=actor, purpose=purpose_of(row))
        if kind in PaperKind.values:
            # Kept with the association, so that its next case offers the paper instead of asking for it again.
            papers.keep(actor, row.organisation, kind, stored)
        document = Document(kind=kind, note=note, contents=stamps.mark_of(row) if kind == stamps.STAMPED else "")
        return _put_on(user, row, stored, document, ATTACH)


def remove_document(user: User, case: Application, document_id: int) -> Document | None:
    """Take a document off the case and return it. The stored bytes stay with the versions that were filed with them."""
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = locked(user, case, None)
        document = row.documents.select_related("file").filter(pk=document_id).first()
        if document is None:
            return None
        opened.require_paper(row, document.kind, document.file.name)
        trail.record(DETACH, document, before=_described(document.kind, document.file), case=row.number)
        document.delete()
        touch(row)
        return document


def restore_document(user: User, case: Application, taken_off: Document) -> Document:
    """Restore a removed document with its kind, note, contents and file_id. Raises Refused if the case never had the
    file.
    """
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = locked(user, case, None)
        kept = Q(pk__in=KeptPaper.objects.filter(organisation_id=row.organisation_id).values("file"))
        stored = StoredFile.objects.filter(Q(purpose=purpose_of(row)) | kept, pk=taken_off.file_id).first()
        if stored is None:
            raise Refused(_("找不到這個檔案，請重新上傳。"))
        opened.require_paper(row, taken_off.kind, stored.name)
        there = row.documents.filter(kind=taken_off.kind, file=stored).first()
        return there or _put_on(user, row, stored, taken_off, REATTACH)


def reuse_paper(user: User, case: Application, paper: KeptPaper) -> Document:
    """Use one of the association's papers in the case. The case keeps this very file, even if the paper is replaced
    later.
    """
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = locked(user, case, None)
        if paper.organisation_id != row.organisation_id:
            raise Refused(_("這份文件不是申請單位的。"))
        asked = paper.kind in catalogue.documents()
        kind, note = (paper.kind, "") if asked else ("other", paper.get_kind_display())
        opened.require_paper(row, kind, paper.get_kind_display())
        there = row.documents.filter(kind=kind, file=paper.file).first()
        return there or _put_on(user, row, paper.file, Document(kind=kind, note=note), REUSE)


def reuse_asked(user: User, case: Application) -> list[Document]:
    """Use each of the association's valid papers that this case is asked for by its own code."""
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        case = locked(user, case, None)
        asked = {kind.code for kind in catalogue.documents_for(judge(case, stage="draft").case)}
        held = set(case.documents.values_list("kind", flat=True))
        open_now = openness_of(case)
        wanted = {kind for kind in asked - held if open_now.paper(kind)}
        kept = [paper for paper in kept_papers(case.organisation_id) if paper.kind in wanted]
        return [reuse_paper(user, case, paper) for paper in kept]


def purpose_of(case: Application) -> str:
    """Return what a stored file of the case is for."""
    return f"application:{case.number}"


def _put_on(user: User, row: Application, stored: StoredFile, document: Document, action: str) -> Document:
    document.application, document.file = row, stored
    document.added_by, document.added_on = user, clock.today()
    document.save()
    touch(row)
    trail.record(action, document, after=_described(document.kind, stored), case=row.number)
    return document


def _described(kind: str, stored: StoredFile) -> dict[str, str]:
    return {"kind": kind, "name": stored.name, "sha256": stored.sha256}
