"""What the page of a 結報 shows to whom: the stages, what happens next, and the forms of those whose turn it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import AwardStatus, DeadlineKind, RulingStatus, Verdict
from grants.enums import SettlementStatus as S
from grants.forms.payments import MoneyBackForm, ReturnProofForm
from grants.forms.record_corrections import CompletionCorrectionForm
from grants.forms.rulings import RefusalForm
from grants.forms.settlement_months import LawReasonForm, ShortfallForm
from grants.forms.settlements import AcceptForm, CompletionForm, CorrectionForm, ReportForm, SumsForm
from grants.letterheads import letterhead
from grants.letters import item_name
from grants.models import Award, Deadline, RecordCorrection, Settlement, SettlementDocument
from grants.permissions import post_for
from grants.queries.payments import Movements, movements, outcome_of, settled
from grants.queries.settlements import forecast, required_kinds
from grants.rules import payments as law
from grants.services import record_corrections, settlement_law, surcharges
from grants.services.settlement_due import due_on
from grants.services.settlements import OPEN_TO_MEMBER
from grants.workflow import record_corrections as correction_workflow
from grants.workflow import settlements as workflow
from grants.workflow.envelopes import KEEPERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.queries import history_of
from miaoli_kaohsiung.files.fields import PapersForm
from miaoli_kaohsiung.lib import clock, merge
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.lib.template_tags import days_left

from .removed import Removed

# Ended by a decision of 柒三: nothing is settled any more, money may still have to come back.
ENDED = (AwardStatus.NOT_EXECUTED, AwardStatus.REVOKED)
CHECKERS = (Role.FINANCE_OFFICER, Role.CASE_OFFICER, Role.APPROVER)
WITH_THE_COUNTY = (S.SUBMITTED, S.SUMS_CHECKED, S.CONTENT_CHECKED)
ORDER = (S.DRAFT, S.SUBMITTED, S.SUMS_CHECKED, S.CONTENT_CHECKED, S.ACCEPTED)
# Settlement papers may not be read by the township office: vouchers bear personal data.
PAPER_READERS = (Role.MEMBER, Role.CASE_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR)


@dataclass
class Next:
    """The first thing on the page: see templates/partials/next.html."""

    text: str
    sub: str = ""
    state: str = "waits"
    form_id: str = ""
    label: str = ""
    url: str = ""


@dataclass
class Page:
    """The award, its settlement if there is one, and what this person may do."""

    user: User
    award: Award
    settlement: Settlement | None
    # Uploads of which some were refused.
    uploads: PapersForm | None = None
    removed: list[Removed] = field(default_factory=list)

    @cached_property
    def money(self) -> Movements:
        return movements(self.award)

    @cached_property
    def outcome(self) -> law.Settlement | None:
        return outcome_of(self.award, self.money)

    @property
    def due(self) -> int:
        """What must still come back, whole NT dollars."""
        return self.outcome.refund if self.outcome else 0

    def may(self, move: str) -> bool:
        return bool(self.settlement and workflow.TABLE.answer(self.settlement, move, self.user))

    def is_(self, role: Role) -> bool:
        return post_for(self.user, self.award.application, (role,)) is not None

    @property
    def checks(self) -> bool:
        """Finance, the officer and the approver see what the law says of the figures."""
        return post_for(self.user, self.award.application, CHECKERS) is not None

    @cached_property
    def law_findings(self) -> list[settlement_law.Open]:
        return settlement_law.findings(self.settlement)

    @cached_property
    def shortfalls(self) -> list[surcharges.Shortfall]:
        return surcharges.shortfalls(self.settlement)

    @cached_property
    def extra(self) -> int:
        """What paying users add (K3.I.2.3), whole NT dollars."""
        return surcharges.total(self.settlement)

    @property
    def asks_officer(self) -> bool:
        """Whether 成果已核 waits for answers of the officer: months with too few people, or warnings of the law."""
        unanswered = [short for short in self.shortfalls if not short.memo]
        return bool(unanswered) or any(not found.blocks for found in self.law_findings)

    @property
    def reads(self) -> bool:
        """Until it is sent for the first time the 結報 is the association's own."""
        return reads(self.user, self.settlement) if self.settlement else False

    @property
    def edits(self) -> bool:
        open_now = self.settlement is not None and self.settlement.status in OPEN_TO_MEMBER
        return open_now and self.award.status not in ENDED and self.is_(Role.MEMBER)


