"""The steps that are one form: what the law says stands at the very question, the rest beside the form."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from grants import compliance
from grants.forms.steps import ProjectStep
from grants.models import Application
from grants.queries.law import changes_of
from grants.queries.margins import Note

from .steps import frame


def context(case: Application, step: str, form: Any, judged: compliance.Judgement | None = None) -> dict[str, Any]:
    """The frame of the step; for the project the fields and questions, each with its notes."""
    made = frame(case, step, judged)
    made["reason_names"] = [note.reason_name for note in made["notes"] if note.asks]
    if not isinstance(form, ProjectStep):
        return made
    book, told = made["book"], _by_fact(made["notes"])
    plain = [{"field": field, "notes": told.pop(field.name, [])} for field in form.plain_fields()]
    asked = [
        {
            "asked": asked,
            "label": book.label(asked.question.clause),
            "url": book.url(asked.question.clause),
            "notes": told.pop(asked.question.key, []),
            "changes": changes_of(asked.question.clause, made["changed"]),
        }
        for asked in form.asked()
    ]
    left = [note for notes in told.values() for note in notes]
    at_questions = [(row["field"].name, row["notes"]) for row in plain if row["notes"]]
    at_questions += [(row["asked"].question.key, row["notes"]) for row in asked if row["notes"]]
    return made | {
        "plain": plain,
        "asked": asked,
        "notes": left,
        "at_questions": at_questions,
        "explained_later": any(note.asks for note in left),
    }


def parts(case: Application, step: str, form: Any) -> dict[str, Any]:
    """What a saved step shows anew: element id → its inside, and a sentence for a screen reader."""
    made = context(case, step, form)
    told = {"step-findings": render_to_string("grants/applications/_step_findings.html", made)}
    cells = [(row["field"].name, row["notes"]) for row in made.get("plain", ())]
    cells += [(row["asked"].question.key, row["notes"]) for row in made.get("asked", ())]
    for fact, notes in cells:
        told[f"note-{fact}"] = render_to_string("grants/applications/_margin.html", {"notes": notes})
    every = [*made["notes"], *(note for _fact, notes in cells for note in notes)]
    return {"parts": told, "announce": _announcement(every)}


def _announcement(notes: list[Note]) -> str:
    stops = sum(note.kind == "stop" for note in notes)
    asks = sum(note.asks and not note.reason for note in notes)
    if not stops and not asks:
        return _("已儲存，這一步符合規定。")
    return _("已儲存，這一步還有 %(stops)d 項必須修正、%(asks)d 項請說明。") % {"stops": stops, "asks": asks}


def _by_fact(notes: list[Note]) -> dict[str, list[Note]]:
    told: dict[str, list[Note]] = {}
    for note in notes:
        told.setdefault(note.fact, []).append(note)
    return told
