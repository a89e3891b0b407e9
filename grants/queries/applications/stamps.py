"""Whether the stamped 申請書 still says the same as the case. A mark of the contents is printed on the paper and kept with
the upload.
"""

import hashlib
import json
from typing import Any

from django.db.models import QuerySet

from grants.models import Application, ChairCode, Document
from miaoli_kaohsiung.audit.chain import json_safe

from . import versions

# The paper that the association prints, stamps and uploads (K6.2.1).
STAMPED = "application_form"
# Not on the printed form.
_NOT_PRINTED = ("contact_email",)


def mark_of(case: Application) -> str:
    """Return the SHA-256 of everything that the printed form says of the plan and its money."""
    lines = list(case.lines.all())
    places = {line.pk: place for place, line in enumerate(lines, 1)}
    reasons = [[row.clause, places.get(row.line_id or 0, 0), row.text] for row in case.justifications.all() if row.text]
    said: dict[str, Any] = {
        "applicant": case.organisation.name,
        "programme": case.programme.code,
        "fields": {name: getattr(case, name) for name in versions.FIELDS if name not in _NOT_PRINTED},
        "answers": case.answers,
        "lines": [{name: getattr(line, name) for name in versions.LINE_FIELDS if name != "position"} for line in lines],
        "reasons": sorted(reasons),
    }
    return hashlib.sha256(json.dumps(json_safe(said), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def shown(mark: str) -> str:
    """Return the mark as it is printed and compared by eye: "3F2A-9C1B"."""
    return f"{mark[:4]}-{mark[4:8]}".upper()


def outdated(case: Application) -> list[Document]:
    """Return the stamped forms that were printed with other contents than the case has now, if their printing is known."""
    stamped = [row for row in case.documents.all() if row.kind == STAMPED and row.contents]
    now = mark_of(case) if stamped else ""
    return [row for row in stamped if row.contents != now]


def is_signed(case: Application) -> bool:
    """Return whether the chairperson signed a sheet, or gave a code, for what the case says now."""
    mark = mark_of(case)
    return _sheets(case).filter(contents=mark).exists() or _codes(case).filter(contents=mark).exists()


def signer_of(case: Application) -> str:
    """Return the name of the chairperson who signed or gave a code for what the case says now; "" for none."""
    mark = mark_of(case)
    sheet = _sheets(case).filter(contents=mark).order_by("-pk").values_list("note", flat=True).first()
    return sheet or _codes(case).filter(contents=mark).order_by("-pk").values_list("chair", flat=True).first() or ""


def _sheets(case: Application) -> QuerySet[Document]:
    return case.documents.filter(kind=Document.SIGNED)


def _codes(case: Application) -> QuerySet[ChairCode]:
    return case.chair_codes.filter(used_at__isnull=False)


def must_be_printed_anew(case: Application) -> bool:
    """Return whether every stamped form of the case is outdated."""
    old = {row.pk for row in outdated(case)}
    return bool(old) and all(row.pk in old for row in case.documents.all() if row.kind == STAMPED)