def reads(user: User, settlement: Settlement) -> bool:
    """Whether this person sees figures and papers: everybody who finds the award once they were sent, only the
    association before.
    """
    return settlement.status != S.DRAFT or post_for(user, settlement.award.application, (Role.MEMBER,)) is not None


def context(page: Page, **extra: Any) -> dict[str, Any]:
    """Everything of templates/grants/settlements/detail.html; `extra` holds bound forms and gaps after a refusal."""
    award, settlement = page.award, page.settlement
    money = page.money
    told: dict[str, Any] = {
        "award": award,
        "case": award.application,
        "settlement": settlement,
        "accent_county": award.county,
        "stages": _stages(award, settlement),
        "next": next_of(page),
        "money": money,
        "due": page.due,
        "deadline": _deadline(award),
        "history": [
            {"title": entry.action_label, "day": entry.portal_date, "who": entry.actor_name, "now": not number}
            for number, entry in enumerate(history_of(award.number).filter(action__regex=_OWN_ACTIONS)[:12])
        ],
        "may_read_papers": post_for(page.user, award.application, PAPER_READERS) is not None,
    }
    told |= _corrections(page)
    told["unsent"] = settlement is not None and not page.reads
    if settlement is not None and page.reads:
        told |= _figures(settlement) | _papers(page, settlement) | _months(page, settlement)
        if settlement.status in WITH_THE_COUNTY and page.checks:
            told["law_findings"] = page.law_findings
        told["outcome"] = page.outcome or _foreseen(page, told["admitted"], told["surcharge"], told["judged"])
    if award.status in ENDED:
        told["outcome"] = page.outcome
    if (page.outcome and page.outcome.refund) or money.back:
        told["return"] = _return(page)
    told |= _forms(page) | extra
    if told.get("may_check_content") and "law_form" not in told:
        told["law_form"] = LawReasonForm(found=told.get("law_findings", []))
    return told


def _corrections(page: Page) -> dict[str, Any]:
    """Corrections of the day of completion, with what this person may do about them."""
    award, told = page.award, {}
    if award.completed_on is None:
        return {}
    rows = list(award.corrections.select_related("asked_by", "decided_by"))
    for row in rows:
        row.award = award
    table = correction_workflow.TABLE
    told["record_corrections"] = [
        (row, record_corrections.words(row), table.open_to(row, page.user), _why_not(row, page.user)) for row in rows
    ]
    told["correct_refusal"] = RefusalForm()
    waiting = any(row.status == RulingStatus.DRAFT for row in rows)
    accepted = page.settlement is not None and page.settlement.status == S.ACCEPTED
    asks = page.is_(Role.MEMBER) or page.is_(Role.CASE_OFFICER)
    if asks and not waiting and not accepted and award.status not in ENDED:
        told["correct_form"] = CompletionCorrectionForm(award=award)
    return told


def _why_not(row: RecordCorrection, user: User) -> str:
    waits = row.status == RulingStatus.DRAFT
    return correction_workflow.TABLE.answer(row, "confirm", user).reason if waits else ""


def _return(page: Page) -> dict[str, Any]:
    """What came back and what must still, by when, where to, and what the association has sent as proof."""
    case = page.award.application
    row = Deadline.objects.filter(award=page.award, kind=DeadlineKind.RETURN).first()
    return {
        "deadline": row,
        "days": case.scheme.return_days,
        "account": case.scheme.return_account,
        "keeps_terms": post_for(page.user, case, KEEPERS) is not None,
        "head": letterhead(case.county, clock.today()),
        "proofs": list(page.award.return_proofs.select_related("file")),
    }


