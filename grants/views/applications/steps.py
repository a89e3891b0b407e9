"""What the steps of the application form share: their addresses, the frame around each, what a post carries."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from grants.compliance.judging import Judgement, judge
from grants.enums import ApplicationStatus
from grants.forms.applications.steps import ReasonForm
from grants.models import Application
from grants.permissions import holds, may_edit
from grants.queries.applications import completeness
from grants.queries.applications.completeness import STEPS
from grants.queries.applications.places import openness_of
from grants.queries.law import margins
from grants.queries.law.pages import changes
from grants.queries.schemes import terms
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn
from miaoli_kaohsiung.lib.access import require
from miaoli_kaohsiung.lib.leads_back import ClosedFormError
from miaoli_kaohsiung.lib.numbers import whole_number

from . import corrections
from .cases import case_or_404

LONGEST_REASON = 2000
LAST_SAVE = "last-save"
ADDRESSES = {step: f"grants:application_{step}" for step in STEPS}


def editable_case(request: SignedIn, number: str) -> Application:
    """Return the case if it may be changed. A person who may only read it is sent to its page, with the reason."""
    case = case_or_404(request, number)
    answer = may_edit(request.user, case)
    if not answer and holds(request.user, case, Role.MEMBER):
        raise ClosedFormError(answer.reason, reverse("grants:application_detail", args=[number]))
    require(answer)
    return case


def frame(case: Application, step: str, judged: Judgement | None = None) -> dict[str, Any]:
    """Return what every step shows around its form: the track, and what the law says of this step."""
    judged = judged or judge(case, stage="draft")
    book = margins.Lawbook(judged.ruleset, case.scheme.slug)
    found = margins.of_step(judged.evaluation, step)
    closed = judged.ruleset.missing(judged.on)
    notes = margins.notes_of(found, margins.reasons_of(case), book)
    return {
        "case": case,
        "accent_county": case.county,
        "step": step,
        "step_name": STEPS[step],
        "stages": track(case, step, judged),
        "notes": notes,
        "explained_later": any(note.asks for note in notes),
        "book": book,
        "changed": changes(judged.ruleset, judged.on),
        "next_step": after(step),
        "next_name": STEPS[after(step)],
        "next_url": ADDRESSES[after(step)],
        "opened": openness_of(case),
        **corrections.context(case),
        "closed": judged.evaluation.errors[0].message if closed and judged.evaluation.errors else "",
    }


def track(
    case: Application, now: str, judged: Judgement, gaps: list[completeness.Gap] | None = None
) -> list[dict[str, str]]:
    """Return the steps with their states: done if nothing must be corrected. While the chairperson is asked, they link
    to the parts of the last page, where everything can be read.
    """
    red = {gap.step for gap in (completeness.gaps(case) if gaps is None else gaps)}
    red |= {margins.step_of(finding) for finding in judged.evaluation.errors if finding.clause not in judged.waived}
    # A draft is not yet asked for its papers, but the step is not done without them.
    if terms.missing_papers(case, judged.case):
        red.add("documents")
    reading = case.status == ApplicationStatus.AWAITING_CHAIR
    review = reverse(ADDRESSES["review"], args=[case.number])
    return [
        {
            "label": str(STEPS[step]),
            "state": "now" if step == now else "todo" if step in red or step == "review" else "done",
            "url": f"{review}#{step}" if reading else reverse(ADDRESSES[step], args=[case.number]),
        }
        for step in STEPS
    ]


def after(step: str) -> str:
    order = list(STEPS)
    return order[min(order.index(step) + 1, len(order) - 1)]


def posted_reasons(posted: Mapping[str, str]) -> dict[tuple[str, int | None], str]:
    """Return the written reasons by (clause, line id or None), without NUL, which the database cannot store."""
    values = {
        name: text.replace("\x00", "")[:LONGEST_REASON] for name, text in posted.items() if name.startswith("reason:")
    }
    return {key: text for name, text in values.items() for key in margins.reason_keys(name)}


def reason_names(posted: Mapping[str, str]) -> list[str]:
    """Return the names of the inputs for reasons in a post."""
    return [name for name in posted if margins.reason_keys(name)]


def reason_form(posted: QueryDict | None, case: Application, names: Iterable[str]) -> ReasonForm:
    """Return the reasons of these inputs, posted or as they are stored."""
    stored = margins.reasons_of(case)
    kept = {name: _stored_reason(stored, name) for name in names if margins.reason_keys(name)}
    return ReasonForm(posted, kept=kept)


def _stored_reason(stored: margins.Reasons, name: str) -> str:
    return next((found.text for key in margins.reason_keys(name) if (found := stored.get(key))), "")


def page_edition(request: SignedIn, case: Application) -> int:
    """Return the edition that the page carries, or the one made by its own last save if the answer to that was lost."""
    own = [case.number, _page_name(request), case.edition]
    return case.edition if own[1] and request.session.get(LAST_SAVE) == own else posted_edition(request)


def remember_save(request: SignedIn, case: Application, saved: Application) -> None:
    """Keep which page of this session made the newest edition, in case the answer to the save does not arrive."""
    if saved.edition != case.edition and (name := _page_name(request)):
        request.session[LAST_SAVE] = [case.number, name, saved.edition]


def _page_name(request: SignedIn) -> str:
    return request.POST.get("page", "")[:30]


def posted_edition(request: SignedIn) -> int:
    return whole_number(request.POST.get("edition"), digits=9) or 0
