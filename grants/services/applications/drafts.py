"""Drafting an application: start, save step by step, budget lines, reasons. Papers are in `documents`, filing in `filing`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.models import Organisation
from grants.enums import BEFORE_FILING, Verdict
from grants.models import Application, BudgetLine, Justification, NumberSeries, Programme
from grants.permissions import actor_for, may_edit, may_start
from grants.rules.ruleset import load
from grants.services.locks import lock_draft
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock, roc_date, search
from miaoli_kaohsiung.lib.access import Refused, require

from . import budget_lines, opened
from .budget_lines import LINE_FIELDS, MAX_LINES, SAVE_BUDGET, TooManyLinesError, line_values

__all__ = ["MAX_LINES", "TooManyLinesError"]

COPIED = (
    "contact_name", "contact_phone", "contact_email", "title", "service_area", "place", "goal", "content",
    "beneficiaries", "outcome", "answers", "other_funding",
)  # fmt: skip

# What hangs on a case and changes only together with its edition.
PARTS = ("lines", "documents", "justifications")

START = actions.register("application.start", _l("開始填寫申請案"))
SAVE = actions.register("application.save", _l("儲存申請內容"))
JUSTIFY = actions.register("application.justify", _l("填寫說明"))


class StaleError(Refused):
    """The page was opened before somebody else saved. Nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            _("這一件在您填寫的時候，已經在別的視窗或由別的同仁存過。您填的內容還在畫面上，請確認後再按一次「儲存」。")
        )


@dataclass(frozen=True)
class BudgetChange:
    """What a posted budget asks for: values by line id, reasons by (clause, line id or None), and one command.

    For `command` and `argument` see `budget_lines.carry_out`.
    """

    rows: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    reasons: Mapping[tuple[str, int | None], str] = field(default_factory=dict)
    command: str = ""
    argument: str = ""


def start(
    user: User, organisation: Organisation, programme: Programme, copy_of: Application | None = None
) -> tuple[Application, bool]:
    """Return the organisation's open draft of the programme, or a new one, and whether it is new. Safe in parallel.

    A new draft takes over words and lines of `copy_of`, an earlier case of the same organisation, without its dates.
    Raises Refused.
    """
    require(may_start(user, organisation.pk))
    if programme.scheme.county != organisation.county:
        raise Refused(_("這個方案是給%(county)s的單位申請的。") % {"county": programme.scheme.get_county_display()})
    post = post_with(user, Role.MEMBER, organisation_id=organisation.pk)
    with trail.unit_of_work(Actor(user, post.label if post else "")):
        if draft := _open_draft(organisation, programme):
            return draft, False
        # Whoever waited here for the number finds the draft that the other request has just made.
        number = _next_number(programme)
        if draft := _open_draft(organisation, programme):
            return draft, False
        case = _new_case(user, organisation, programme, number(), copy_of)
        trail.record(START, case, after={"programme": programme.code}, case=case.number)
        return case, True


def save_step(
    user: User,
    case: Application,
    values: Mapping[str, Any],
    reasons: Mapping[tuple[str, int | None], str] | None = None,
    *,
    edition: int,
) -> Application:
    """Save the fields of one step, empty ones too; merge `answers`; keep reasons by (clause, line id or None). Raises
    Refused, or StaleError.
    """
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = _with_what_was_read(locked(user, case, edition), case)
        fields = dict(values)
        if "answers" in fields:
            fields["answers"] = _merged(row.answers, fields["answers"])
        before, after = trail.changes(trail.snapshot(row, *fields) if fields else {}, fields)
        opened.require_fields(row, after)
        lines = set(row.lines.values_list("pk", flat=True)) if reasons else set()
        known = {key: text for key, text in (reasons or {}).items() if key[1] in (None, *lines)}
        explained = [_save_reason(row, key, text) for key, text in known.items()]
        if not after and not any(explained):
            return row
        if any(explained):
            _known(row).pop("justifications", None)
        for name, value in fields.items():
            setattr(row, name, value)
        touch(row, *fields)
        if after:
            trail.record(SAVE, row, before=before, after=after, case=row.number)
        return row


def save_budget(user: User, case: Application, change: BudgetChange, *, edition: int) -> Application:
    """Save lines and reasons and carry out the command, all or nothing. Raises Refused, StaleError."""
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = locked(user, case, edition)
        lines = {line.pk: line for line in row.lines.select_for_update()}
        opened.require_command(row, change.command, change.argument)
        changed = [save_line(row, lines[pk], values) for pk, values in change.rows.items() if pk in lines]
        changed += [_save_reason(row, key, text) for key, text in change.reasons.items() if key[1] in (None, *lines)]
        changed.append(budget_lines.carry_out(row, lines, change.command, change.argument))
        if any(changed):
            budget_lines.let_follow(row, lines)
            row.requested_total = sum(line.requested or 0 for line in lines.values())
            touch(row, "requested_total", "removed_lines")
        return row


def import_lines(
    user: User, case: Application, rows: list[tuple[str, Mapping[str, Any]]], *, edition: int
) -> Application:
    """Append lines, given as item code and values, all or none. Raises Refused, StaleError."""
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = locked(user, case, edition)
        opened.require_command(row, "import", "")
        lines = {line.pk: line for line in row.lines.select_for_update()}
        for item, values in rows:
            fields = {name: value for name, value in values.items() if name in LINE_FIELDS}
            fields["quantities"] = _merged({}, fields.get("quantities", {}))
            budget_lines.append(row, lines, BudgetLine(item=item, **fields))
        budget_lines.let_follow(row, lines)
        row.requested_total = sum(line.requested or 0 for line in lines.values())
        touch(row, "requested_total")
        return row


