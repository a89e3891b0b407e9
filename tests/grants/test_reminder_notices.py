"""Who is reminded of what, on which days and in which words: a table for each kind of thing that is due."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.conf import settings

from communities.enums import Office
from communities.models import OfficeTerm
from grants.enums import ApplicationStatus, DeadlineKind
from grants.models import ApplicationVersion, Award, CorrectionRequest, Deadline, Duty
from grants.services import daily
from grants.services.reminders import engine
from grants.services.reminders.rows import unsaved
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import EmailState, Notice
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, OrganisationFactory, member_of
from tests.factories.grants import ApplicationFactory
from tests.factories.money import approved, county

pytestmark = pytest.mark.django_db
DUE, SET = dt.date(2010, 9, 30), dt.date(2010, 6, 1)
NAME = "示範社區發展協會"
# Each stage of any plan, with the day before it and the day after it.
DAYS = (-120, -91, -90, -89, -31, -30, -29, -15, -14, -13, -8, -7, -6, -4, -3, -2, -1, 0, 1, 2, 7, 8, 9, 14, 15, 16)


@dataclass(frozen=True)
class Expected:
    """A reminder of the table: to whom, on which days from the due day, and what it says; {left} counts the days."""

    who: str
    days: tuple[int, ...]
    subject: str
    body: str
    url: str

    def on(self, days: int, names: dict[str, str]) -> tuple[str, str, str, str]:
        left = "今天到期" if days == 0 else f"還有 {-days} 天" if days < 0 else f"已逾 {days} 天"
        return (self.who, *(text.format(left=left, **names) for text in (self.subject, self.body, self.url)))


@pytest.fixture
def world():
    organisation = OrganisationFactory(name=NAME)
    return SimpleNamespace(
        **vars(county()),
        organisation=organisation,
        association=member_of(organisation),
        township=person(Role.TOWNSHIP_OFFICER, township_code=QISHAN),
    )


def remind(day: dt.date) -> int:
    with clock.travel(day):
        return engine.remind(daily.SOURCES, day)


def name_of(world: SimpleNamespace, user: User) -> str:
    return next(name for name in ("association", "officer", "township") if getattr(world, name) == user)


def check(world: SimpleNamespace, table: list[Expected], thread: str, opening: int | None = None, **names) -> None:
    """The days bring these notices and no others, a second run none; all wait for the day's mail, in one thread."""
    seen: set[int] = set()
    for days in DAYS:
        day = DUE + dt.timedelta(days=days)
        count = remind(day)
        fresh = list(Notice.objects.exclude(pk__in=seen).order_by("id"))
        assert (count, remind(day)) == (len(fresh), 0)
        seen |= {row.pk for row in fresh}
        said = [(name_of(world, row.recipient), row.subject, row.body, row.url) for row in fresh]
        assert said == [row.on(days, names | {"by": world.officer.display_name}) for row in table if days in row.days]
        stage = f"before-{-days}" if days < 0 else f"after-{days}" if days else "day"
        for row in fresh:
            assert row.kind.rpartition(".")[2] == ("opening" if days == opening else stage)
            assert (row.email_state, row.due_on, row.thread) == (EmailState.QUEUED, DUE, thread)
    assert Notice.objects.filter(closed_at=None).count() == len({row.who for row in table})


CONTACT = "\n有問題請洽高雄縣政府承辦人{by}，電話 07-7477611。"
PASSED = "「長者共餐與健康促進計畫」的期限是 99年9月30日，已經過了。"


def award_of(world: SimpleNamespace) -> Award:
    return approved((50_000, 60_000), staff=world, organisation=world.organisation)


def deadline(kind: DeadlineKind, subject, clause: str) -> Deadline:
    row = unsaved(kind, subject, clause=clause, due_on=DUE, opened_on=SET)
    row.save()
    return row


def test_the_receipt_of_the_first_instalment(world):
    award = award_of(world)
    deadline(DeadlineKind.RECEIPT, award.instalments.get(number=1), "K7.1a")
    waits = "「長者共餐與健康促進計畫」第 1 期款 55,000 元，等領據到了就能撥款。"
    how = "印出領據、蓋好圖記，拍照或掃描後上傳就可以。" + CONTACT
    subject, url = "請送第1期款領據（{left}）：{number} " + NAME, "/awards/{number}/instalments/1/request/"
    late = "領據請在 99年9月30日前送到，{left}，請儘快補送；有困難請打電話給縣府承辦人。"
    check(world, [
        Expected("association", (-120, -7, 0), subject, f"{waits}請在 99年9月30日前（{{left}}）送領據。{how}", url),
        Expected("association", (1, 8, 15), subject, waits + late + how, url),
        Expected("officer", (1,), "領據逾期未送：{number} " + NAME, PASSED + "可以在「我的工作」的「領據逾期」按「催辦」。",
             "/desk/late_receipt/"),
    ], f"instalment:{award.number}:1", opening=-120, number=award.number)  # fmt: skip


