"""Scans of printed forms, many at once: each page finds its case by its square code, in any order and turned any way.

The forms are the stamped application form and the sheet that the chairperson signed. What is attached counts as done by
the association from paper (communities.services.counter), in both names.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.enums import CounterWay, Office
from communities.models import Organisation
from communities.permissions import may_help
from communities.queries import open_visit
from communities.services import counter
from grants.models import Application, Document, PaperBatch, PaperPart
from grants.queries.applications import stamps
from miaoli_kaohsiung.accounts.audiences import CORRECTION_ASKERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.papers import ScannedPage, pages_of, some_pages
from miaoli_kaohsiung.files.services import Upload, require_open, store
from miaoli_kaohsiung.lib import clock, paper_codes
from miaoli_kaohsiung.lib.access import Refused

from . import signatures
from .documents import attach_document

BATCH = actions.register("paper_batch.upload", _l("整批上傳掃描"))
# The forms that the portal prints with a code, in words.
KINDS = {stamps.STAMPED: _l("蓋圖記的申請書"), Document.SIGNED: _l("簽名的確認單")}


def take_in(user: User, upload: Upload) -> PaperBatch:
    """Keep the scans, find each page's case and attach what can be attached. Raises UnreadablePaperError."""
    who = actor(user, CORRECTION_ASKERS)
    with trail.unit_of_work(who):
        stored = store(upload, actor=who, purpose="paper_batch")
        with NamedTemporaryFile() as copy:
            copy.write(_bytes(stored))
            copy.flush()
            pages = pages_of(Path(copy.name))
        batch = PaperBatch.objects.create(file=stored, made_by=user, made_on=clock.today())
        for code, found in _grouped(pages).items():
            PaperPart.objects.create(
                batch=batch,
                application=case_for(user, code.case) if code else None,
                kind=code.kind if code else "",
                contents=code.contents if code else "",
                pages=[[page.number, page.turn] for _of_paper, page in found],
                problem=_left_out(code, {number for number, _page in found}) if code else _("讀不到方碼，請選案件"),
            )
        trail.record(BATCH, batch, after={"name": stored.name, "sha256": stored.sha256, "pages": len(pages)})
    for part in batch.parts.select_related("application__organisation", "batch__file"):
        _settle(user, part)
    return batch


def case_for(user: User, number: str) -> Application | None:
    """Return the case of that number if the user may act for its association at the counter."""
    case = Application.objects.filter(number=number.strip().upper()).select_related("organisation").first()
    return case if case and may_help(user, case.organisation) else None


def place(user: User, part: PaperPart, case: Application, kind: str, numbers: Collection[int]) -> PaperPart:
    """Attach those pages of a part, which found no case or are not the whole paper, to the case that the user names; the
    others stay a part of their own. Raises Refused.
    """
    if part.document_id is not None:
        raise Refused(_("這幾頁已經附上了。"))
    with transaction.atomic():
        if others := [page for page in part.pages if page[0] not in numbers]:
            PaperPart.objects.create(batch=part.batch, pages=others, problem=_("讀不到方碼，請選案件"))
        part.pages = [page for page in part.pages if page[0] in numbers]
        if (part.application, part.kind) != (case, kind):
            # What the code says of the edition still holds for its own paper.
            part.contents = ""
        part.application, part.kind, part.problem = case, kind, ""
        part.save(update_fields=["application", "kind", "contents", "pages", "problem"])
    _settle(user, part)
    return part


# --- Parts -----------------------------------------------------------------------------------------------------------------


def _grouped(pages: list[ScannedPage]) -> dict[paper_codes.PaperCode | None, list[tuple[int, ScannedPage]]]:
    """Return each paper's pages, in their order and with their numbers on it, by the code that the portal printed on them;
    by None those without one, in the order of the scan.
    """
    groups: dict[paper_codes.PaperCode | None, list[tuple[int, ScannedPage]]] = {}
    for page in pages:
        code = next((found for text in page.codes if (found := paper_codes.read(text))), None)
        known = code if code and code.kind in KINDS else None
        groups.setdefault(known and known.paper, []).append((known.page if known else 0, page))
    return {paper: sorted(found, key=lambda one: one[0]) for paper, found in groups.items()}


def _left_out(paper: paper_codes.PaperCode, scanned: set[int]) -> str:
    """Return which pages of the paper were not scanned, in words; "" if it is whole."""
    missing = [str(page) for page in range(1, paper.pages + 1) if page not in scanned]
    words = _("少了第 %(missing)s 頁（一共 %(pages)d 頁）。請把整份重新掃描；確定不用的，在下面附上")
    return words % {"missing": "、".join(missing), "pages": paper.pages} if missing else ""


def _settle(user: User, part: PaperPart) -> None:
    """Attach the part, or keep the reason why it cannot be attached."""
    if part.application is None:
        if part.kind:
            part.problem = _("找不到這一件，或不在您的轄區")
            part.save(update_fields=["problem"])
        return
    if part.problem:
        return
    try:
        document = _attach(user, part, part.application)
    except Refused as refused:
        part.problem = refused.reason[:300]
    except ValidationError as refused:
        part.problem = " ".join(refused.messages)[:300]
    else:
        part.document, part.problem = document, ""
    part.save(update_fields=["document", "problem"])


def _attach(user: User, part: PaperPart, case: Application) -> Document:
    if part.contents and not stamps.mark_of(case).startswith(part.contents):
        raise Refused(_("這份是舊的版次，內容後來改過，請重新印、重新簽章。"))
    scan = _file_of(part, f"{case.number}-{KINDS[part.kind]}")
    with _from_paper(user, case.organisation) as clerk:
        if part.kind == Document.SIGNED:
            return signatures.keep(clerk, case, scan)
        return attach_document(clerk, case, part.kind, scan)


def _file_of(part: PaperPart, name: str) -> SimpleUploadedFile:
    """Return the part's pages as a file of their own; a picture is one page and stays what it is."""
    stored = part.batch.file
    data = _bytes(stored)
    if stored.content_type == "application/pdf":
        data = some_pages(data, [ScannedPage(number, (), turn) for number, turn in part.pages])
    suffix = stored.name.rpartition(".")[2]
    return SimpleUploadedFile(f"{name}.{suffix}", data, content_type=stored.content_type)


def _bytes(stored: StoredFile) -> bytes:
    require_open(stored)
    with default_storage.open(stored.path) as file:
        data: bytes = file.read()
    return data


@contextmanager
def _from_paper(user: User, organisation: Organisation) -> Iterator[User]:
    """Act for the association from its signed paper, for as long as the block lasts."""
    if (now := open_visit(user)) and now.organisation_id == organisation.pk:
        yield user
        return
    visit = counter.begin(user, organisation, counter.Visitor(_("紙本"), Office.STAFF, CounterWay.PAPER))
    try:
        yield user
    finally:
        counter.end(user, visit, _("整批上傳的掃描"))
