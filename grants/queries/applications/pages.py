"""What the page and the paper of a case show, read in a fixed number of queries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import EvaluationStage
from grants.models import Application, ApplicationVersion, BudgetLine, Document, StoredEvaluation
from grants.queries.law import margins
from grants.queries.schemes import terms
from grants.rules import catalogue
from grants.rules.findings import Evaluation, Finding, Limit, Totals
from grants.rules.ruleset import load
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock, roc_date, service_months
from miaoli_kaohsiung.lib.prepared import Prepared

from . import other_cases, versions
from .histories import entries_of, reads_in_house

# How many entries of the trail are read, and how many rows are shown.
READ, SHOWN = 120, 25
# How many pages of a paper stand beside what is checked.
MOST_PAGES = 30
_FINDING = Finding.__dataclass_fields__
_LIMIT = Limit.__dataclass_fields__


@dataclass(frozen=True)
class ShownLine:
    """A budget line with its quantities in words and the law's findings on it."""

    line: BudgetLine
    name: str
    quantities: str
    notes: list[margins.Note]


@dataclass(frozen=True)
class ShownPaper:
    """A paper beside what is checked. `mark` is the id of its part of the page, `place` what the check calls it; `address`
    leads to the file, `page_address` to a page of it as a picture.
    """

    name: str
    note: str
    file: StoredFile
    mark: str
    place: str
    address: str
    page_address: Callable[[int], str]

    @property
    def pages(self) -> list[tuple[int, str]]:
        """The pages that are shown as pictures, with their addresses; the rest is in the file."""
        return [(page, self.page_address(page)) for page in range(1, min(self.file.pages or 0, MOST_PAGES) + 1)]

    @property
    def is_picture(self) -> bool:
        return self.file.content_type.startswith("image/")

    @property
    def has_more(self) -> bool:
        return (self.file.pages or 0) > MOST_PAGES


@dataclass(frozen=True)
class Paper:
    """A paper of the case with its name."""

    document: Document
    name: str

    @property
    def shown(self) -> ShownPaper:
        row, number = self.document, self.document.application.number
        return ShownPaper(
            self.name,
            row.note,
            row.file,
            f"doc-{row.pk}",
            f"doc:{row.kind}",
            reverse("grants:application_document", args=[number, row.pk]),
            lambda page: reverse("grants:application_document_page", args=[number, row.pk, page]),
        )


_VERSIONS = Prepared(lambda case: ApplicationVersion.objects.filter(application=case).select_related("filed_by"))
_HISTORY = Prepared(lambda in_house, case: entries_of(case, in_house=in_house)[:READ])
_STORED = Prepared(
    lambda case: StoredEvaluation.objects.filter(application=case, stage=EvaluationStage.SUBMISSION).reverse()[:1]
)


def versions_of(case: Application) -> list[ApplicationVersion]:
    """Return what was filed, the first one first, each with who filed it."""
    found = _VERSIONS(case=case.pk)
    for version in found:
        version.application = case
    return found


def contents(case: Application, judged: Any = None, user: User | None = None) -> dict[str, Any]:
    """Return the parts of the case page. `judged` is a fresh judgement; without it the stored one of the last filing
    counts. The history is limited to what `user` may read.
    """
    # Before the first filing nothing was asked for and nothing stored.
    filed = versions_of(case) if case.first_filed_on else []
    return {
        **materials(case, judged),
        "versions": filed,
        "changes": versions.changes(case, filed[-2].snapshot, filed[-1].snapshot) if len(filed) > 1 else [],
        "corrections": list(case.corrections.all()[:5]) if filed else [],
        "history": history(case, user),
    }


def materials(case: Application, judged: Any = None) -> dict[str, Any]:
    """Return plan, budget and papers with the law's notes, for the case page and for the pane beside what is checked."""
    prefetch_related_objects([case], Prefetch("documents", Document.objects.select_related("file")))
    reasons = margins.reasons_of(case)
    evaluation = judged.evaluation if judged else stored(case)
    book = margins.Lawbook(judged.ruleset if judged else load(case.scheme.ruleset), case.scheme.slug)
    lines = list(case.lines.all())
    notes = margins.line_notes(evaluation, lines, reasons, book) if evaluation else {}
    names = terms.paper_names(case)
    return {
        "lines": [ShownLine(line, item_name(line), quantity_words(line), notes.get(line.pk, [])) for line in lines],
        "case_notes": margins.notes_of([f for f in evaluation.findings if not f.line], reasons, book)
        if evaluation
        else [],
        "areas": "、".join(other_cases.township_names(case.service_area, clock.today()).values()),
        "answers": answers(case),
        "documents": [Paper(document, names.get(document.kind, _("其他文件"))) for document in case.documents.all()],
    }