def test_a_settlement(world):
    award = award_of(world)
    deadline(DeadlineKind.SETTLEMENT, award, "K7.2a")
    papers = "把原始支出憑證、成果照片和活動資料送來結報（柒、二）。"
    term, first = "「長者共餐與健康促進計畫」的結報期限是 99年9月30日", "計畫辦完後，請先登記完成的日期，"
    late = "逾期會列入以後補助的參考；有困難請打電話給縣府承辦人，我們一起想辦法。"
    url = "/settlements/{number}/#completion"
    check(world, [
        Expected("association", (-30, -14, -3, 0), "提醒結報（{left}）：{number} " + NAME,
             f"{term}（{{left}}）。{first}{papers}{CONTACT}", url),
        Expected("association", (1, 8, 15), "結報已經逾期（{left}）：{number} " + NAME,
             f"{term}，{{left}}。{first}儘快{papers}{late}{CONTACT}", url),
        Expected("officer", (1,), "結報逾期未送：{number} " + NAME, PASSED + "可以在「我的工作」的「結報逾期」按「催辦」。",
             "/desk/late_settlement/"),
    ], f"settlement:{award.number}", number=award.number)  # fmt: skip


def test_money_that_must_come_back(world):
    award = award_of(world)
    deadline(DeadlineKind.RETURN, award, "K7.3b")
    how = "繳款帳戶寫在結報頁，繳好以後請在那一頁上傳證明。" + CONTACT
    url = "/settlements/{number}/#return"
    check(world, [
        Expected("association", (-7, 0), "提醒繳回（{left}）：{number} " + NAME,
             "「長者共餐與健康促進計畫」要繳回 0 元，期限是 99年9月30日（{left}）。" + how, url),
        Expected("association", (1, 8, 15), "繳回款已經逾期（{left}）：{number} " + NAME,
             "「長者共餐與健康促進計畫」還要繳回 0 元，期限是 99年9月30日，{left}。請儘快繳款；有困難請打電話給縣府承辦人。"
             + how, url),
        Expected("officer", (1,), "繳回逾期：{number} " + NAME, PASSED + "可以在「我的工作」的「繳回逾期」按「催辦」。",
             "/desk/late_return/"),
    ], f"return:{award.number}", number=award.number)  # fmt: skip


@pytest.mark.parametrize(("by_township", "office"), [(False, "officer"), (True, "township")])
def test_a_correction(world, by_township, office):
    case = ApplicationFactory(
        status=ApplicationStatus.CORRECTION_REQUESTED, first_filed_on=SET, officer=world.officer,
        organisation=world.organisation, township_code=QISHAN,
    )  # fmt: skip
    version = ApplicationVersion.objects.create(
        application=case, number=1, token=uuid4(), snapshot={}, ruleset_sha256="",
        filed_on=SET, filed_at=clock.now(), filed_by=world.association,
    )  # fmt: skip
    asked = CorrectionRequest.objects.create(
        application=case, version=version, items="缺課程表", due_on=DUE, requested_by=world.officer,
        requested_on=SET, by_township=by_township,
    )  # fmt: skip
    deadline(DeadlineKind.CORRECTION, asked, "補正函")
    body = "「長者共餐與健康促進計畫」還有資料要補正，請在 99年9月30日前（{left}）補好送回；過了期限就不能受理。"
    act, url = "申請單位還沒有補正。請決定再給期限，或不予受理。", "/applications/{number}/edit/"
    check(world, [
        Expected("association", (-3,), "提醒補正（{left}）：{number} " + NAME, body + CONTACT, url),
        Expected(office, (1,), "補正已經逾期：{number} " + NAME, PASSED + act, "/applications/{number}/correction/"),
    ], f"application:{case.number}", number=case.number)  # fmt: skip


