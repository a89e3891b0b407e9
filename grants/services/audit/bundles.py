"""All of a case in one ZIP file for an audit, with what is needed to check it far from the portal. It is made while it is sent:
no more than a piece of one file is held. Before its last piece, without which nobody can open it, the trail gets the SHA-256 of
its list of sums: so every bundle that was taken out whole has its entry, and one that was made up has none.
"""

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import Application
from grants.permissions import actor_for
from grants.queries.audit.as_of import CaseThen, facts_of
from grants.queries.audit.bundles import (
    TAKEN,
    Held,
    decision_rows,
    file_rows,
    heads_of,
    held,
    ledger_rows,
    line_rows,
    trail_rows,
)
from grants.queries.audit.proofs import filing_proof_of, letter_proof_of
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.models import AuditSeal
from miaoli_kaohsiung.audit.proofs import BrokenError, NotSealedError, line_of
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.written_sheets import csv_parts
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused

actions.register(TAKEN, _l("取得案件檔案包"))
SUMS = "SHA256SUMS"
SCRIPTS = ("check_bundle.py", "check_proof.py")
PIECE = 64 * 1024
# Signs that some system does not take in the name of a file.
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*\s]+')

Member = tuple[str, Iterable[bytes]]


def made(user: User, case: Application, then: CaseThen) -> Iterator[bytes]:
    """Return the bundle piece by piece. Raises Refused before the first one: for a day before the case, and where no PDFs
    are made.
    """
    if not then.status:
        raise Refused(_("這一天還沒有這一件，請選晚一點的日期。"))
    by = actor_for(user, case, Role.AUDITOR)
    # The request is over when the last piece is made: what is known of it is kept.
    request = structlog.contextvars.get_contextvars()

    def note(sums: str) -> None:
        with structlog.contextvars.bound_contextvars(**request), trail.unit_of_work(by):
            after = {"on": then.day, "sha256": hashlib.sha256(sums.encode()).hexdigest()}
            trail.record(TAKEN, case, after=after, case=case.number)

    return _packed(_members(case, then, paper(case, then)), note)


def paper(case: Application, then: CaseThen) -> bytes:
    """Return the case of that day as PDF. Raises Refused."""
    html = render_to_string(
        "audit/case_paper.html", {"case": case, "then": then, "facts": facts_of(then), "today": clock.today()}
    )
    try:
        return pdf.render(html, base=Path(settings.BASE_DIR) / "static" / "pdf")
    except pdf.UnavailableError as missing:
        raise Refused(_("這臺主機目前不能製作 PDF，請通知系統管理員。")) from missing


class _Sink:
    """What a ZIP file is written to: it keeps what was not sent yet, and cannot be wound back."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: `taken` sends."""

    def close(self) -> None:
        """Do nothing: there is nothing behind it."""

    def taken(self) -> bytes:
        data = b"".join(self.waiting)
        self.waiting.clear()
        return data


def _packed(members: Iterable[Member], note: Callable[[str], None]) -> Iterator[bytes]:
    sink, sums = _Sink(), []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, parts in members:
            digest = hashlib.sha256()
            with packed.open(name, "w") as file:
                for part in parts:
                    file.write(part)
                    digest.update(part)
                    yield sink.taken()
            sums.append(f"{digest.hexdigest()}  {name}\n")
        packed.writestr(SUMS, "".join(sums))
        note("".join(sums))
    yield sink.taken()


def _members(case: Application, then: CaseThen, printed: bytes) -> Iterator[Member]:
    files = held(case, then)
    names = [f"files/{place:03}-{_UNSAFE.sub('_', row.stored.name)}" for place, row in enumerate(files, start=1)]
    yield "README.txt", [render_to_string("audit/bundle_readme.txt", {"case": case, "then": then}).encode()]
    yield "case.pdf", [printed]
    yield from _tables(case, then, files, names)
    for name, row in zip(names, files, strict=True):
        if not row.missing:
            yield name, _bytes_of(row.stored)
    for letter in then.letters:
        if letter.file and not letter.file.closed_words and default_storage.exists(letter.file.path):
            yield f"letters/letter-{letter.pk}.pdf", _bytes_of(letter.file)
    yield from _proofs(case, then)
    lines = (line_of(seal) for seal in AuditSeal.objects.exclude(mark="").order_by("day").iterator())
    yield "heads.txt", (f"{line}\n".encode() for line in lines)
    for script in SCRIPTS:
        yield script, [(Path(settings.BASE_DIR) / "static" / "proofs" / script).read_bytes()]


def _tables(case: Application, then: CaseThen, files: list[Held], names: list[str]) -> Iterator[Member]:
    tables = {
        "lines": line_rows(then),
        "decisions": decision_rows(case, then.day),
        "ledger": ledger_rows(case, then.day),
        "trail": trail_rows(case, then.day),
        "files": file_rows(files, names),
    }
    for name, rows in tables.items():
        yield f"tables/{name}.csv", csv_parts(heads_of(name), rows)


def _proofs(case: Application, then: CaseThen) -> Iterator[Member]:
    """Yield the proofs that there are: none for what an older release took, or whose day is not over."""
    wanted = [
        (f"filing-{row.number}", partial(filing_proof_of, row)) for row in case.versions.filter(filed_on__lte=then.day)
    ]
    wanted += [(f"letter-{row.pk}", partial(letter_proof_of, row)) for row in then.letters]
    for name, proof in wanted:
        try:
            data = proof()
        except (NotSealedError, BrokenError):
            continue
        if data is not None:
            yield f"proofs/{name}.json", [data]


def _bytes_of(stored: StoredFile) -> Iterator[bytes]:
    with default_storage.open(stored.path) as file:
        yield from file.chunks(PIECE)