def _foreseen(page: Page, admitted: int, surcharge: int, judged: bool) -> law.Settlement | None:
    """What acceptance would bring, once finance has checked the vouchers."""
    return settled(page.award, page.money, min(page.award.total, admitted), surcharge) if judged else None


# What happened to the settlement and to the money; the rest of the case's history is on the case's page.
_OWN_ACTIONS = r"^(settlement|ledger|instalment|award)\."


def _forms(page: Page) -> dict[str, Any]:
    forms: dict[str, Any] = {}
    settlement = page.settlement
    started = page.award.starts_on <= clock.today()
    if page.award.status == AwardStatus.ACTIVE and started and page.is_(Role.MEMBER):
        forms["completion_form"] = CompletionForm(award=page.award)
    due = page.due
    if due and page.is_(Role.FINANCE_OFFICER):
        forms["money_back_form"] = MoneyBackForm(due=due)
    if due and page.is_(Role.MEMBER):
        forms["return_proof_form"] = ReturnProofForm(due=due)
    if settlement is None or page.award.status in ENDED:
        forms["may_start"] = settlement is None and page.award.status not in ENDED and page.is_(Role.MEMBER)
        return forms
    if page.edits:
        stored = ReportForm(settlement=settlement)
        forms |= {"report_form": stored, "edition": settlement.edition, "seen": merge.seen([stored])}
        forms["forecast"] = forecast(settlement, page.extra)
    if page.may("check_sums"):
        forms["sums_form"] = SumsForm(settlement=settlement)
    if page.may("ask_correction") or page.may("send_back"):
        forms["correction_form"] = CorrectionForm()
    if page.may("accept") and page.extra:
        forms["accept_form"] = AcceptForm()
    forms["may_check_content"], forms["may_accept"] = page.may("check_content"), page.may("accept")
    if forms["may_check_content"] and page.shortfalls:
        forms["shortfall_form"] = ShortfallForm(shortfalls=page.shortfalls)
        forms["correction_form"] = CorrectionForm(initial={"note": _refusals(page.shortfalls)})
    return forms


def totals(settlement: Settlement, request: HttpRequest) -> dict[str, str]:
    """The parts of the page that change while figures are typed: the sums, and what each line costs the association."""
    told = {"forecast": forecast(settlement, surcharges.total(settlement)), "award": settlement.award}
    own = {
        f"own-{row.line.pk}": render_to_string("grants/settlements/_own.html", {"row": row})
        for row in told["forecast"].rows
    }
    return {"forecast": render_to_string("grants/settlements/_forecast.html", told, request)} | own


def _refusals(shortfalls: list[surcharges.Shortfall]) -> str:
    """What the association is to mend, as the officer has noted it."""
    told = [(short.month, short.row.verdict_note) for short in shortfalls if short.row.verdict == Verdict.REFUSED]
    return "\n".join(_("%(month)s人數不足的說明：%(note)s") % {"month": month, "note": note} for month, note in told)


def _figures(settlement: Settlement) -> dict[str, Any]:
    lines = list(settlement.lines.select_related("line"))
    rows = [{"line": line, "name": item_name(line.line.item)} for line in lines]
    return {
        "rows": rows,
        "approved": sum(line.line.approved for line in lines),
        "spent": sum(line.spent or 0 for line in lines),
        "admitted": sum(line.admitted or 0 for line in lines),
        "judged": settlement.status in (S.SUMS_CHECKED, S.CONTENT_CHECKED, S.ACCEPTED),
    }


def _months(page: Page, settlement: Settlement) -> dict[str, Any]:
    """What each month adds, with its arithmetic, and the months in which too few came."""
    extras = surcharges.extras(settlement)
    total = settlement.surcharge if settlement.accepted_on else sum(extra.told.extra for extra in extras)
    return {"extras": extras, "surcharge": total, "shortfalls": page.shortfalls}