def history(case: Application, user: User | None) -> list[dict[str, Any]]:
    """Return what was done, newest first, by the portal's day; repetitions in a row are shown once."""
    return once(_HISTORY(reads_in_house(user, case), case=case.number))[:SHOWN]


def once(entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """Return the steps of a history, with repetitions in a row merged into one."""
    shown: list[dict[str, Any]] = []
    for entry in entries:
        alike = (entry.title, entry.who, entry.portal_date, entry.text)
        if shown and shown[-1]["alike"] == alike:
            shown[-1]["times"] += 1
        else:
            shown.append({"alike": alike, "times": 1, "who": entry.who, "day": entry.portal_date, "text": entry.text})
    for row in shown:
        title, times = row["alike"][0], row["times"]
        row["title"] = title if times == 1 else _("%(title)s（%(times)d 次）") % {"title": title, "times": times}
    return shown


def stored(case: Application) -> Evaluation | None:
    """Return the evaluation stored at the last filing, as the engine gave it."""
    kept = _STORED.first(case=case.pk)
    if kept is None:
        return None
    result = kept.result
    return Evaluation(
        tuple(Finding(**{name: row[name] for name in _FINDING if name in row}) for row in result["findings"]),
        Totals(requested=result["totals"]["requested"]),
        kept.ruleset_sha256,
        limits=tuple(Limit(**{name: row[name] for name in _LIMIT}) for row in result["limits"]),
    )


def item_name(line: BudgetLine) -> str:
    return catalogue.items()[line.item].name


def quantity_words(line: BudgetLine) -> str:
    """Return the quantities in words: 「時數 6 小時，外聘，99年7月，王小明」"""
    item = catalogue.items()[line.item]
    parts = []
    for quantity in (*item.quantities, *item.details):
        value = line.quantities.get(quantity.key)
        if value in (None, "", []):
            continue
        parts.append(_quantity(quantity, value))
    if line.month:
        parts.append(service_months.words(line.month.split(",")))
    return "，".join([*parts, *([line.person] if line.person else [])])


def _quantity(quantity: catalogue.Quantity, value: Any) -> str:
    named = dict(quantity.choices)
    if quantity.type == "children":
        ages = "、".join(_child(child) for child in value)
        return _("照顧 %(count)d 位孩子（%(ages)s 歲）") % {"count": len(value), "ages": ages}
    if isinstance(value, bool):
        return str(named.get(value, quantity.label)) if value or named else ""
    if quantity.type == "choice":
        return str(named.get(value, value))
    return f"{quantity.label} {_said(value, quantity.type)} {quantity.unit}".strip()


def quantity_cell(quantity: catalogue.Quantity, value: Any) -> Any:
    """Return a quantity for a spreadsheet cell: a number, or the word of a choice; "" for a blank."""
    if value in (None, "", []):
        return ""
    words = dict(quantity.choices)
    if isinstance(value, bool):
        return words.get(value) or (_("是") if value else _("否"))
    return words.get(value, value)


def _child(child: dict[str, Any]) -> str:
    """Return 「3」, or 「3［自己的、身心障礙或發展遲緩］」, with what decides whether and at which rate a child is paid for."""
    marks = [(_("自己的"), child.get("own")), (_("身心障礙或發展遲緩"), child.get("special_needs"))]
    message = "、".join(word for word, ticked in marks if ticked)
    return f"{child['age']}［{message}］" if message else str(child["age"])


def answers(case: Application) -> list[tuple[str, str]]:
    """Return the answered questions, each with its answer in words."""
    return [
        (question.label, answer_words(question, case.answers[question.key]))
        for question in terms.known_questions(case).values()
        if case.answers.get(question.key) not in (None, "", [])
    ]


def own_answers(case: Application) -> list[tuple[str, str]]:
    """Return the county's own questions, each with the answer in words."""
    asked = [row.question for row in terms.questions_of(case)]
    return [
        (question.label, _("（未填）") if value in (None, "", []) else answer_words(question, value))
        for question in asked
        for value in [case.answers.get(question.key)]
    ]


def answer_words(question: catalogue.Question, value: Any) -> str:
    named = dict(question.choices)
    if question.type == "list":
        rows = (_row(question, row) for row in value)
        return _("%(count)d 列：%(rows)s") % {"count": len(value), "rows": "；".join(rows)}
    if isinstance(value, list):
        return "、".join(str(named.get(part, part)) for part in value)
    return str(named.get(value, _said(value, question.type)))


def _row(question: catalogue.Question, row: dict[str, Any]) -> str:
    """Return the filled columns in the order of the form: 「住幾位 4、房間數 4」."""
    cells = ((label, kind, row.get(key)) for key, label, kind in question.columns)
    return "、".join(f"{label} {_said(value, kind)}" for label, kind, value in cells if value is not None)


def _said(value: Any, kind: str) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if kind == "date" and isinstance(value, str):
        return roc_date.format_roc(roc_date.parse_date(value))
    return str(value)
