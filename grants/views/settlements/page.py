"""What the page of a 結報 shows to each person: the stages, the figures, and the forms of those whose turn it is."""

from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.compliance.checklist import spent_items
from grants.enums import (
    RUNNING,
    SETTLEMENT_STEPS,
    STOPPED,
    SUMS_PASSED,
    AwardStatus,
    DeadlineKind,
    RulingStatus,
    Verdict,
)
from grants.enums import SettlementStatus as S
from grants.forms.decisions import RefusalForm
from grants.forms.payments import MoneyBackForm, ReturnProofForm
from grants.forms.settlements.months import LawReasonForm, ShortfallForm
from grants.forms.settlements.record_corrections import CompletionCorrectionForm
from grants.forms.settlements.report import AcceptForm, CompletionForm, CorrectionForm, ReportForm, SumsForm
from grants.letters.compose import item_name
from grants.models import Deadline, RecordCorrection, Settlement, SettlementDocument
from grants.permissions import post_for
from grants.queries.applications.histories import entries_of, reads_in_house
from grants.queries.applications.pages import READ, once
from grants.queries.payments import first_paid_on, settled
from grants.queries.settlements.figures import required_kinds
from grants.queries.settlements.rows import lines_of, read_lines_once, shown_of
from grants.queries.settlements.sampling import sampled
from grants.queries.settlements.today import Forecast, forecast
from grants.queries.settlements.vouchers import papers_in, rows_of
from grants.rules import payments
from grants.services.amendments.asking import may_ask
from grants.services.settlements import reversing, surcharges
from grants.services.settlements.record_corrections import words
from grants.workflow.record_corrections import TABLE
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, COUNTY_STAFF, MONEY_KEEPERS, PAPER_READERS
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.queries import history_of
from miaoli_kaohsiung.files.fields import PapersForm
from miaoli_kaohsiung.lib import clock, merge
from miaoli_kaohsiung.lib.prepared import Prepared
from miaoli_kaohsiung.lib.related import read_related

from .next_step import next_of
from .viewer import Page


def context(page: Page, **extra: Any) -> dict[str, Any]:
    """Return the context of templates/grants/settlements/detail.html; `extra` holds bound forms and gaps after a
    refusal.
    """
    page.read_once()
    award, settlement = page.award, page.settlement
    money = page.money
    values: dict[str, Any] = {
        "award": award,
        "case": award.application,
        "settlement": settlement,
        "accent_county": award.county,
        "stages": _stages(page),
        "next": next_of(page),
        "money": money,
        "due": page.due,
        "deadline": page.due_on,
        "history": _history(page),
        "may_read_papers": post_for(page.user, award.application, PAPER_READERS) is not None,
    }
    values |= _corrections(page)
    values["unsent"] = settlement is not None and not page.reads
    if settlement is not None and page.reads:
        values["sampled"] = sampled(settlement)
        values |= _figures(settlement) | _papers(page, settlement) | _months(page, settlement)
        if page.weighs:
            values["law_findings"] = page.law_findings
        values["outcome"] = page.outcome or _foreseen(page, values["admitted"], values["surcharge"], values["judged"])
    values["forecast"] = today_of(page)
    values["ended"] = award.status in STOPPED
    if values["ended"]:
        values["outcome"] = page.outcome
    if (page.outcome and page.outcome.refund) or money.back:
        values["return"] = _return(page)
    values |= _reversals(page) | _forms(page) | extra
    values["may_amend"] = page.edits and not may_ask(award)
    if values.get("may_check_content") and "law_form" not in values:
        values["law_form"] = LawReasonForm(found=values.get("law_findings", []))
    return values


def today_of(page: Page) -> Forecast | None:
    """Return what the award would come to if it were settled today; None once it is, and for who may not read it."""
    award, settlement = page.award, page.settlement
    if award.status not in RUNNING or (settlement and (not page.reads or settlement.accepted_on)):
        return None
    read_related(award, "instalments")
    read_related(award.application, "lines")
    if settlement is not None:
        read_lines_once(settlement)
    return forecast(award, settlement, page.extra if settlement else 0, page.money, page.award_with_terms.misused)


def _corrections(page: Page) -> dict[str, Any]:
    """Return corrections of the day of completion, with what this person may do about them."""
    award = page.award
    values: dict[str, Any] = {}
    if award.completed_on is None:
        return {}
    read_related(award, "corrections", joined=("asked_by", "decided_by"))
    rows, table = list(award.corrections.all()), TABLE
    values["record_corrections"] = [
        (row, words(row), table.names_open_to(row, page.user), _why_not(row, page.user)) for row in rows
    ]
    values["correct_refusal"] = RefusalForm()
    waiting = any(row.status == RulingStatus.DRAFT for row in rows)
    accepted = page.settlement is not None and page.settlement.status == S.ACCEPTED
    asks = page.is_(Role.MEMBER) or page.is_(Role.CASE_OFFICER)
    if asks and not waiting and not accepted and award.status not in STOPPED:
        values["correct_form"] = CompletionCorrectionForm(award=award)
    return values


