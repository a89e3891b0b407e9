"""What follows the decision: instalments, the settlement, money that comes back."""

import datetime as dt
from decimal import Decimal
from typing import Any

from grants.enums import AmendedPart, EntryCorrection, LedgerKind
from grants.models import Duty, Instalment, Settlement
from grants.queries.assets import EQUIPMENT
from grants.queries.joint import of_case
from grants.queries.payments import refund_due
from grants.queries.settlements.figures import own_share_asked, required_kinds
from grants.queries.settlements.proofs import voucher_findings
from grants.rules.rosters import PaidPerson, pay_of
from grants.services import sanctions
from grants.services.amendments import asking, deciding
from grants.services.amendments.items import Item
from grants.services.amendments.papers import NewPaper
from grants.services.duties import records
from grants.services.joint import allot
from grants.services.payments import corrections, instalments, returns
from grants.services.settlements import papers, reports, reversing, rosters, vouchers
from grants.services.settlements.shares import Share
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.files.services import Checked
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.money import share_floor

from .papers import paper
from .steps import Case

# What is said of the receipts of the items that are asked about.
RECEIPTS = {"admin_overhead": "own_title", "travel": "other", "participant_transport": "roster", "meals": "receipt"}
# What people sign for on a roster: the rate and the hours of a day.
ROSTERS = {
    "lecturer_fee": (1_600, Decimal(2)),
    "casual_pay": (95, Decimal(4)),
    "elder_aide": (100, Decimal(4)),
    "after_school_tutor": (350, Decimal(2)),
    "participant_transport": (100, None),
    "travel": (200, None),
}
PAID_PEOPLE = (("邱示範", "A123456789"), ("古示範", "S222222222"))
SHOPPING = ("課程材料", "文具", "紙張和文件夾")
SOLD_IN_SHOPS = ("course_materials", "site_materials", "stationery", "printing")


