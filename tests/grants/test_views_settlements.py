"""The page of a 結報: what each sees, fills in and presses."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.enums import AwardStatus, SettlementStatus
from grants.models import Award, Settlement, SettlementDocument
from grants.services.settlements import papers, reports
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.money import approved, member
from tests.grants.papers import paper
from tests.grants.sanctioning import decided
from tests.grants.settling import DONE, accepted, admit, paid_first, report, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def award(staff) -> Award:
    return approved(staff=staff, settlement_due=dt.date(2010, 9, 30))


def at(award: Award, name: str = "detail", *more) -> str:
    return reverse(f"grants:settlement_{name}", args=[award.number, *more])


def page(client, user, award: Award) -> str:
    client.force_login(user)
    answer = client.get(at(award))
    assert answer.status_code == 200
    return answer.content.decode()


def figures(settlement: Settlement, *amounts: str, vouchers: str = "3", **more: str) -> dict[str, str]:
    data = {"outcome": "辦理 20 場共餐", "people_served": "640", "edition": "1", **more}
    for line, amount in zip(settlement.lines.all(), amounts, strict=True):
        data |= {f"line-{line.pk}-spent": amount, f"line-{line.pk}-vouchers": vouchers}
    return data


def sums(settlement: Settlement, *amounts: str, reason: str = "") -> dict[str, str]:
    data = {}
    for line, amount in zip(settlement.lines.all(), amounts, strict=True):
        data |= {f"line-{line.pk}-admitted": amount, f"line-{line.pk}-reason": reason}
    return data


def test_the_whole_way_on_the_screen(client, staff, award):
    paid_first(award, staff)
    someone = member(award)
    assert "請登記實際完成的日期" in page(client, someone, award)
    assert client.post(at(award, "complete"), {"completed_on": "99/5/31"}).status_code == 302
    settlement = Settlement.objects.get()
    for kind in ("vouchers", "photos", "activity"):
        assert client.post(at(award, "paper_add", kind), {f"upload-{kind}": paper()}).status_code == 302
    data = figures(settlement, "８０，０００", "NT$39,000", command="submit")
    assert client.post(at(award, "report"), data).status_code == 302
    assert "請核對憑證" in page(client, staff.finance, award)
    assert client.post(at(award, "sums"), sums(settlement, "80,000", "39,000")).status_code == 302
    assert "請看成果" in page(client, staff.officer, award)
    assert client.post(at(award, "content")).status_code == 302
    assert "請決定是否准予核銷" in page(client, staff.head, award)
    assert client.post(at(award, "accept")).status_code == 302
    settlement.refresh_from_db()
    assert (settlement.status, settlement.eligible) == (SettlementStatus.ACCEPTED, 119_000)
    assert "應撥付 59,000 元" in page(client, someone, award)
    assert award.instalments.get(number=2).amount == 59_000


@pytest.mark.parametrize("typed", ["99/2/28", "99/6/2", "99/2/31", "", "一千"])
def test_a_wrong_day_of_completion_is_said_at_the_field(client, award, typed):
    client.force_login(member(award))
    answer = client.post(at(award, "complete"), {"completed_on": typed})
    assert answer.status_code == 422
    assert list(answer.context["completion_form"].errors) == ["completed_on"]
    assert Award.objects.get().status == AwardStatus.ACTIVE


def test_saving_half_of_it_keeps_it(client, award):
    someone = member(award)
    settlement = reports.register_completion(someone, award, DONE)
    client.force_login(someone)
    data = figures(settlement, "80,000", "", vouchers="", outcome="", people_served="", command="save")
    assert client.post(at(award, "report"), data).status_code == 302
    assert [line.spent for line in settlement.lines.all()] == [80_000, None]


def test_sending_too_early_says_all_that_is_missing_and_keeps_what_was_typed(client, award):
    someone = member(award)
    settlement = reports.register_completion(someone, award, DONE)
    client.force_login(someone)
    answer = client.post(at(award, "report"), figures(settlement, "80,000", "", command="submit"))
    assert answer.status_code == 422
    last = settlement.lines.all()[1].pk
    assert [gap.anchor for gap in answer.context["gaps"]] == [
        f"id_line-{last}-spent",
        "papers-vouchers",
        "papers-photos",
        "papers-activity",
    ]
    text = answer.content.decode()
    assert all(f'id="{gap.anchor}"' in text for gap in answer.context["gaps"])
    assert settlement.lines.first().spent == 80_000


@pytest.mark.parametrize("typed", ["一千", "-5", "1e9", "3.5"])
def test_a_bad_amount_is_said_at_its_line(client, award, typed):
    someone = member(award)
    settlement = reports.register_completion(someone, award, DONE)
    client.force_login(someone)
    answer = client.post(at(award, "report"), figures(settlement, typed, "1"))
    assert answer.status_code == 422
    assert list(answer.context["report_form"].errors) == [f"line-{settlement.lines.first().pk}-spent"]
    assert f'value="{typed}"' in answer.content.decode()


def test_a_file_in_disguise_is_refused_in_words(client, award):
    someone = member(award)
    reports.register_completion(someone, award, DONE)
    client.force_login(someone)
    bad = SimpleUploadedFile("單據.pdf", b"MZ\x90\x00 program", "application/pdf")
    answer = client.post(at(award, "paper_add", "vouchers"), {"upload-vouchers": bad})
    assert answer.status_code == 422
    assert not SettlementDocument.objects.exists()
    assert client.post(at(award, "paper_add", "nonsense"), {"upload-nonsense": paper()}).status_code == 404


def test_a_paper_can_be_taken_out_again(client, award):
    someone = member(award)
    settlement = reports.register_completion(someone, award, DONE)
    kept = papers.add_document(someone, settlement, "photos", paper())
    client.force_login(someone)
    assert client.get(at(award, "paper", kept.pk)).status_code == 200
    assert client.post(at(award, "paper_remove", kept.pk)).status_code == 302
    assert not SettlementDocument.objects.exists()


@pytest.mark.parametrize(
    ("amount", "reason", "field"), [("80,001", "x", "admitted"), ("79,999", "", "reason"), ("", "", "admitted")]
)
def test_what_finance_types_wrong_is_said_at_the_line(client, staff, award, amount, reason, field):
    settlement = submitted(award, 80_000, 40_000)
    client.force_login(staff.finance)
    answer = client.post(at(award, "sums"), sums(settlement, amount, "40,000", reason=reason))
    assert answer.status_code == 422
    assert list(answer.context["sums_form"].errors) == [f"line-{settlement.lines.first().pk}-{field}"]


def test_an_account_that_was_sent_anew_meanwhile_is_looked_at_before_it_is_decided(client, staff, award):
    settlement = submitted(award, 80_000, 40_000)
    client.force_login(staff.finance)
    old = client.get(at(award)).context["shown"]
    posted = sums(settlement, "80,000", "40,000") | {"shown": old}
    reports.ask_correction(staff.finance, settlement, "缺一張")
    reports.submit(member(award), settlement, report(settlement, 80_000, 39_000))
    answer = client.post(at(award, "sums"), sums(settlement, "80,000", "39,000") | {"shown": old})
    assert (answer.status_code, "內容換過了" in answer.content.decode()) == (422, True)
    posted = sums(settlement, "80,000", "39,000") | {"shown": answer.context["shown"]}
    for _press in range(2):
        assert client.post(at(award, "sums"), posted).status_code == 302
    client.force_login(staff.officer)
    seen = client.get(at(award)).context["shown"]
    settlement.lines.filter(line__position=2).update(admitted=38_000, reason="不符")
    assert client.post(at(award, "content"), {"shown": seen}).status_code == 422
    assert client.post(at(award, "content"), {"shown": client.get(at(award)).context["shown"]}).status_code == 302
    client.force_login(staff.head)
    seen = client.get(at(award)).context["shown"]
    assert client.post(at(award, "accept"), {"shown": "x"}).status_code == 422
    for _press in range(2):
        assert client.post(at(award, "accept"), {"shown": seen}).status_code == 302
    assert Settlement.objects.get().eligible == 118_000


def test_finance_is_offered_no_more_than_was_approved_of_a_line(client, staff, award):
    settlement = submitted(award, 80_001, 39_000)
    client.force_login(staff.finance)
    over, under = client.get(at(award)).context["sums_form"].rows()
    assert over.line.line.approved == 80_000
    assert (over.first.value(), over.second.value()) == ("80,000", "超過核定的部分由單位自付")
    assert (under.first.value(), under.second.value()) == ("39,000", "")
    offered = {f.html_name: f.value() for row in (over, under) for f in (row.first, row.second)}
    assert client.post(at(award, "sums"), offered).status_code == 302
    assert list(settlement.lines.values_list("admitted", flat=True)) == [80_000, 39_000]


def test_a_correction_comes_back_to_the_association(client, staff, award):
    submitted(award, 80_000, 40_000)
    client.force_login(staff.officer)
    assert client.post(at(award, "correction"), {"note": ""}).status_code == 422
    assert client.post(at(award, "correction"), {"note": "缺第三張發票"}).status_code == 302
    text = page(client, member(award), award)
    assert "缺第三張發票" in text
    assert "補正後送回" in text


def test_money_back_on_the_screen(client, staff, award):
    paid_first(award, staff)
    accepted(award, staff, (30_000, 20_000))
    assert "請繳回 10,000 元" in page(client, member(award), award)
    assert "登記繳回" in page(client, staff.cashier, award)
    assert (
        client.post(
            at(award, "money_back"), {"amount": "10,001", "received_on": "99/6/1", "voucher_number": "1"}
        ).status_code
        == 422
    )
    for _press in range(2):
        assert (
            client.post(
                at(award, "money_back"), {"amount": "10,000", "received_on": "99/6/1", "voucher_number": "1"}
            ).status_code
            == 302
        )
    assert Award.objects.get().status == AwardStatus.CLOSED
    assert "已經結案" in page(client, staff.cashier, award)


def test_being_late_shows_and_does_not_stop(client, award):
    someone = member(award)
    reports.register_completion(someone, award, DONE)
    with clock.travel(dt.date(2010, 7, 11)):
        text = page(client, someone, award)
    assert "已逾 10 天" in text
    assert "逾期仍可送件" in text
    assert "送出結報" in text


def test_who_finds_it_and_who_does_not(client, staff, award):
    someone = member(award)
    settlement = reports.register_completion(someone, award, DONE)
    kept = papers.add_document(someone, settlement, "vouchers", paper())
    submitted(award, 80_000, 40_000)
    for role in (Role.CASE_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR):
        client.force_login(person(role, "miaoli"))
        assert client.get(at(award)).status_code == 404
        assert client.get(at(award, "paper", kept.pk)).status_code == 404
        client.force_login(person(role))
        assert client.get(at(award)).status_code == 200
        assert client.get(at(award, "paper", kept.pk)).status_code == 200
    client.force_login(member_of(OrganisationFactory()))
    assert client.get(at(award)).status_code == 404
    client.force_login(person(Role.TOWNSHIP_OFFICER, township_code=award.application.township_code))
    assert client.get(at(award)).status_code == 200
    assert client.get(at(award, "paper", kept.pk)).status_code == 403
    client.force_login(person(Role.REVIEWER))
    assert client.get(at(award)).status_code == 403


OUTSIDERS = (Role.CASE_OFFICER, Role.FINANCE_OFFICER, Role.APPROVER, Role.AUDITOR, Role.TOWNSHIP_OFFICER)


@pytest.mark.parametrize("role", OUTSIDERS)
def test_a_draft_is_the_associations_own_until_it_is_sent(client, award, role):
    someone = member(award)
    settlement = reports.register_completion(someone, award, DONE)
    kept = papers.add_document(someone, settlement, "photos", paper())
    report = reports.Report("尚未定稿", 98_765_432, {settlement.lines.first().pk: reports.Spent(76_543, 3)})
    reports.save(someone, settlement, report)
    place = {"township_code": award.application.township_code} if role == Role.TOWNSHIP_OFFICER else {}
    outsider = person(role, **place)
    secrets = ("76,543", "98,765,432", "尚未定稿", kept.file.name)
    text = page(client, outsider, award)
    assert "協會填寫中，尚未送出" in text
    assert [secret for secret in secrets if secret in text] == []
    assert client.get(at(award, "paper", kept.pk)).status_code == 403
    text = page(client, someone, award)
    assert "協會填寫中，尚未送出" not in text
    assert [secret for secret in secrets if secret in text] == list(secrets)
    submitted(award, 80_000, 40_000)
    text = page(client, outsider, award)
    assert "協會填寫中，尚未送出" not in text
    assert ("80,000" in text, "辦理 20 場共餐" in text, kept.file.name in text) == (True, True, True)


@pytest.mark.parametrize("name", ["sums", "content", "accept", "money_back", "correction", "report", "complete"])
def test_nobody_else_takes_a_step(client, award, name):
    submitted(award, 80_000, 40_000)
    client.force_login(person(Role.AUDITOR))
    assert client.post(at(award, name), {"note": "x"}).status_code == 403


def test_the_page_asks_as_often_for_many_lines_as_for_one(client, staff):
    counts = set()
    for lines in ((120_000,), (40_000,) * 3, (5_000,) * 24):
        award = approved(lines, staff=staff)
        settlement = submitted(award, *lines)
        reports.check_sums(staff.finance, settlement, admit(settlement, *lines))
        client.force_login(staff.officer)
        client.get(at(award))
        with CaptureQueriesContext(connection) as seen:
            client.get(at(award))
        counts.add(len(seen))
    assert len(counts) == 1
    # Staff see what the law says of the account, which asks for the whole case; without a stored approval (as here) twice.
    assert counts.pop() <= 35


def test_a_plan_that_was_never_carried_out_has_a_way_of_its_own(client, staff, award):
    """No account is asked for, and each thing that happened is shown once, without the words of the ledger."""
    paid_first(award, staff)
    decided(staff, award)
    text = page(client, staff.finance, award)
    track, history = re.findall(r'<ol class="track".*?</ol>|<ol class="timeline">.*?</ol>', text, re.DOTALL)
    assert re.findall(r'<li class="(\w+)"[^>]*>\s*(\S+)', track) == [
        ("done", "未執行"),
        ("now", "繳回款項"),
        ("todo", "款項結清"),
    ]
    assert "結報期限" not in text
    titles = re.findall(r"<b>(.*?)</b>", history)
    assert titles[0] == "登記未執行"
    assert [word for word in ("釋出", "取消", "撥付", "核定保留") if word in titles] == []
    assert titles.count("登記撥付") == 1
    assert "這一案登記為計畫未執行" in client.get(f"/applications/{award.number}/").content.decode()