def _papers(page: Page, settlement: Settlement) -> dict[str, Any]:
    held: dict[str, list[SettlementDocument]] = {}
    for paper in settlement.documents.select_related("file"):
        held.setdefault(paper.kind, []).append(paper)
    required = dict(required_kinds(settlement))
    form = (page.uploads or papers_form(settlement)) if page.edits else None
    return {"papers": [_paper(page, kind, required, held, form) for kind in kinds_of(required, held)]}


def _paper(page: Page, kind: str, required: dict[str, str], held: dict[str, list], form: PapersForm | None) -> dict:
    return {
        "kind": kind,
        "name": SettlementDocument.Kind(kind).label,
        "clause": required.get(kind, ""),
        "held": held.get(kind, []),
        "gone": [row for row in page.removed if row.kind == kind] if form else [],
        "upload": form.upload(kind) if form and kind in form.kinds else None,
    }


def kinds_of(required: Iterable[str], held: Iterable[str]) -> list[str]:
    """The kinds of papers on the page: what K7.2a asks for, then whatever else was handed in."""
    return list(dict.fromkeys([*required, *held]))


def papers_form(settlement: Settlement, posted: tuple = ()) -> PapersForm:
    """The uploads of all papers; the report carries them where no script sends them on choosing."""
    held = settlement.documents.values_list("kind", flat=True)
    kinds = kinds_of(dict(required_kinds(settlement)), held)
    form = PapersForm(*posted, kinds=[(kind, SettlementDocument.Kind(kind).label) for kind in kinds], owner="report")
    for kind in kinds:
        form.send_to(kind, reverse("grants:settlement_paper_add", args=[settlement.number, kind]))
    return form


def _stages(award: Award, settlement: Settlement | None) -> list[dict[str, str]]:
    labels = [_("執行完畢"), _("填結報"), _("核憑證"), _("核成果"), _("准予核銷"), _("撥款或繳回"), _("結案")]
    now = 0
    if settlement is not None and award.completed_on:
        status = S.DRAFT if settlement.status == S.CORRECTION_REQUESTED else S(settlement.status)
        now = ORDER.index(status) + 1
    if award.status == AwardStatus.CLOSED:
        now = len(labels)
    states = ["done" if place < now else "now" if place == now else "todo" for place in range(len(labels))]
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


def next_of(page: Page) -> Next:
    """What happens next with the settlement, told to this person."""
    award, settlement = page.award, page.settlement
    if award.status == AwardStatus.CLOSED:
        return Next(_("這一案已經結案，謝謝。"), _("文件請保存十年，備供查核。"))
    if award.status in ENDED:
        return _after_decision(page)
    if not award.completed_on:
        return _before_completion(page)
    assert settlement is not None
    return _NEXT[S(settlement.status)](page, settlement)


def _before_completion(page: Page) -> Next:
    sub = _("預定 %(day)s 辦完，結報期限 %(due)s。") % {
        "day": format_roc(page.award.ends_on),
        "due": format_roc(_deadline(page.award)),
    }
    if not page.is_(Role.MEMBER):
        return Next(_("等申請單位登記執行完畢"), sub)
    award, today = page.award, clock.today()
    if today < award.starts_on:
        return Next(_("計畫 %(day)s 開始執行") % {"day": format_roc(award.starts_on)}, sub)
    # While it runs nothing is asked yet; whoever is ready earlier may say so.
    running = today <= award.ends_on
    text = _("計畫執行中；計畫辦完後，請登記實際完成的日期") if running else _("請登記計畫實際完成的日期")
    return Next(text, sub, "waits" if running else "", "completion", _("登記執行完畢"))


def _to_fill_in(page: Page, settlement: Settlement) -> Next:
    due = _deadline(page.award)
    sub = _("結報期限 %(due)s，%(left)s。") % {"due": format_roc(due), "left": days_left(due)}
    if not page.is_(Role.MEMBER):
        return Next(_("等申請單位送結報"), sub)
    late = due < clock.today()
    sub += _("逾期仍可送件，請儘快。") if late else ""
    text = _("請填實支金額、上傳文件，再送出結報")
    return Next(text, sub, "late" if late else "", "report", _("送出結報"))