class Story(Case):
    """A case from its first word to the end of its money."""

    @property
    def settlement(self) -> Settlement:
        return Settlement.objects.get(award__application=self.case)

    def _instalment(self, *statuses: str) -> Instalment | None:
        rows = Instalment.objects.select_related("award__application").filter(award__application=self.case)
        return rows.filter(status__in=statuses).order_by("number").first()

    def ask_first(self) -> None:
        if row := self._instalment("awaiting_receipt"):
            number = f"示領字第{self.number:03}{row.number}號"
            instalments.request_payment(self.chair, row, receipt_number=number, receipt=paper("領據"))

    def approve_first(self) -> None:
        if row := self._instalment("requested"):
            instalments.approve_payment(self._of("officer"), row)

    def pay_first(self) -> None:
        if row := self._instalment("approved"):
            instalments.pay(self._of("cashier"), row, voucher_number=f"示支{self.number:03}{row.number}")

    ask_last, approve_last, pay_last = ask_first, approve_first, pay_first

    def finish(self) -> None:
        reports.register_completion(self.staff, self.award, self.plan.ends)

    def fill(self) -> None:
        """Figures and the first papers: the rest comes with `settle`."""
        reports.save(self.staff, self.settlement, self._report(partly=True))
        papers.add_document(self.staff, self.settlement, "photos", paper("photos"))
        self._vouchers()
        if self.plan.until == "fill":
            self._roster()

    def _vouchers(self) -> None:
        """One line voucher by voucher, as a phone enters them; its figure is their sum from now on."""
        settlement, award = self.settlement, self.award
        lines = settlement.lines.select_related("line")
        plain = [row for row in lines if not voucher_findings(settlement, row, "receipt", "own")]
        # If there is one, what shops sell, as the vouchers below say.
        line = next((row for row in plain if row.line.item in SOLD_IN_SHOPS), plain[0])
        jointly = of_case(award.application)
        if jointly:
            line = max(plain, key=lambda row: row.line.approved)
        spent = share_floor(line.line.approved, self.plan.spent, 100)
        thing = line.line.description
        names = (thing, f"{thing}腳架", f"{thing}線材") if line.line.item == EQUIPMENT else SHOPPING
        names = ("送餐食材", "白米", "蔬菜水果") if jointly else names
        bought = (
            ("receipt", "", spent // 2, names[0]),
            ("invoice", f"QD{88_000_000 + award.pk:08}", spent // 3, names[1]),
            ("receipt", "", spent - spent // 2 - spent // 3, names[2]),
        )
        for place, (kind, number, amount, purpose) in enumerate(bought):
            # Of the last one the association bears a third.
            rest = amount // 2 if place == len(bought) - 1 else 0
            entry = vouchers.Entry(
                line.pk,
                kind,
                min(award.starts_on + dt.timedelta(days=7 * place), award.ends_on),
                f"示範商行{place + 1}",
                amount,
                purpose,
                number=number,
                title="own",
                photo=self._photo(place + 1),
                paper_total=amount + rest if rest else None,
                shares=(Share("own", rest),) if rest else (),
            )
            vouchers.add(self.staff, settlement, entry)
        self._allot()

    def _allot(self) -> None:
        """Of what an alliance settles together each neighbour has a voucher."""
        settlement = self.settlement
        if found := of_case(settlement.award.application):
            bodies = [share.organisation_id for share in found.shares.all()][1:]
            keys = settlement.voucher_rows.order_by("position").values_list("pk", flat=True)
            allot(self.staff, settlement, dict(zip(keys, bodies, strict=True)))

    def _photo(self, place: int) -> Checked | None:
        """The photo of a voucher, where the demonstration shows one; each is made, and looked at, by itself."""
        shown = self.plan.until in ("fill", "settle")
        return paper("vouchers", 10 * self.award.pk + place) if shown else None

    def _roster(self) -> None:
        """A line of which people signed for their pay, each with what was done in the first month."""
        settlement, award = self.settlement, self.award
        lines = settlement.lines.select_related("line").filter(voucher_rows__isnull=True)
        line = next((row for row in lines if row.line.item in ROSTERS), None)
        if line is None:
            return
        rate, hours = ROSTERS[line.line.item]
        days = Decimal(max(1, min(10, line.line.approved // (len(PAID_PEOPLE) * int(rate * (hours or 1))))))
        month = f"{award.starts_on:%Y-%m}"
        people = tuple(PaidPerson(name, month, days, rate, hours, number) for name, number in PAID_PEOPLE)
        entry = vouchers.Entry(
            line.pk,
            "roster",
            min(award.starts_on + dt.timedelta(days=28), award.ends_on, clock.today()),
            rosters.payee_of(people),
            sum(pay_of(line.line.item, one) for one in people),
            "依簽到簿領取",
            photo=self._photo(9),
            people=people,
        )
        vouchers.add(self.staff, settlement, entry)

    def settle(self) -> None:
        settlement = reports.save(self.staff, self.settlement, self._report())
        for duty in Duty.objects.filter(award=self.award, key="training_record", done_on__isnull=True):
            record = records.Record(clock.today(), {"people": 2}, "輔導人員二人參加縣府 99 年照顧服務講習。")
            records.record(self.staff, duty, record)
        have = set(settlement.documents.values_list("kind", flat=True))
        for kind, _clause in required_kinds(settlement):
            if kind not in have:
                papers.add_document(self.staff, settlement, kind, paper(str(kind)))
        reports.submit(self.chair, settlement, self._report())

    def _report(self, *, partly: bool = False) -> reports.Report:
        lines = list(self.settlement.lines.select_related("line"))
        reported = lines[: len(lines) // 2] if partly else lines
        spent = {
            row.pk: reports.Spent(
                share_floor(row.line.approved, self.plan.spent, 100),
                2 + row.line.position,
                RECEIPTS.get(row.line.item, ""),
            )
            for row in reported
        }
        outcome = f"{self.project.outcome}活動照片與簽到簿如附件。"
        own: dict[str, Any] = {}
        if not partly and own_share_asked(self.settlement):
            own["own_funds"] = sum(line.own_funds or 0 for line in self.settlement.award.application.lines.all())
        return reports.Report(outcome, self.project.people_served, spent, **own)

    def sums(self) -> None:
        """All is admitted as spent, but for a voucher of the last line that has no title."""
        for voucher in self.settlement.voucher_rows.all():
            vouchers.check(self._of("finance"), voucher, voucher.amount)
        rows = list(self.settlement.lines.all())
        admitted = {row.pk: reports.Admitted(row.spent or 0) for row in rows}
        if self.number % 3 == 0:
            last = rows[-1]
            less = max(0, (last.spent or 0) - 500)
            admitted[last.pk] = reports.Admitted(less, "收據抬頭不是申請單位，剔除 500 元")
        reports.check_sums(self._of("finance"), self.settlement, admitted)

    def settlement_back(self) -> None:
        reports.ask_correction(self._of("finance"), self.settlement, "第 3 項收據沒有日期，請補正。")
        self._dispatch(1900)

    def content(self) -> None:
        reports.check_content(self._of("officer"), self.settlement)

    def accept(self) -> None:
        """Accepted, and the letters that say what is paid and what comes back go out."""
        reports.accept(self._of("head"), self.settlement)
        for series in (1700, 1800):
            self._dispatch(series)

    def come_back(self) -> None:
        """What was paid too much comes back; its number was typed wrongly, and two people put it right."""
        award, right = self.award, f"示收{self.number:03}"
        entry = returns.record_return(
            self._of("finance"), award, amount=refund_due(award), voucher_number=f"示支{self.number:03}"
        )
        found = corrections.Finding(EntryCorrection.PARTICULARS, "收款憑單打成付款憑單的字號。", entry.on, right)
        services.confirm(self._of("head"), corrections.ask(self._of("finance"), entry, found))

    def bounced(self) -> None:
        """The bank sent the last payment back; another person has not confirmed it yet."""
        entry = self.award.entries.filter(kind=LedgerKind.PAID).latest("pk")
        found = corrections.Finding(EntryCorrection.BOUNCED, "戶名不符，銀行退匯。", clock.today(), "退匯0990011")
        corrections.ask(self._of("cashier"), entry, found)

    def ask_reversal(self) -> None:
        """Nobody has asked for the last payment yet, and finance finds an error; the approver has not answered yet."""
        ground = reversing.Ground("簽0990015", "第 1 項有一張收據列了兩次，核銷金額多算。")
        reversing.ask(self._of("finance"), self.settlement, ground)

    def ask_amendment(self) -> None:
        """A later end, another place and a new item, sent by the chairperson: it waits for the county's officer."""
        award = self.award
        first = award.lines.filter(approved__gt=0)[0]
        moved = first.approved // 10
        before = {"starts_on": award.starts_on.isoformat(), "ends_on": award.ends_on.isoformat()}
        last = award.ends_on + dt.timedelta(days=61)
        items = [
            Item(AmendedPart.PERIOD, before, {**before, "ends_on": last.isoformat()}),
            Item(AmendedPart.PLACE, {"place": self._fresh().place}, {"place": "社區活動中心二樓"}),
            Item(AmendedPart.LINE, {"approved": first.approved}, {"approved": first.approved - moved}, first.pk),
            Item(
                AmendedPart.NEW_LINE,
                {},
                {"item": "miscellaneous", "approved": moved, "description": "活動中心清潔", "quantities": {}},
            ),
        ]
        reason = "梅雨季道路中斷，課程延後兩個月，改在活動中心二樓辦理，場地要自己清潔。"
        attached = [NewPaper(paper("報價單"), "清潔公司的報價單")]
        asking.ask(self.chair, award, items, reason=reason, papers=attached)

    def amended(self) -> None:
        """Money of the first line that is left over goes to the last one, with the county's consent and its letter."""
        award = self.award
        first, *_between, last = award.lines.filter(approved__gt=0)
        moved = last.approved // 10
        items = [
            Item(AmendedPart.LINE, {"approved": row.approved}, {"approved": row.approved + change}, row.pk)
            for row, change in ((first, -moved), (last, moved))
        ]
        row = asking.ask(self.chair, award, items, reason="前項有剩餘，移作後項之用，總額不變。")
        yes = {item.pk: deciding.Answer(True) for item in row.items.all()}
        deciding.check(self._of("officer"), row, yes)
        deciding.decide(self._of("head"), row, yes)
        self._dispatch(1500)

    def misused(self) -> None:
        """A small sum was spent otherwise than planned: it is taken off the account later, and the award goes on."""
        today = clock.today()
        reason = "課程茶點費 1,200 元用於慶生會，與核定內容不符，單位已說明並承認。"
        heard = office_calendar.of().next_workday(today - dt.timedelta(days=14))
        draft = sanctions.SanctionDraft("misuse", today, heard, reason, disallowed=1_200)
        sanctions.confirm(self._of("head"), sanctions.record(self._of("officer"), self.award, draft))
        self._dispatch(1600)

    def not_executed(self) -> None:
        """Nothing was carried out; the association was heard, and two people decide."""
        today = clock.today()
        reason = "原定課程沒有辦理，單位說明講師與場地都沒有著落。"
        draft = sanctions.SanctionDraft(
            "not_executed", today, office_calendar.of().next_workday(today - dt.timedelta(days=14)), reason
        )
        sanctions.confirm(self._of("head"), sanctions.record(self._of("officer"), self.award, draft))
        self._dispatch(1400)