def save_reasons(
    user: User, case: Application, reasons: Mapping[tuple[str, int | None], str], *, edition: int
) -> Application:
    """Save the written reasons for warnings by (clause, line id or None)."""
    return save_budget(user, case, BudgetChange(reasons=reasons), edition=edition)


def index(case: Application) -> None:
    """Write the words by which the case is found: number, title, organisation."""
    Application.objects.filter(pk=case.pk).update(search=words_of(case))


def words_of(case: Application) -> Any:
    """Return the words by which the case is found, as the database writes them."""
    return search.vector(case.number, case.title, case.organisation.name)


def _open_draft(organisation: Organisation, programme: Programme) -> Application | None:
    return Application.objects.filter(organisation=organisation, programme=programme, status__in=BEFORE_FILING).first()


def _next_number(programme: Programme) -> Callable[[], str]:
    """Lock the number series of the scheme and ROC year, and return a function that gives the next number."""
    year = clock.today().year
    NumberSeries.objects.bulk_create([NumberSeries(scheme=programme.scheme, year=year)], ignore_conflicts=True)
    series = NumberSeries.objects.select_for_update().get(scheme=programme.scheme, year=year)

    def take() -> str:
        series.last += 1
        series.save(update_fields=["last"])
        return f"{programme.scheme.number_prefix}-{roc_date.roc_year(clock.today().year):03}-{series.last:04}"

    return take


def _new_case(
    user: User, organisation: Organisation, programme: Programme, number: str, copy_of: Application | None
) -> Application:
    case = Application(
        number=number,
        scheme=programme.scheme,
        programme=programme,
        organisation=organisation,
        county=organisation.county,
        township_code=organisation.township_id or "",
        contact_name=user.display_name,
        contact_phone=organisation.phone,
        contact_email=user.email,
        service_area=[organisation.township_id] if organisation.township_id else [],
        status_since=clock.today(),
        created_by=user,
        created_on=clock.today(),
        updated_at=clock.now(),
    )
    taken = copy_of if copy_of and copy_of.organisation_id == organisation.pk else None
    for name in COPIED if taken else ():
        setattr(case, name, getattr(taken, name))
    case.requested_total = taken.requested_total if taken else 0
    case.save()
    for line in taken.lines.all() if taken else ():
        BudgetLine.objects.create(**line_values(line), application=case, position=line.position, month="")
    index(case)
    return case


def locked(user: User, case: Application, edition: int | None) -> Application:
    """Return the case, locked and read again, if the user may edit it. With `edition` None any edition will do."""
    row = lock_draft(case)
    require(may_edit(user, row))
    if edition is not None and row.edition != edition:
        raise StaleError
    return row


def _with_what_was_read(row: Application, case: Application) -> Application:
    """Return the locked case with its lines, papers and reasons as they were read for the page: whatever changes one of
    them counts an edition, so that they are still so if the edition is the same.
    """
    if row.edition == case.edition:
        _known(row).update((name, rows) for name, rows in _known(case).items() if name in PARTS)
    return row


def _known(case: Application) -> dict[str, Any]:
    """Return what was read with the case, by the name of its part: where Django keeps it."""
    known: dict[str, Any] = case.__dict__.setdefault("_prefetched_objects_cache", {})
    return known


def touch(row: Application, *names: str) -> None:
    """Count one more edition and write the search words anew."""
    row.edition += 1
    row.updated_at = clock.now()
    if "title" in names:
        row.search, names = words_of(row), (*names, "search")
    row.save(update_fields=["edition", "updated_at", *names])
    # What was written is an expression: whoever wants the words reads them.
    row.__dict__.pop("search", None)


def _merged(kept: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return `kept` with `changes` laid over it; a blank removes an answer."""
    return {key: value for key, value in {**kept, **changes}.items() if value is not None}


def save_line(row: Application, line: BudgetLine, values: Mapping[str, Any]) -> bool:
    fields = {name: value for name, value in values.items() if name in LINE_FIELDS}
    if "quantities" in fields:
        fields["quantities"] = _merged(line.quantities, fields["quantities"])
    after = {name: value for name, value in fields.items() if getattr(line, name) != value}
    if not after:
        return False
    opened.require_lines(row, [line])
    before = trail.snapshot(line, *after)
    for name, value in after.items():
        setattr(line, name, value)
    line.save(update_fields=list(after))
    trail.record(SAVE_BUDGET, line, before=before, after=after, case=row.number)
    return True


def _save_reason(row: Application, key: tuple[str, int | None], text: str) -> bool:
    clause, line_id = key
    if clause not in load(row.scheme.ruleset).clauses:
        return False
    found = row.justifications.filter(clause=clause, line_id=line_id).first()
    words = text.strip()
    if (found.text if found else "") == words:
        return False
    if line_id is not None:
        opened.require_lines(row, row.lines.filter(pk=line_id))
    reason = found or Justification(application=row, clause=clause, line_id=line_id)
    before = {"text": reason.text} if found else None
    # The officer has to read a changed reason again.
    reason.text, reason.verdict, reason.verdict_note, reason.verdict_by = words, Verdict.PENDING, "", None
    reason.save()
    trail.record(JUSTIFY, reason, before=before, after={"clause": clause, "text": words}, case=row.number)
    return True