def _to_correct(page: Page, settlement: Settlement) -> Next:
    if page.is_(Role.MEMBER):
        return Next(_("請補正後送回"), settlement.correction_note, "", "report", _("補正後送回"))
    return Next(_("等申請單位補正"), settlement.correction_note)


def _to_check_sums(page: Page, settlement: Settlement) -> Next:
    sub = _("%(day)s送件。") % {"day": format_roc(settlement.submitted_on)} if settlement.submitted_on else ""
    if page.may("check_sums"):
        return Next(_("請核對憑證，逐項登記准予核銷的金額"), sub, "", "sums", _("憑證已核"))
    return Next(_("縣府主計核對憑證中"), sub)


def _to_check_content(page: Page, settlement: Settlement) -> Next:
    if page.may("check_content"):
        text, sub = _("請看成果、照片和活動資料"), _("憑證已由主計核過。")
        if page.asks_officer:
            # The questions come first, and the one button stands below them.
            return Next(text, sub + _("有幾項要先回答。"), url="#content-check", label=_("回答並核成果"))
        return Next(text, sub, "", "content-check", _("成果已核"))
    return Next(_("縣府承辦人核對成果中"))


def _to_accept(page: Page, settlement: Settlement) -> Next:
    if page.may("accept"):
        text, sub = _("請決定是否准予核銷"), _("憑證和成果都已核過。")
        if page.extra:
            return Next(text, sub + _("收費加成要另外確認。"), url="#accept", label=_("看加成並決定"))
        return Next(text, sub, "", "accept", _("准予核銷"))
    return Next(_("等縣府主管准予核銷"))


def _money_back(page: Page) -> Next:
    told = {"amount": format_amount(page.due)}
    if page.is_(Role.FINANCE_OFFICER):
        return Next(_("收到繳回款 %(amount)s 元後，請登記") % told, "", "", "money-back", _("登記繳回"))
    row = Deadline.objects.filter(award=page.award, kind=DeadlineKind.RETURN, done_on__isnull=True).first()
    sub = _("期限 %(due)s，%(left)s。") % {"due": format_roc(row.due_on), "left": days_left(row.due_on)} if row else ""
    late = row is not None and row.due_on < clock.today()
    if not page.is_(Role.MEMBER):
        return Next(_("等申請單位繳回 %(amount)s 元") % told, sub, "late" if late else "waits")
    sub += _("繳好以後，請在下面上傳證明。")
    return Next(_("請繳回 %(amount)s 元") % told, sub, "late" if late else "", "return-proof", _("送出繳款證明"))


def _after(page: Page, settlement: Settlement) -> Next:
    if page.due:
        return _money_back(page)
    text = _("請送最後一期款的領據") if page.is_(Role.MEMBER) else _("等最後一期款撥付")
    return Next(
        text, "", "" if page.is_(Role.MEMBER) else "waits", url=f"/awards/{page.award.number}/", label=_("看撥款")
    )


def _after_decision(page: Page) -> Next:
    """Ended by 柒三: what must come back, or nothing any more."""
    if page.due:
        told = _money_back(page)
        told.sub = _("這一案已經%(status)s。") % {"status": page.award.get_status_display()} + told.sub
        return told
    return Next(_("這一案已經%(status)s，款項已經結清。") % {"status": page.award.get_status_display()})


_NEXT = {
    S.DRAFT: _to_fill_in,
    S.CORRECTION_REQUESTED: _to_correct,
    S.SUBMITTED: _to_check_sums,
    S.SUMS_CHECKED: _to_check_content,
    S.CONTENT_CHECKED: _to_accept,
    S.ACCEPTED: _after,
}


def _deadline(award: Award):
    row = Deadline.objects.filter(award=award, kind=DeadlineKind.SETTLEMENT).first()
    return row.due_on if row else due_on(award)