def _reversals(page: Page) -> dict[str, Any]:
    """Return, for the county, what was asked to take the acceptance back, and whether this person may ask."""
    award, settlement = page.award, page.settlement
    if settlement is None or settlement.submitted_on is None:
        return {}
    if post_for(page.user, award.application, COUNTY_READERS) is None:
        return {}
    rows = history_of(reversing.KIND.name, award.county, reversing.subject_of(award))
    waits = any(row.status == ChangeStatus.WAITING for row in rows)
    may = not waits and reversing.may_ask(settlement)
    staff = may and post_for(page.user, award.application, COUNTY_STAFF) is not None
    return {"reversals": rows, "may_reverse": staff}


def _why_not(row: RecordCorrection, user: User) -> str:
    waits = row.status == RulingStatus.DRAFT
    return TABLE.answer(row, "confirm", user).reason if waits else ""


def _return(page: Page) -> dict[str, Any]:
    """Return what came back and what must still, by when, to which account, and the association's proofs."""
    case = page.award.application
    row = Deadline.objects.filter(award=page.award, kind=DeadlineKind.RETURN).first()
    return {
        "deadline": row,
        "days": case.scheme.return_days,
        "account": case.scheme.return_account,
        "keeps_terms": post_for(page.user, case, MONEY_KEEPERS) is not None,
        "head": particulars(case.county, clock.today()),
        "proofs": list(page.award.return_proofs.select_related("file")),
    }


def _foreseen(page: Page, admitted: int, surcharge: int, judged: bool) -> payments.Settlement | None:
    """Return what acceptance would bring, once finance has checked the vouchers."""
    if not judged:
        return None
    eligible = min(page.award.total, admitted)
    return settled(page.award, page.money, eligible, surcharge, disallowed=page.award_with_terms.misused)


# Only what happened to the settlement and the money; the rest of the history is on the case's page.
_OWN_ACTIONS = r"^(application\.approve|(settlement|ledger|instalment|award)\.\w+)$"


_ENTRIES = Prepared(
    lambda in_house, case: entries_of(case, in_house=in_house).filter(action__regex=_OWN_ACTIONS)[:READ]
)


def _history(page: Page) -> list[dict[str, Any]]:
    case = page.award.application
    entries = _ENTRIES(reads_in_house(page.user, case), case=case.number)
    return [step | {"now": not place} for place, step in enumerate(once(entries)[:12])]


def _forms(page: Page) -> dict[str, Any]:
    forms: dict[str, Any] = {}
    settlement = page.settlement
    started = page.award.starts_on <= clock.today()
    if page.award.status == AwardStatus.ACTIVE and started and page.is_(Role.MEMBER):
        forms["completion_form"] = CompletionForm(award=page.award)
    due = page.due
    if due and page.is_(Role.FINANCE_OFFICER):
        forms["money_back_form"] = MoneyBackForm(due=due, since=first_paid_on(page.award))
    if due and page.is_(Role.MEMBER):
        forms["return_proof_form"] = ReturnProofForm(due=due, since=first_paid_on(page.award))
    if settlement is None or page.award.status in STOPPED:
        forms["may_start"] = settlement is None and page.award.status not in STOPPED and page.is_(Role.MEMBER)
        return forms
    if page.edits:
        stored = ReportForm(settlement=settlement)
        forms |= {"report_form": stored, "edition": settlement.edition, "seen": merge.seen([stored])}
        forms["law_findings"] = page.law_findings
    if page.may("check_sums"):
        forms["sums_form"] = SumsForm(settlement=settlement)
    if page.may("ask_correction") or page.may("send_back"):
        forms["correction_form"] = CorrectionForm()
    if page.may("accept") and page.extra:
        forms["accept_form"] = AcceptForm()
    forms["may_check_content"], forms["may_accept"] = page.may("check_content"), page.may("accept")
    if "sums_form" in forms or forms["may_check_content"] or forms["may_accept"]:
        forms["shown"] = shown_of(settlement, admitted="sums_form" not in forms)
    if forms["may_check_content"]:
        forms["spent_items"] = spent_items(page.award.application)
    if forms["may_check_content"] and page.shortfalls:
        forms["shortfall_form"] = ShortfallForm(shortfalls=page.shortfalls)
        forms["correction_form"] = CorrectionForm(initial={"note": _refusals(page.shortfalls)})
    return forms


