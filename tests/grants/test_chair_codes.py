"""A chairperson who is not at the counter confirms by a code: by SMS, or from a letter that another clerk printed."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from communities.enums import CounterWay, Office
from communities.services import counter
from communities.services.counter import Visitor
from grants.enums import ApplicationStatus as S
from grants.permissions import helped_with
from grants.services.applications import chair_codes, drafts
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import Delivery, Reach
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of

from .filing import file, ready_case
from .test_counter import again, refusal

pytestmark = pytest.mark.django_db
BY_TELEPHONE = Visitor("林阿明", Office.CHAIRPERSON, CounterWay.PHONE, "要申請共餐")


def a_clerk(organisation):
    clerk = person(Role.TOWNSHIP_OFFICER, township_code=QISHAN, place_name="旗山鎮公所")
    counter.begin(clerk, organisation, BY_TELEPHONE)
    return again(clerk)


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def chair(organisation):
    return chair_of(organisation)


@pytest.fixture
def case(organisation, chair):
    return ready_case(organisation, chair)


@pytest.fixture
def clerk(organisation, case):
    return a_clerk(organisation)


@pytest.fixture
def number(settings, chair):
    settings.SMS_URL = "https://gateway.example.org/sms"
    Reach.objects.create(user=chair, phone="0912345678", phone_confirmed_at=clock.now())


def sent_code(chair):
    text = Delivery.objects.filter(recipient=chair).latest("pk").text
    return re.search(r"確認碼 ([0-9]{6})", text)[1]


def printed_code(content, tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(content)
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(path).pages)
    return re.search(r"([0-9]{3}-[0-9]{3})", text.split("確認碼")[-1])[1], text


def other_than(code):
    return f"{(int(code) + 1) % 10**6:06}"


class TestBySms:
    pytestmark = pytest.mark.usefixtures("number")

    def test_the_code_that_the_chairperson_says_files_the_case_in_that_name(self, clerk, case, chair):
        chair_codes.send(clerk, case)
        delivery = Delivery.objects.get(recipient=chair)
        assert delivery.address == "0912345678"
        assert f"申請補助 {case.requested_total:,} 元" in delivery.text
        assert refusal(file, clerk, case).endswith("內容改過要重新確認。")
        assert chair_codes.confirm(clerk, case, sent_code(chair))
        assert file(clerk, case).new
        case.refresh_from_db()
        assert case.status == S.SUBMITTED
        entry = AuditEntry.objects.get(action="application.confirm_by_code")
        assert (entry.case, entry.after["chair"], entry.after["phone"]) == (case.number, str(chair), "…678")

    def test_full_width_digits_and_signs_between_are_read(self, clerk, case, chair):
        chair_codes.send(clerk, case)
        code = sent_code(chair).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        assert chair_codes.confirm(clerk, case, f" {code[:3]}-{code[3:]} ")

    def test_five_wrong_guesses_end_the_code(self, clerk, case, chair):
        chair_codes.send(clerk, case)
        code = sent_code(chair)
        answers = [chair_codes.confirm(clerk, case, other_than(code)).reason for _turn in range(5)]
        assert answers[0] == "確認碼不對，請理事長再唸一次。還可以填 4 次。"
        assert refusal(chair_codes.confirm, clerk, case, code).startswith("確認碼已經過期、填錯太多次")
        assert AuditEntry.objects.filter(action="application.wrong_code").count() == 5
        assert refusal(file, clerk, case)

    def test_it_ends_after_half_an_hour_with_a_new_one_and_with_a_change_of_the_case(self, clerk, case, chair):
        made = chair_codes.send(clerk, case)
        first = sent_code(chair)
        made.made_at -= dt.timedelta(minutes=31)
        made.save()
        assert refusal(chair_codes.confirm, clerk, case, first)
        chair_codes.send(clerk, case)
        second = sent_code(chair)
        drafts.save_step(clerk, case, {"title": "別的名稱"}, edition=case.edition)
        case.refresh_from_db()
        assert refusal(chair_codes.confirm, clerk, case, second)
        assert case.chair_codes.count() == 1

    def test_what_was_confirmed_and_then_changed_must_be_confirmed_again(self, clerk, case, chair):
        chair_codes.send(clerk, case)
        chair_codes.confirm(clerk, case, sent_code(chair))
        drafts.save_step(clerk, case, {"title": "別的名稱"}, edition=case.edition)
        case.refresh_from_db()
        assert refusal(file, clerk, case).endswith("內容改過要重新確認。")

    def test_more_than_six_a_day_are_refused(self, client, clerk, case):
        client.force_login(clerk)
        answers = [client.post(reverse("grants:chair_code_send", args=[case.number])).status_code for _turn in range(7)]
        assert answers == [302] * 6 + [429]


class TestOnALetter:
    def test_another_clerk_than_the_printer_types_it_in(self, clerk, case, organisation, tmp_path):
        code, text = printed_code(chair_codes.letter(clerk, case), tmp_path)
        for words in (case.number, f"{case.requested_total:,}元", "".join(case.title.split())):
            assert words in text
        assert refusal(chair_codes.confirm, clerk, case, code).startswith("這封確認碼信是您印的")
        other = a_clerk(organisation)
        assert chair_codes.confirm(other, case, code)
        assert file(other, case).new
        assert helped_with(clerk, case)
        assert not helped_with(other, case)

    def test_it_holds_for_two_weeks(self, clerk, case, organisation, tmp_path):
        code, _text = printed_code(chair_codes.letter(clerk, case), tmp_path)
        row = case.chair_codes.get()
        assert row.expires_on == clock.today() + dt.timedelta(days=14)
        row.expires_on = clock.today() - dt.timedelta(days=1)
        row.save()
        assert refusal(chair_codes.confirm, a_clerk(organisation), case, code)

    def test_without_a_proved_number_or_a_gateway_no_code_is_sent(self, clerk, case):
        assert refusal(chair_codes.send, clerk, case) == "理事長沒有確認過的手機號碼，請印確認碼信。"
        assert not Delivery.objects.exists()


def test_only_a_clerk_at_the_counter_has_codes(case, chair):
    for act in (chair_codes.send, chair_codes.letter):
        assert refusal(act, chair, case).startswith("確認單是櫃檯代辦時用的")
