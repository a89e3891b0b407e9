"""A clerk at the counter does what the association may, in both names, and the chairperson's own signature stays needed."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from communities.enums import CounterWay, Office
from communities.models import CounterVisit
from communities.services import counter
from communities.services.counter import Visitor
from grants.enums import ApplicationStatus as S
from grants.models import Application
from grants.permissions import may_edit, may_start
from grants.services.applications import drafts, signatures
from grants.services.reviews import checks
from grants.workflow import applications
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock, paper_codes
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of, member_of
from tests.files import samples

from .filing import file, ready_case

pytestmark = pytest.mark.django_db
VISITOR = Visitor("林阿明", Office.EXECUTIVE_SECRETARY, CounterWay.COUNTER, "要申請共餐")


@pytest.fixture
def organisation(db):
    return OrganisationFactory()


@pytest.fixture
def clerk(db):
    return person(Role.TOWNSHIP_OFFICER, township_code=QISHAN, place_name="旗山鎮公所")


@pytest.fixture
def officer(db):
    return person(Role.CASE_OFFICER)


def again(user):
    """The person at the next request."""
    return type(user).objects.get(pk=user.pk)


def refusal(act, *args):
    with pytest.raises(Refused) as refused:
        act(*args)
    return refused.value.reason


def signed_scan():
    return SimpleUploadedFile("確認單.pdf", samples.pdf(), content_type="application/pdf")


class TestVisit:
    def test_the_clerk_may_start_only_while_it_is_open(self, clerk, organisation):
        assert not may_start(clerk, organisation.pk)
        visit = counter.begin(clerk, organisation, VISITOR)
        assert may_start(again(clerk), organisation.pk)
        counter.end(again(clerk), visit, "送了一件")
        assert not may_start(again(clerk), organisation.pk)
        visit.refresh_from_db()
        assert (visit.said, visit.person_name, visit.ended_at is not None) == ("送了一件", "林阿明", True)

    def test_it_is_over_with_the_day(self, clerk, organisation):
        counter.begin(clerk, organisation, VISITOR)
        with clock.travel(clock.today() + dt.timedelta(days=1)):
            assert not may_start(again(clerk), organisation.pk)
            counter.begin(again(clerk), organisation, VISITOR)
        assert CounterVisit.objects.count() == 2

    @pytest.mark.parametrize(
        ("role", "scope"),
        [
            (Role.TOWNSHIP_OFFICER, {"township_code": "64000330"}),
            (Role.CASE_OFFICER, {"county": "miaoli"}),
            (Role.APPROVER, {}),
            (Role.FINANCE_OFFICER, {}),
        ],
    )
    def test_others_do_not(self, organisation, role, scope):
        words = "櫃檯代辦由當地公所或縣府承辦人辦理。"
        assert refusal(counter.begin, person(role, **scope), organisation, VISITOR) == words

    def test_nobody_helps_the_own_association_or_two_at_once(self, clerk, officer, organisation):
        counter.begin(clerk, organisation, VISITOR)
        words = refusal(counter.begin, again(clerk), OrganisationFactory(), VISITOR)
        assert words == f"您正在替{organisation}代辦，請先結束那一件。"
        own = OrganisationFactory()
        member_of(own, user=officer)
        assert refusal(counter.begin, again(officer), own, VISITOR).startswith("您是這個單位的人員")

    def test_both_names_stand_in_the_trail_and_the_association_s_notices_do_not_reach_the_clerk(
        self, clerk, organisation
    ):
        member = member_of(organisation)
        counter.begin(clerk, organisation, VISITOR)
        case = ready_case(organisation, member)
        drafts.save_step(again(clerk), case, {"title": "共餐"}, edition=case.edition)
        entry = AuditEntry.objects.filter(case=case.number).order_by("-seq").first()
        assert (entry.actor_name, entry.post_label) == (
            clerk.display_name,
            f"{organisation}（櫃檯代辦：總幹事 林阿明）",
        )
        assert holders_of(Role.MEMBER, organisation_id=organisation.pk) == [member]


class TestSignature:
    @pytest.fixture
    def case(self, organisation):
        return ready_case(organisation, chair_of(organisation))

    @pytest.fixture
    def helping(self, clerk, organisation, case):
        counter.begin(clerk, organisation, VISITOR)
        return again(clerk)

    def test_without_the_signed_sheet_nothing_is_filed(self, helping, case):
        words = "請印確認單給理事長簽名，再上傳簽名的掃描，或填理事長的確認碼；內容改過要重新確認。"
        assert refusal(file, helping, case) == words

    def test_with_it_the_case_is_filed_in_the_chairperson_s_name(self, helping, case, organisation):
        signatures.keep(helping, case, signed_scan())
        done = file(helping, case)
        case.refresh_from_db()
        chair = case.documents.get(kind="chair_signature").note
        assert (case.status, done.version.filed_by) == (S.SUBMITTED, helping)
        assert Notice.objects.filter(body__contains=f"{chair}已經確認送件").exists()

    def test_a_change_after_signing_asks_for_a_new_signature(self, helping, case):
        signatures.keep(helping, case, signed_scan())
        drafts.save_step(helping, case, {"title": "別的名稱"}, edition=case.edition)
        case.refresh_from_db()
        assert refusal(file, helping, case).endswith("內容改過要重新確認。")
        signatures.keep(helping, case, signed_scan())
        assert case.documents.filter(kind="chair_signature").count() == 1
        assert file(helping, case).new

    def test_members_and_the_office_without_a_visit_have_no_sheet(self, organisation, officer, case):
        for user in (member_of(organisation), officer):
            assert not signatures.may_sign(user, case)

    def test_the_sheet_names_the_case_the_sum_and_who_signs_and_its_code_is_ours(self, helping, case, tmp_path):
        path = tmp_path / "sheet.pdf"
        path.write_bytes(signatures.sheet(case))
        text = "".join(PdfReader(path).pages[0].extract_text().split())
        for words in (case.number, f"{case.requested_total:,}元", "理事長簽名", "".join(case.title.split())):
            assert words in text
        code = paper_codes.PaperCode(case.number, "chair_signature", "0123456789abcdef")
        assert paper_codes.read(code.text) == code
        assert paper_codes.read(code.text[:-1] + ("0" if code.text[-1] != "0" else "1")) is None
        assert paper_codes.read("https://example.org/") is None


class TestFourEyes:
    def test_who_filled_the_case_in_at_the_counter_does_not_check_it(self, officer, organisation):
        chair = chair_of(organisation)
        visit = counter.begin(officer, organisation, VISITOR)
        case = ready_case(organisation, chair)
        drafts.save_step(again(officer), case, {"title": "共餐"}, edition=case.edition)
        counter.end(again(officer), visit, "填好了")
        case.refresh_from_db()
        file(chair, case)
        case.refresh_from_db()
        words = "您在櫃檯替這個單位辦過這一件，請由別的同仁辦理。"
        assert refusal(checks.receive, again(officer), case) == words
        assert applications.TABLE.answer(case, "receive", person(Role.CASE_OFFICER))

    def test_another_case_of_the_association_is_not_concerned(self, officer, organisation):
        chair = chair_of(organisation)
        counter.end(again(officer), counter.begin(officer, organisation, VISITOR), "只問了問題")
        case = ready_case(organisation, chair)
        file(chair, case)
        case.refresh_from_db()
        assert applications.TABLE.answer(case, "receive", again(officer))


class TestPages:
    def test_begin_work_and_end(self, client, clerk, organisation):
        client.force_login(clerk)
        url = reverse("communities:counter", args=[organisation.pk])
        answer = client.post(url, {"way": "counter", "person_name": "", "office": "staff", "said": ""})
        assert (answer.status_code, CounterVisit.objects.count()) == (422, 0)
        client.post(url, {"way": "phone", "person_name": "林阿明", "office": "staff", "said": "要補正"})
        page = client.get("/desk/").content.decode()
        assert "櫃檯代辦中" in page
        visit = CounterVisit.objects.get()
        answer = client.post(reverse("communities:counter-end", args=[visit.pk]), {"said": " "})
        assert (answer.status_code, "請寫辦了什麼，日後查得到。" in answer.content.decode()) == (422, True)
        client.post(reverse("communities:counter-end", args=[visit.pk]), {"said": "補正送回"})
        assert "櫃檯代辦中" not in client.get("/desk/").content.decode()
        assert may_edit(again(clerk), Application(organisation=organisation)).allowed is False