def totals(settlement: Settlement, request: SignedIn) -> dict[str, str]:
    """Return the parts of the page that change while figures are typed: the sums, and the cost of each line to the
    association.
    """
    award = settlement.award
    found = forecast(award, settlement, surcharges.total(settlement))
    values = {"forecast": found, "award": award, "case": award.application}
    own: dict[str, str] = {
        f"own-{row.line.pk}": render_to_string("grants/settlements/_own.html", {"row": row}) for row in found.rows
    }
    return {"forecast": render_to_string("grants/settlements/_forecast.html", values, request)} | own


def _refusals(shortfalls: list[surcharges.Shortfall]) -> str:
    """Return what the association is to correct, as the officer has noted it."""
    refused = [(short.month, short.row.verdict_note) for short in shortfalls if short.row.verdict == Verdict.REFUSED]
    return "\n".join(_("%(month)s人數不足的說明：%(note)s") % {"month": month, "note": note} for month, note in refused)


def _figures(settlement: Settlement) -> dict[str, Any]:
    lines = lines_of(settlement)
    rows = [{"line": line, "name": item_name(line.line.item)} for line in lines]
    return {
        "rows": rows,
        "approved": sum(line.line.approved for line in lines),
        "spent": sum(line.spent or 0 for line in lines),
        "admitted": sum(line.admitted or 0 for line in lines),
        "judged": settlement.status in SUMS_PASSED,
    }


def _months(page: Page, settlement: Settlement) -> dict[str, Any]:
    """Return what each month adds, with its arithmetic, and the months in which too few people came."""
    extras = surcharges.extras(settlement)
    total = settlement.surcharge if settlement.accepted_on else sum(extra.surcharge.extra for extra in extras)
    return {"extras": extras, "surcharge": total, "shortfalls": page.shortfalls}


def _papers(page: Page, settlement: Settlement) -> dict[str, Any]:
    held: dict[str, list[SettlementDocument]] = {}
    read_related(settlement, "documents", joined=("file",))
    for paper in settlement.documents.all():
        held.setdefault(paper.kind, []).append(paper)
    required = dict(required_kinds(settlement))
    form = (page.uploads or papers_form(settlement)) if page.edits else None
    rows = [_paper(page, kind, required, held, form) for kind in kinds_of(required, held)]
    in_vouchers = papers_in(settlement, lines_of(settlement))
    reader = post_for(page.user, page.award.application, PAPER_READERS) is not None
    return {
        "papers": [row | {"in_vouchers": row["kind"] in in_vouchers} for row in rows],
        "vouchers": len(rows_of(settlement)) if reader else None,
    }


def _paper(
    page: Page, kind: str, required: dict[str, str], held: dict[str, list[SettlementDocument]], form: PapersForm | None
) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": SettlementDocument.Kind(kind).label,
        "clause": required.get(kind, ""),
        "held": held.get(kind, []),
        "gone": [row for row in page.removed if row.kind == kind] if form else [],
        "upload": form.upload(kind) if form and kind in form.kinds else None,
    }


def kinds_of(required: Iterable[str], held: Iterable[str]) -> list[str]:
    """Return the kinds of papers on the page: those that K7.2a asks for, then the others that were handed in."""
    return list(dict.fromkeys([*required, *held]))


def papers_form(settlement: Settlement, posted: tuple[Any, ...] = ()) -> PapersForm:
    """Return the uploads of all papers; the report carries them if no script sends them on choosing."""
    held = settlement.documents.values_list("kind", flat=True)
    kinds = kinds_of(dict(required_kinds(settlement)), held)
    form = PapersForm(
        *posted, kinds=[(kind, str(SettlementDocument.Kind(kind).label)) for kind in kinds], owner="report"
    )
    for kind in kinds:
        form.send_to(kind, reverse("grants:settlement_paper_add", args=[settlement.number, kind]))
    return form


def _stages(page: Page) -> list[dict[str, str]]:
    award, settlement = page.award, page.settlement
    if award.status in STOPPED:
        # Nothing was carried out, or it was revoked: there is no account to check, only money that may have to come back.
        back = [_("繳回款項")] if page.due or page.money.back else []
        return _track([award.get_status_display(), *back, _("款項結清")], 1 if page.due else 3)
    labels = [_("執行完畢"), _("填結報"), _("核憑證"), _("核成果"), _("准予核銷"), _("撥款或繳回"), _("結案")]
    now = 0
    if settlement is not None and award.completed_on:
        status = S.DRAFT if settlement.status == S.CORRECTION_REQUESTED else S(settlement.status)
        now = SETTLEMENT_STEPS.index(status) + 1
    if award.status == AwardStatus.CLOSED:
        now = len(labels)
    return _track(labels, now)


def _track(labels: list[str], now: int) -> list[dict[str, str]]:
    states = ["done" if place < now else "now" if place == now else "todo" for place in range(len(labels))]
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]
