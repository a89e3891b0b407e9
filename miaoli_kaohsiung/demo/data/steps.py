"""One case on its way to its decision: each step calls the service that the screen calls, as the person whose step it is."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from communities.enums import MembershipStatus, OrganisationKind
from communities.queries.alliances import in_force, members_of
from grants.compliance import checklist
from grants.compliance.facts import facts_for
from grants.compliance.judging import evaluate, unreasoned
from grants.enums import LetterStatus, Verdict
from grants.models import Application, Award, Programme, ReviewAssignment
from grants.queries.applications import stamps
from grants.queries.joint import is_joint
from grants.queries.reviews.concerns import concerns_of, unseen
from grants.queries.schemes import terms
from grants.rules import catalogue
from grants.services.applications import correction_requests, corrections, documents, drafts, filing
from grants.services.awards import decisions
from grants.services.joint import divide, join
from grants.services.letters import dispatch
from grants.services.reviews import checks, first_reviews, proposals, reviewers
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.money import share_floor
from miaoli_kaohsiung.lib.roc_date import roc_year

from .cases import ROUTE, Plan
from .papers import paper
from .projects import PROJECTS, Line
from .registry import World

# Working days that a step waits for after the one before.
WAITS = {
    "hand": 1, "file": 1, "forward": 2, "receive": 1, "check": 2, "assign": 1, "score": 4, "propose": 2, "approve": 2, "issue": 1,
    "ask_first": 3, "approve_first": 2, "pay_first": 3, "fill": 1, "settle": 6, "sums": 3, "content": 2, "accept": 2,
    "ask_last": 3, "approve_last": 2, "pay_last": 3, "correct": 2, "correct_overdue": 2, "come_back": 5, "bounced": 2,
    "settlement_back": 2, "not_executed": 45, "ask_amendment": 12, "amended": 8, "misused": 15,
    "ask_reversal": 2,
}  # fmt: skip
LATE_AFTER = 26
SCHEMES = {"kaohsiung": "kaohsiung-88", "miaoli": "miaoli-welfare"}
REASON = "這一項是服務所需，已在計畫內容說明，並會依實際支出核銷。"
CUT = "參酌實際需要酌予核減"
CONCERNS = {
    "dates": "申請在先，因審查時程延後核定，支出仍屬計畫期間。",
    "ban": "已查明處分期間，不影響這一件。",
    "debt": "已請單位限期繳回，並列入追蹤。",
    "late": "已電話輔導，單位承諾如期結報。",
    "awards": "已核對，項目和期間沒有重複。",
    "cases": "已核對，項目沒有重複申請。",
    "equipment": "已核對，放在另一間教室使用。",
    "centre": "已核對上次補助的項目，沒有重複。",
}
POINTS = (84, 80, 78, 86)
# Of a case that an alliance files, for the lead and its neighbours: together what its lines ask for.
SHARES = (12_800, 9_600, 6_400, 3_200)
# A line above the cap and one to be explained, for the draft that people play with.
OVER_CAP = (
    Line(
        "lecturer_fee",
        "外聘講師 16 堂，每堂 2 小時",
        60_000,
        0,
        {"hours": "32", "in_house": False, "unit_price": 1_875},
    ),
    Line("insurance", "旅遊平安保險", 3_000, 0, {"quantity": "20", "unit_price": 150, "insurance_kind": "other"}),
)


class Case:
    """A case on its way to its decision, and the people who handle it. `days()` yields the day of each next step and makes it when asked again."""

    def __init__(self, world: World, plan: Plan, number: int) -> None:
        self.world, self.plan, self.number = world, plan, number
        self.project = PROJECTS[plan.project]
        self.organisation = world.organisations[plan.word]
        self.county = self.organisation.county
        self.chair = world.chairs[plan.word]
        self.staff = world.staff.get(plan.word, self.chair)
        self.case: Application

    def days(self) -> Iterator[dt.date]:
        day = self.plan.day
        for name in self._route():
            day = max(self._after(day, name), day)
            yield day
            getattr(self, name)()

    def _route(self) -> list[str]:
        names = list(ROUTE[: ROUTE.index(self.plan.until) + 1])
        left_out = set()
        if self.county == "kaohsiung" or self.organisation.kind == OrganisationKind.TOWNSHIP_OFFICE:
            left_out.add("forward")
        if not self.plan.reviewed:
            left_out |= {"assign", "score"}
        if self.plan.until != "hand" and self.staff == self.chair:
            left_out.add("hand")
        if self.plan.last in ("propose_rejection", "reject"):
            left_out.add("propose")
            names.append("propose_rejection")
        if self.plan.last and self.plan.last != "propose_rejection":
            names.append(self.plan.last)
        kept = [name for name in names if name not in left_out]
        if self.plan.corrected:
            kept[kept.index("check") : kept.index("check")] = ["correct", "answer_correction"]
        return kept

    def _after(self, day: dt.date, name: str) -> dt.date:
        if name == "finish":
            return max(office_calendar.of().next_workday(self.plan.ends), day)
        if name == "start":
            return day
        wait = LATE_AFTER if name == "settle" and self.plan.late else WAITS.get(name, 1)
        return office_calendar.of().add_workdays(day, wait)

    def _of(self, post: str) -> User:
        return self.world.of(self.county, post)

    def _fresh(self) -> Application:
        self.case = Application.objects.select_related("scheme", "programme", "organisation").get(pk=self.case.pk)
        return self.case

    @property
    def award(self) -> Award:
        return Award.objects.select_related("application__organisation", "application__scheme").get(
            application=self.case
        )

    # --- The association -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start, fill in, attach; a draft of the last days of May is left half done."""
        programme = Programme.objects.select_related("scheme").get(
            scheme__slug=SCHEMES[self.county], code=self.project.programme
        )
        self.case, _new = drafts.start(self.staff, self.organisation, programme)
        self._tell_project()
        self._tell_budget()
        if self.plan.until != "start":
            self._divide()
            self._attach()

    def _tell_project(self) -> None:
        own = [self.organisation.township_id] if self.organisation.township_id else []
        area = [self.world.townships[name] for name in self.plan.area]
        values = {
            "title": self.project.title,
            "starts_on": self.plan.starts,
            "ends_on": self.plan.ends,
            "service_area": area or own,
            "place": "社區活動中心",
            "goal": self.project.goal,
            "content": self.project.content,
            "beneficiaries": self.project.beneficiaries,
            "outcome": self.project.outcome,
            "answers": self.project.answers,
        }
        self.case = drafts.save_step(self.staff, self.case, values, edition=self.case.edition)

    def _divide(self) -> None:
        """What an alliance files is divided among its associations before it is handed in."""
        if is_joint(self._fresh()):
            made = in_force(self.organisation).get()
            join(self.chair, self.case, made)
            bodies = [row.organisation_id for row in members_of(made) if row.status == MembershipStatus.AGREED]
            divide(self.chair, self.case, dict(zip(bodies, SHARES, strict=True)))

    def _tell_budget(self) -> None:
        lines = self.project.lines
        if self.plan.last == "over_cap":
            lines = (*OVER_CAP, *lines[1:-1])
        for line in lines:
            self._save(drafts.BudgetChange(command="add", argument=line.item))
        rows = {row.pk: _values(line) for row, line in zip(self.case.lines.order_by("position"), lines, strict=True)}
        self._save(drafts.BudgetChange(rows=rows))

    def _save(self, change: drafts.BudgetChange) -> None:
        self.case = drafts.save_budget(self.staff, self.case, change, edition=self.case.edition)

    def _attach(self) -> None:
        """The papers that the law asks for, then a reason for whatever it wants explained."""
        facts = facts_for(self._fresh(), stage="submission", on=clock.today())
        codes = [wanted.code for wanted in catalogue.documents_for(facts)]
        for code in codes:
            if code != stamps.STAMPED:
                documents.attach_document(self.staff, self.case, code, paper(code))
        case = self._fresh()
        found = unreasoned(case, evaluate(case, stage="submission"))
        reasons = {(f.clause, int(f.line) if f.line else None): REASON for f in found}
        drafts.save_reasons(self.staff, case, reasons, edition=case.edition)
        # Printed and stamped when nothing changes any more.
        if stamps.STAMPED in codes:
            documents.attach_document(self.staff, self._fresh(), stamps.STAMPED, paper(stamps.STAMPED))

    def over_cap(self) -> None:
        """Nothing follows: the draft waits as it is."""

    def hand(self) -> None:
        filing.hand_to_chair(self.staff, self._fresh())

    def file(self) -> None:
        case = self._fresh()
        filing.file(self.chair, case, uuid.uuid4(), edition=case.edition)

    def answer_correction(self) -> None:
        """The association attaches what was missing and files again."""
        documents.attach_document(self.staff, self._fresh(), "other", paper("估價單"), "補正：估價單")
        items = corrections.items_of(self._fresh())
        answers = {item.pk: (True, "已補正，請見附件和修改後的內容。") for item in items}
        corrections.answer_items(self.staff, self._fresh(), answers)
        self.file()

    def withdraw(self) -> None:
        filing.withdraw(self.chair, self._fresh(), "講師時間無法配合，改期再提出申請。")

    # --- Township and county: up to the decision -------------------------------------------------------------------

    def forward(self) -> None:
        """The office finds everything met, and writes to the county."""
        case, today = self._fresh(), clock.today()
        answers = tuple(first_reviews.Answer(text, Verdict.ACCEPTED) for text in terms.first_review_items(case))
        number = f"苑鎮社字第{roc_year(today.year):03}{self.number + 300:07}號"
        opinion = first_reviews.Opinion(answers, True, "社區往年辦理情形良好，建請核予補助。", number, today)
        first_reviews.forward(self.world.offices[case.township_code], case, opinion, edition=case.edition)

    def correct_by_township(self) -> None:
        case = self._fresh()
        items = "合作夥伴請寫出單位全名。\n請補附立案證書影本。"
        officer = self.world.offices[case.township_code]
        correction_requests.ask_correction(officer, case, items=items, days=10, edition=case.edition)

    def receive(self) -> None:
        checks.receive(self._of("officer"), self._fresh())

    def correct(self) -> None:
        self._ask("設備請附估價單。\n課程時間與活動中心的使用時段重疊，請確認。")

    def correct_overdue(self) -> None:
        self._ask("申請書請蓋圖記。\n服務對象人數前後不一致，請更正。")

    def _ask(self, items: str) -> None:
        case = self._fresh()
        days = case.terms.correction_days
        correction_requests.ask_correction(self._of("officer"), case, items=items, days=days, edition=case.edition)
        self._dispatch(1100)

    def not_accept(self) -> None:
        """The officer proposes, the head decides, the letter goes out."""
        reason = "計畫與貴單位已核定之計畫內容相同，請併入原計畫辦理。"
        proposals.propose_refusal(self._of("officer"), self._fresh(), reason=reason)
        decisions.not_accept(self._of("head"), self._fresh())
        self.issue()

    def check(self) -> None:
        """Answer the checklist and the written reasons, then close the check."""
        case, officer = self._fresh(), self._of("officer")
        items = {item.key: (Verdict.ACCEPTED, "") for item in checklist.items_for(case)}
        reasons = dict.fromkeys(case.justifications.values_list("pk", flat=True), (Verdict.ACCEPTED, "說明合理"))
        case = checks.answer(officer, case, checks.Answers(items, reasons), edition=case.edition)
        checks.complete(officer, case, edition=case.edition)

    def assign(self) -> None:
        people = [self.world.users[f"reviewer-{n}"] for n in (1, 2, 3)]
        due = office_calendar.of().add_workdays(clock.today(), 10)
        reviewers.assign(self._of("officer"), self._fresh(), people, due_on=due)

    def score(self) -> None:
        """Two reviewers score; the third declares a conflict or has not answered yet."""
        rows = list(self._fresh().assignments.select_related("application", "reviewer").order_by("pk"))
        for place, row in enumerate(rows[:2]):
            reviewers.declare(row.reviewer, row, ReviewAssignment.Interest.NONE)
            asked = zip(catalogue.review_criteria(row.application.scheme.ruleset), POINTS, strict=False)
            scores = {one.code: (points - 5 * place + self.number % 7, "計畫具體可行") for one, points in asked}
            reviewers.score(row.reviewer, row, scores, "建議補助，並請協會按月回報服務人次。")
        if self.number % 2:
            conflict = ReviewAssignment.Interest.CONFLICT
            reviewers.declare(rows[2].reviewer, rows[2], conflict, "曾任該單位顧問")

    def propose(self) -> None:
        case = self._fresh()
        lines = list(case.lines.all())
        amounts = {line.pk: (line.requested or 0, "") for line in lines}
        if self.plan.cut:
            line = lines[self.plan.cut - 1]
            amounts[line.pk] = (share_floor(line.requested or 0, 4, 5), CUT)
        answers = {one.key: CONCERNS[one.key] for one in concerns_of(case)}
        note = "計畫符合需要，建議補助。"
        proposals.propose(self._of("officer"), case, amounts, note=note, edition=case.edition, answers=answers)

    def propose_rejection(self) -> None:
        case = self._fresh()
        note = "計畫內容與社區需求的關聯不足，且經費以設備材料為主，請調整後再提出"
        proposals.propose_rejection(self._of("officer"), case, note=note, edition=case.edition)

    def approve(self) -> None:
        case = self._fresh()
        read = decisions.Terms(seen=[row.key for row in unseen(case, case.proposals.get(decision="open"))])
        decisions.approve(self._of("head"), case, decided=read)

    def reject(self) -> None:
        decisions.reject(self._of("head"), self._fresh())
        self.issue()

    def issue(self) -> None:
        """The letter of the decision goes out with its number."""
        self._dispatch(1200)

    def _dispatch(self, series: int) -> None:
        letter = self._fresh().letters.filter(status=LetterStatus.DRAFT).first()
        if letter is None:
            return
        number = f"{self.case.scheme.dispatch_word}第{roc_year(clock.today().year):03}{self.number + series:07}號"
        dispatch.issue(self._of("officer"), letter, dispatch_number=number, dispatched_on=clock.today())


def _values(line: Line) -> dict[str, Any]:
    """A line as the form posts it: quantities apart from the columns."""
    columns = {"unit_price", "person", "month", "employment"}
    values = {name: value for name, value in line.more.items() if name in columns}
    quantities = {name: value for name, value in line.more.items() if name not in columns}
    return values | {
        "description": line.description,
        "requested": line.requested,
        "own_funds": line.own_funds or None,
        "quantities": quantities,
    }
