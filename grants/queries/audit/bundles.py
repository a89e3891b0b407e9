"""What is put together of a case for an audit: its uploads and letters until a day, and the rows of its tables."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from grants.models import AmendmentPaper, Application, Award, LedgerEntry, Proposal, Voucher
from grants.queries.audit.as_of import CaseThen, entries_of
from grants.queries.audit.sentences import in_chunks
from grants.queries.schemes import terms
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.lib.template_tags import moment

# The action of the entry that has the SHA-256 of a bundle's list of sums.
TAKEN = "read.bundle"
# How many entries of the trail are read at once, and how many bundles a page lists.
CHUNK, SHOWN = 500, 20


@dataclass(frozen=True)
class Taken:
    """A bundle that was taken out: its entry in the trail, the day that it shows, the SHA-256 of its list of sums."""

    entry: AuditEntry
    day: dt.date
    sums: str


def taken(case: Application) -> list[Taken]:
    """Return the bundles of a case that were taken out, newest first."""
    rows = AuditEntry.objects.filter(object_type=case._meta.label_lower, object_id=str(case.pk), action=TAKEN)
    found = ((row, row.after or {}) for row in rows.order_by("-seq")[:SHOWN])
    return [Taken(row, dt.date.fromisoformat(after["on"]), after["sha256"]) for row, after in found]


@dataclass(frozen=True)
class Held:
    """An upload of the case: what it is, and why it is not in the bundle ("" if it is)."""

    what: str
    stored: StoredFile
    missing: str


def held(case: Application, then: CaseThen) -> list[Held]:
    """Return the uploads until the day of `then`, each once, in the order in which they came. Copies of passbooks are left
    out: they are of the account, which the trail shows only in part.
    """
    found: dict[Any, tuple[str, StoredFile]] = {}
    for what, stored in [*_papers(case, then), *_of_award(case, then.day)]:
        if stored is not None:
            found.setdefault(stored.pk, (what, stored))
    rows = [Held(what, stored, _missing(stored)) for what, stored in found.values()]
    return sorted(rows, key=lambda row: (row.stored.uploaded_at, str(row.stored.pk)))


def _papers(case: Application, then: CaseThen) -> Iterator[tuple[str, StoredFile | None]]:
    names = terms.paper_names(case)
    other = _("其他文件")
    rows = case.documents.filter(added_on__lte=then.day).select_related("file").order_by("pk")
    yield from ((names.get(row.kind, other), row.file) for row in rows)
    filed = [row for version in case.versions.filter(filed_on__lte=then.day) for row in version.snapshot["documents"]]
    kept = {row.sha256: row for row in StoredFile.objects.filter(sha256__in={row["sha256"] for row in filed})}
    now = {row.file.sha256 for row in rows}
    for row in filed:
        if row["sha256"] not in now:
            yield names.get(row["kind"], other), kept.get(row["sha256"])


def _of_award(case: Application, day: dt.date) -> Iterator[tuple[str, StoredFile | None]]:
    award = Award.objects.filter(application=case).first()
    if award is None:
        return
    for part in award.instalments.filter(requested_on__lte=day).select_related("receipt").order_by("number"):
        yield _("第 %(n)d 期款領據") % {"n": part.number}, part.receipt
    for paper in AmendmentPaper.objects.filter(amendment__award=award, added_on__lte=day).select_related("file"):
        yield _("計畫變更的文件"), paper.file
    for voucher in Voucher.objects.filter(settlement__award=award, added_on__lte=day).select_related("photo"):
        yield _("單據照片"), voucher.photo
    settlement = getattr(award, "settlement", None)
    if settlement:
        for document in settlement.documents.filter(added_on__lte=day).select_related("file"):
            yield str(document.get_kind_display()), document.file
    for proof in award.return_proofs.filter(added_on__lte=day).select_related("file"):
        yield _("繳款證明"), proof.file


def _missing(stored: StoredFile) -> str:
    if stored.closed_words:
        return stored.closed_words
    return "" if default_storage.exists(stored.path) else _("檔案讀不到")


def heads_of(table: str) -> list[str]:
    """Return the names of the columns of a table."""
    proposed = [_("建議日期"), _("建議"), _("建議金額"), _("建議的人"), _("承辦意見")]
    heads = {
        "lines": [_("項目"), _("申請（元）"), _("核定（元）")],
        "decisions": [*proposed, _("決定日期"), _("決定"), _("決定的人"), _("主管意見")],
        "ledger": [
            _("編號"),
            _("日期"),
            _("種類"),
            _("期別"),
            _("金額（元）"),
            _("登錄的人"),
            _("備註"),
            _("更正哪一筆"),
        ],
        "trail": [_("序號"), _("日期"), _("時間"), _("人員"), _("職務"), _("做了什麼"), _("雜湊值")],
        "files": [_("檔案"), _("種類"), _("原來的檔名"), _("大小"), "SHA-256", _("沒有放入的原因")],
    }
    return heads[table]


def file_rows(files: list[Held], names: list[str]) -> Iterator[list[Any]]:
    for name, row in zip(names, files, strict=True):
        stored = row.stored
        yield ["" if row.missing else name, row.what, stored.name, stored.size, stored.sha256, row.missing]


def line_rows(then: CaseThen) -> Iterator[list[Any]]:
    for line in then.lines:
        yield [
            line.item,
            "" if line.requested is None else line.requested,
            "" if line.approved is None else line.approved,
        ]


def decision_rows(case: Application, day: dt.date) -> Iterator[list[Any]]:
    """Yield the proposals until the day, with what was decided on them by then."""
    rows = Proposal.objects.filter(application=case, proposed_on__lte=day).select_related("proposed_by", "decided_by")
    for row in rows.order_by("pk"):
        decided = [""] * 4
        if row.decided_on and row.decided_on <= day:
            words = str(row.get_decision_display())
            decided = [format_roc(row.decided_on), words, str(row.decided_by or ""), row.decision_note]
        proposed = [
            format_roc(row.proposed_on),
            str(row.get_outcome_display()),
            row.total,
            str(row.proposed_by),
            row.note,
        ]
        yield [*proposed, *decided]


def ledger_rows(case: Application, day: dt.date) -> Iterator[list[Any]]:
    """Yield the entries that had been made by the end of the day, whatever day they were entered for."""
    made = (
        entries_of(case)
        .filter(object_type="grants.ledgerentry", portal_date__lte=day)
        .values_list("object_id", flat=True)
    )
    rows = LedgerEntry.objects.filter(pk__in=[int(key) for key in made]).select_related("by", "instalment")
    for row in rows.order_by("pk"):
        part = row.instalment.number if row.instalment else ""
        yield [
            row.pk,
            format_roc(row.on),
            str(row.get_kind_display()),
            part,
            row.amount,
            str(row.by),
            row.note,
            row.corrects_id or "",
        ]


def trail_rows(case: Application, day: dt.date) -> Iterator[list[Any]]:
    """Yield what was done to the case until the day, as the auditor reads it, with the link of the chain."""
    found: Iterable[AuditEntry] = (
        entries_of(case).filter(portal_date__lte=day).order_by("seq").iterator(chunk_size=CHUNK)
    )
    for row in in_chunks(iter(found), CHUNK):
        entry = row.entry
        who = [entry.actor_name, entry.post_label]
        yield [entry.seq, format_roc(entry.portal_date), moment(entry.at), *who, row.text, entry.hash]
