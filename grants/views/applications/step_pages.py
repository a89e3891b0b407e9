"""The steps that are one form: the law's notes stand at their questions, the others beside the form."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from grants.compliance.judging import Judgement
from grants.forms.applications.steps import ProjectStep
from grants.models import Application
from grants.queries.law.margins import Note
from grants.queries.law.pages import changes_of
from grants.rules import catalogue

from .steps import frame

# The fields that are asked first; the others are folded away until one of them is filled.
FIRST = ("title", "starts_on", "ends_on", "service_area", "place")
STORY = ("goal", "content", "beneficiaries")
SHORT = ("int", "number", "money", "bool", "choice", "date")


def context(
    case: Application, step: str, form: Any, judged: Judgement | None = None, *, check: bool = False
) -> dict[str, Any]:
    """Return the context of the step; for the project also the fields and questions, each with its notes. The form
    itself asks for empty fields; notes on them are shown only with `check`, to a person who wants to see what is
    missing.
    """
    made = frame(case, step, judged)
    made["notes"] = [note for note in made["notes"] if check or not _unanswered(case, note)]
    made["explained_later"] = any(note.asks and not note.settled for note in made["notes"])
    made["reason_names"] = [note.reason_name for note in made["notes"] if note.asks]
    return made | _project(form, made) if isinstance(form, ProjectStep) else made


def _unanswered(case: Application, note: Note) -> bool:
    """Return whether a note is only about an answer that is still missing."""
    if note.blank:
        return True
    known = note.fact in catalogue.questions()
    value = case.answers.get(note.fact) if known else getattr(case, note.fact, True) if note.fact else True
    return value in (None, "", []) and note.kind != "info"


def _project(form: ProjectStep, made: dict[str, Any]) -> dict[str, Any]:
    book, notes = made["book"], _by_fact(made["notes"])
    plain: list[dict[str, Any]] = [
        {"field": field, "notes": notes.pop(field.name, [])} for field in form.plain_fields()
    ]
    asked: list[dict[str, Any]] = [
        {
            "asked": asked,
            "short": asked.question.type in SHORT,
            "label": book.label(asked.question.clause),
            "url": book.url(asked.question.clause),
            "notes": notes.pop(asked.question.key, []),
            "changes": changes_of(asked.question.clause, made["changed"]),
        }
        for asked in form.asked()
    ]
    left = [note for others in notes.values() for note in others]
    at_questions = [(row["field"].name, row["notes"]) for row in plain if row["notes"]]
    at_questions += [(row["asked"].question.key, row["notes"]) for row in asked if row["notes"]]
    chosen = set(form["service_area"].value() or ())
    rare = [row for row in plain if row["field"].name not in (*FIRST, *STORY)]
    return {
        "plain": plain,
        "first": [row for row in plain if row["field"].name in FIRST],
        "story": [row for row in plain if row["field"].name in STORY],
        "areas_chosen": "、".join(str(name) for code, name in form.areas if code in chosen),
        "rare": rare,
        "rare_open": any(row["field"].value() or row["field"].errors or row["notes"] for row in rare),
        "asked": asked,
        "notes": left,
        "at_questions": at_questions,
        "explained_later": any(note.asks and not note.settled for note in left),
    }


def parts(
    case: Application, step: str, form: Any, judged: Judgement | None = None, *, check: bool = False
) -> dict[str, Any]:
    """Return what a saved step shows anew: element id → its contents, and a sentence for a screen reader."""
    made = context(case, step, form, judged, check=check)
    values = {"step-findings": render_to_string("grants/applications/_step_findings.html", made)}
    cells = [(row["field"].name, row["notes"]) for row in made.get("plain", ())]
    cells += [(row["asked"].question.key, row["notes"]) for row in made.get("asked", ())]
    for fact, notes in cells:
        values[f"note-{fact}"] = render_to_string("grants/applications/_margin.html", {"notes": notes})
    every = [*made["notes"], *(note for _fact, notes in cells for note in notes)]
    return {"parts": values, "announce": _announcement(every)}


def _announcement(notes: list[Note]) -> str:
    stops = sum(note.kind == "stop" for note in notes)
    asks = sum(note.asks and not note.reason for note in notes)
    if not stops and not asks:
        return _("已儲存，這一步符合規定。")
    return _("已儲存，這一步還有 %(stops)d 項必須修正、%(asks)d 項請說明。") % {"stops": stops, "asks": asks}


def _by_fact(notes: list[Note]) -> dict[str, list[Note]]:
    values: dict[str, list[Note]] = {}
    for note in notes:
        values.setdefault(note.fact, []).append(note)
    return values
