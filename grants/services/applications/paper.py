"""The application form on paper: A4 portrait, horizontal text, with the box for the 圖記 (K6.2.0, K6.2.1).

It bears a mark of its contents (queries.stamps), which shows when a stamped form no longer says the same as the case.
"""

from communities.enums import Office
from communities.queries import office_holders
from grants.compliance.judging import Judgement
from grants.models import Application
from grants.queries.applications import pages, stamps
from grants.queries.law.pages import label_of
from grants.queries.schemes import terms
from grants.rules import catalogue
from grants.rules.ruleset import load
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.paper_codes import PaperCode

from . import coded


def application_form(case: Application, judged: Judgement) -> bytes:
    """Return the PDF of the case as it stands. Raises pdf.UnavailableError where the machine cannot make PDFs, and
    pdf.UnprintableError where a character cannot be drawn.
    """
    contents, mark = pages.contents(case, judged), stamps.mark_of(case)
    context = contents | {
        "case": case,
        "today": clock.today(),
        "totals": judged.evaluation.totals,
        "edition": stamps.shown(mark),
        "chair": "、".join(office_holders(case.organisation_id, Office.CHAIRPERSON)),
        "reasons": _reasons(case, contents["lines"]),
        "papers": "、".join(_papers(case, judged)),
    }
    return coded.render("grants/applications/paper.html", context, PaperCode(case.number, stamps.STAMPED, mark))


def _reasons(case: Application, lines: list[pages.ShownLine]) -> list[tuple[str, str, str]]:
    """Return (subject, place of the clause, text) of every written reason, in the order of the budget."""
    places = {row.line.pk: (place, row.name) for place, row in enumerate(lines, 1)}
    rows, law = [], load(case.scheme.ruleset)
    for reason in case.justifications.exclude(text=""):
        place, name = places.get(reason.line_id or 0, (0, "整件"))
        about = f"第 {place} 項　{name}" if place else name
        rows.append((place, (about, label_of(reason.clause, law), reason.text)))
    return [text for _place, text in sorted(rows, key=lambda row: row[0])]


def _papers(case: Application, judged: Judgement) -> list[str]:
    """Return what goes with the form: the papers that law and county ask for, and any others already there."""
    held = set(case.documents.values_list("kind", flat=True))
    wanted = [kind.name for kind in catalogue.documents_for(judged.case) if kind.code != stamps.STAMPED]
    wanted += [paper.name for paper in terms.papers_of(case) if paper.required or paper.code in held]
    notes = case.documents.filter(kind="other").exclude(note="").order_by("id").values_list("note", flat=True)
    return list(dict.fromkeys([*wanted, *notes]))