def test_a_chairpersons_term(world):
    term = OfficeTerm.objects.create(
        organisation=world.organisation, office=Office.CHAIRPERSON, person_name="示範理事長",
        valid_from=dt.date(2006, 9, 30), valid_to=DUE,
    )  # fmt: skip
    deadline(DeadlineKind.TERM_EXPIRY, term, "人民團體法20")
    body = (
        "理事長示範理事長的任期到 99年9月30日 屆滿（{left}）。請在屆滿前辦理改選，並把新任理事長的資料送縣府備查；"
        "任期屆滿後，原理事長不能再送件或請款。"
    )
    subject, url = f"理事長任期快要屆滿：{NAME}", f"/registry/{world.organisation.pk}/"
    check(world, [Expected(who, (-90,), subject, body, url) for who in ("association", "officer")], f"term:{term.pk}")


def duty(key: str, clause: str, period: str, **fields) -> Duty:
    return Duty.objects.create(
        key=key, clause=clause, period=period, county="kaohsiung", due_on=DUE, opened_on=SET, **fields
    )


@pytest.mark.parametrize(("key", "clause", "who", "title", "body"), [
    ("register_update", "K3.I.1.1a", ("association",), "更新關懷名冊",
     "更新社區關懷名冊，填各類人數。名冊留在單位，不用上傳。期限 99年9月30日（K3.I.1.1a）。"),
    ("site_visit", "K7.5a", ("association", "officer"), "縣府督導訪視", "請準備帳冊。期限 99年9月30日（柒、五）。"),
])  # fmt: skip
def test_a_duty_of_a_case(world, key, clause, who, title, body):
    award = award_of(world)
    invitation = "請準備帳冊。" if key == "site_visit" else ""
    row = duty(key, clause, "1", application=award.application, award=award, invitation=invitation)
    subject, url = f"{title}：{award.number} {NAME}", f"/tasks/{row.pk}/"
    check(world, [Expected(name, (-3, 1), subject, body, url) for name in who], f"duty:{row.pk}")


def test_a_duty_of_the_county(world):
    row = duty("yearly_evaluation", "M5.4a", "2010")
    body = "辦理年度社區評鑑。期限 99年9月30日（伍、四）。"
    check(world, [Expected("officer", (-3, 1), "社區評鑑", body, f"/tasks/{row.pk}/")], f"duty:{row.pk}")


def test_a_duty_of_an_association(world):
    row = duty("assembly", "M5.5a", "2010", organisation=world.organisation)
    body = "今年的會員大會開過了，填開會的日期；紀錄可以拍照附上。期限 99年9月30日（伍、五）。"
    check(
        world,
        [Expected("association", (-90, -30, -3, 1), f"會員大會：{NAME}", body, f"/tasks/{row.pk}/")],
        f"duty:{row.pk}",
    )


def test_the_visits_of_one_day_are_one_notice(world):
    for place in (world.organisation, OrganisationFactory(name="乙社區發展協會")):
        duty("guidance", "M4.3b", "2010-09", organisation=place)
    subject, body = "分級輔導：2 個社區，期限 99年9月30日", f"{NAME}、乙社區發展協會"
    url = "/tasks/communities/?kind=guidance"
    check(world, [Expected("officer", (-3, 1), subject, body, url)], "visits:kaohsiung:2010-09-30")


def test_a_visit_that_was_added_after_the_stage_is_not_counted_in_it(world):
    duty("guidance", "M4.3b", "2010-09", organisation=world.organisation)
    late = duty("guidance", "M4.3b", "2010-09", organisation=OrganisationFactory())
    Duty.objects.filter(pk=late.pk).update(opened_on=DUE - dt.timedelta(days=2))
    assert [remind(DUE + dt.timedelta(days=days)) for days in (-2, 1)] == [1, 1]
    subjects = [
        subject.partition("，")[0] for subject in Notice.objects.order_by("id").values_list("subject", flat=True)
    ]
    assert subjects == ["分級輔導：1 個社區", "分級輔導：2 個社區"]


def test_a_duty_that_got_a_later_day_is_reminded_of_before_that_day(world):
    row = duty("yearly_evaluation", "M5.4a", "2010")
    assert remind(DUE - dt.timedelta(days=3)) == 1
    later = DUE + dt.timedelta(days=7)
    Duty.objects.filter(pk=row.pk).update(due_on=later)
    assert [remind(later - dt.timedelta(days=days)) for days in (4, 3, 2)] == [0, 1, 0]
    assert Notice.objects.get(closed_at=None).due_on == later


def test_services_send_through_one_function():
    services = Path(settings.BASE_DIR, "grants", "services")
    calls = {path.name for path in services.rglob("*.py") if re.search(r"\bnotify\(", path.read_text(encoding="utf-8"))}
    assert calls == {"notices.py"}
