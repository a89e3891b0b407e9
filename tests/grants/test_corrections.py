"""Corrections item by item, the hand-over to the chairperson, and the chairperson's way back to the staff."""

import datetime as dt
from types import SimpleNamespace
from uuid import uuid4

import pytest

from grants.enums import ApplicationStatus as S
from grants.queries.applications.corrections import asked_of, running
from grants.queries.applications.places import open_request
from grants.queries.desk import tasks
from grants.services.applications import correction_requests, documents, drafts, filing
from grants.services.applications.correction_requests import Wanted
from grants.services.applications.corrections import answer_items, hand_over, items_of, return_to_staff
from grants.services.applications.drafts import BudgetChange
from grants.services.applications.opened import ClosedError
from grants.services.reviews import checks
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.letters import issued

from .filing import filed_case, ready_case
from .pages import fresh, signed_in, text_of
from .papers import paper

pytestmark = pytest.mark.django_db
ACCEPT = {"Accept": "application/json"}
ITEMS = "申請書請蓋圖記\n印刷費請說明份數\n\n計畫名稱請寫清楚"


@pytest.fixture
def world() -> SimpleNamespace:
    organisation = OrganisationFactory()
    staff, chair, officer = member_of(organisation), chair_of(organisation), person(Role.CASE_OFFICER)
    case = filed_case(organisation, chair)
    checks.receive(officer, case)
    correction_requests.ask_correction(officer, fresh(case), items=ITEMS, days=10, edition=fresh(case).edition)
    return SimpleNamespace(staff=staff, chair=chair, officer=officer, case=fresh(case))


def answer_all(world, words: str = "已補正") -> None:
    answer_items(world.staff, world.case, {item.pk: (True, words) for item in rows(world)})


def rows(world) -> list:
    return list(items_of(world.case))


def refile(world):
    case = fresh(world.case)
    return filing.file(world.chair, case, uuid4(), edition=case.edition)


def queues(user) -> set[str]:
    return {count.queue.kind for count in tasks.desk_of(user).counts}


def test_each_line_of_the_officer_is_an_item(world):
    assert [(item.place, item.text) for item in rows(world)] == [
        (1, "申請書請蓋圖記"),
        (2, "印刷費請說明份數"),
        (3, "計畫名稱請寫清楚"),
    ]


def test_an_item_leads_to_the_field_line_or_paper_that_it_names(world):
    request = open_request(world.case)
    at, line = f"/applications/{world.case.number}", world.case.lines.get().pk
    assert [asked.url for asked in asked_of(world.case, request)] == [
        f"{at}/edit/documents/#div-application_form",
        f"{at}/budget/#line-{line}",
        f"{at}/edit/project/#ask-title",
    ]


@pytest.mark.parametrize("page", ["edit/organisation/", "edit/project/", "budget/", "edit/documents/", "edit/review/"])
def test_every_step_shows_the_items(world, page):
    html = text_of(signed_in(world.staff).get(f"/applications/{world.case.number}/{page}"))
    for item in rows(world):
        assert f'name="answer-{item.pk}"' in html
        assert item.text in html


def test_nothing_goes_back_before_every_item_is_answered(world):
    first, *others = rows(world)
    with pytest.raises(filing.NotReadyError) as missing:
        refile(world)
    assert [gap.message for gap in missing.value.gaps] == [
        f"補正事項第 {place} 項還沒有寫怎麼處理。" for place in (1, 2, 3)
    ]
    answer_items(world.staff, world.case, {item.pk: (True, "好了") for item in others})
    answer_items(world.staff, world.case, {first.pk: (False, "還在等圖記")})
    with pytest.raises(filing.NotReadyError) as missing:
        hand_over(world.staff, world.case)
    assert len(missing.value.gaps) == 1
    page = text_of(signed_in(world.staff).get(f"/applications/{world.case.number}/edit/review/"))
    assert "還有幾項要改好" in page
    # The page itself is where the item is answered: the link says so, and the field has its label in sight.
    assert (
        f'<a href="/applications/{world.case.number}/edit/review/#correction-{first.pk}">到「要補正的事項」</a>' in page
    )
    assert f'<label class="soft" for="id_answer-{first.pk}">第 1 項怎麼處理的</label>' in page
    answer_all(world)
    assert refile(world).version.number == 2
    assert fresh(world.case).status == S.COMPLETENESS_CHECK


def test_the_staff_hands_over_and_only_then_the_chair_is_asked(world):
    answer_all(world)
    assert (queues(world.staff), queues(world.chair)) == ({"correct"}, {"correct"})
    client = signed_in(world.staff)
    page = text_of(client.get(f"/applications/{world.case.number}/edit/review/"))
    assert "送請理事長確認" in page
    assert client.post(f"/applications/{world.case.number}/hand-to-chair/").status_code == 302
    assert (queues(world.staff), queues(world.chair)) == (set(), {"confirm"})
    assert Notice.objects.filter(recipient=world.chair, kind="application.chair").count() == 1
    review = text_of(signed_in(world.chair).get(f"/applications/{world.case.number}/edit/review/"))
    for words in ("確認送回", world.case.title, "10,000", "本人確認以上內容屬實"):
        assert words in review, words


def test_the_chair_sends_a_corrected_case_back_to_the_staff_with_a_sentence(world):
    answer_all(world)
    with pytest.raises(Refused, match="還沒有送請理事長確認"):
        return_to_staff(world.chair, world.case, "再看一次")
    hand_over(world.staff, world.case)
    address = f"/applications/{world.case.number}/return-to-staff/"
    assert signed_in(world.staff).post(address, {"note": "我改"}).status_code == 403
    assert signed_in(world.chair).post(address, {"note": ""}).status_code == 422
    assert signed_in(world.chair).post(address, {"note": "份數寫錯了"}).status_code == 302
    assert (fresh(world.case).chair_note, queues(world.staff)) == ("份數寫錯了", {"correct"})
    assert "份數寫錯了" in text_of(signed_in(world.staff).get(f"/applications/{world.case.number}/edit/project/"))
    assert Notice.objects.filter(recipient=world.staff, kind="application.returned").count() == 1


def test_the_officer_sees_the_answers_beside_the_items(world):
    answer_all(world, "印 300 份")
    refile(world)
    page = text_of(signed_in(world.officer).get(f"/applications/{world.case.number}/check/"))
    assert page.count("印 300 份") == 3
    assert "印刷費請說明份數" in page


class TestAnswers:
    def post(self, user, world, **data):
        return signed_in(user).post(f"/applications/{world.case.number}/corrections/", data, headers=ACCEPT)

    def test_are_saved_while_typing(self, world):
        item = rows(world)[0]
        answer = self.post(world.staff, world, **{f"done-{item.pk}": "on", f"answer-{item.pk}": "已蓋章"})
        assert answer.status_code == 200
        assert "1／3" in answer.json()["parts"]["corrections-count"]
        item.refresh_from_db()
        assert (item.done, item.answer) == (True, "已蓋章")

    def test_a_tick_alone_is_no_answer(self, world):
        item = rows(world)[0]
        answer = self.post(world.staff, world, **{f"done-{item.pk}": "on", f"answer-{item.pk}": " "})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [f"answer-{item.pk}"])
        item.refresh_from_db()
        assert not item.answered

    def test_what_a_colleague_wrote_is_not_overwritten(self, world):
        item = rows(world)[0]
        self.post(world.staff, world, **{f"answer-{item.pk}": "甲寫的"})
        answer = self.post(world.chair, world, **{f"answer-{item.pk}": "乙寫的"})
        assert (answer.status_code, "甲寫的" in answer.json()["conflicts"]) == (409, True)

    def test_belong_to_the_association(self, world):
        assert self.post(member_of(OrganisationFactory()), world).status_code == 404
        assert self.post(world.officer, world).status_code == 403

    def test_are_over_when_the_case_went_back(self, world):
        answer_all(world)
        refile(world)
        assert self.post(world.staff, world).status_code == 403


class TestBeforeTheFirstFiling:
    @pytest.fixture
    def case(self, world):
        case = ready_case(world.case.organisation, world.staff, title="長者共餐")
        filing.hand_to_chair(world.staff, case)
        return fresh(case)

    def test_the_chair_reads_everything_and_may_send_it_back(self, world, case):
        client = signed_in(world.chair)
        assert client.get(f"/applications/{case.number}/edit/").url == f"/applications/{case.number}/edit/review/"
        page = text_of(client.get(f"/applications/{case.number}/edit/review/"))
        for part in ("organisation", "project", "budget", "documents"):
            assert f'href="/applications/{case.number}/edit/review/#{part}"' in page
            assert f'id="{part}"' in page
        assert client.post(f"/applications/{case.number}/return-to-staff/", {"note": "日期改到七月"}).status_code == 302
        assert (fresh(case).status, fresh(case).chair_note) == (S.DRAFT, "日期改到七月")
        assert "理事長請承辦人修改：日期改到七月" in text_of(
            signed_in(world.staff).get(f"/applications/{case.number}/")
        )

    def test_the_note_is_gone_when_it_is_handed_over_again(self, world, case):
        filing.return_to_staff(world.chair, case, "日期改到七月")
        filing.hand_to_chair(world.staff, fresh(case))
        assert fresh(case).chair_note == ""

    def test_the_chair_is_told_what_and_how_much(self, world, case):
        notice = Notice.objects.filter(recipient=world.chair, kind="application.chair").latest("id")
        assert "長者共餐" in notice.body
        assert notice.body.count("申請 10,000 元") == 1


# --- Only what was opened ---------------------------------------------------------------------------------------------------


@pytest.fixture
def narrow() -> SimpleNamespace:
    """Only the place, the first line and the cover of the papers are open."""
    organisation = OrganisationFactory()
    staff, chair, officer = member_of(organisation), chair_of(organisation), person(Role.CASE_OFFICER)
    case = filed_case(organisation, chair)
    checks.receive(officer, case)
    line = case.lines.get()
    places = [Wanted("辦理地點：請寫門牌", "field:place"), Wanted("經費：請核實", f"line:{line.pk}")]
    case = fresh(case)
    correction_requests.ask_correction(
        officer, case, items="", days=10, edition=case.edition, places=places, whole=False
    )
    return SimpleNamespace(staff=staff, chair=chair, officer=officer, case=fresh(case), line=line)


def test_a_correction_opens_only_its_places_on_every_way_of_editing(narrow):
    case, staff, line = narrow.case, narrow.staff, narrow.line
    closed = [
        lambda: drafts.save_step(staff, case, {"title": "別的名稱"}, edition=fresh(case).edition),
        lambda: drafts.save_step(staff, case, {"contact_phone": "07-1"}, edition=fresh(case).edition),
        lambda: drafts.save_step(staff, case, {"answers": {"users": [1]}}, edition=fresh(case).edition),
        lambda: drafts.save_budget(
            staff, case, BudgetChange(command="add", argument=line.item), edition=fresh(case).edition
        ),
        lambda: drafts.save_budget(
            staff, case, BudgetChange(command="copy", argument=str(line.pk)), edition=fresh(case).edition
        ),
        lambda: drafts.import_lines(staff, case, [(line.item, {"requested": 1})], edition=fresh(case).edition),
        lambda: documents.attach_document(staff, case, "other", paper()),
        lambda: documents.remove_document(staff, case, case.documents.exclude(kind="application_form").first().pk),
    ]
    for act in closed:
        with pytest.raises(ClosedError, match="這次補正沒有開放"):
            act()
    assert (fresh(case).title, case.lines.count()) == (case.title, 1)
    drafts.save_step(staff, case, {"place": "示範路1號", "title": case.title}, edition=fresh(case).edition)
    change = BudgetChange(rows={line.pk: {"requested": 1_000}})
    drafts.save_budget(staff, case, change, edition=fresh(case).edition)
    assert (fresh(case).place, fresh(case).requested_total) == ("示範路1號", 1_000)


def test_what_is_closed_is_shown_and_a_post_of_the_whole_page_changes_only_what_is_open(narrow):
    client, at = signed_in(narrow.staff), f"/applications/{narrow.case.number}"
    page = text_of(client.get(f"{at}/edit/project/"))
    assert "這次只開放上面列的地方" in page
    form = client.get(f"{at}/edit/project/").context["form"]
    assert (form.fields["title"].disabled, form.fields["place"].disabled) == (True, False)
    data = {"edition": narrow.case.edition, "title": "偷改", "place": "示範路2號", "goal": ""}
    assert client.post(f"{at}/edit/project/", data).status_code == 302
    assert (fresh(narrow.case).place, fresh(narrow.case).title) == ("示範路2號", narrow.case.title)
    papers = text_of(client.get(f"{at}/edit/documents/"))
    assert "這次補正沒有開放這一份文件" in papers


def test_a_correction_that_opens_nothing_is_refused(narrow):
    body = OrganisationFactory()
    people, case = narrow, filed_case(body, chair_of(body))
    checks.receive(people.officer, case)
    for items, whole, sentence in (("", True, "請勾選要補正的地方"), ("請說明", False, "還沒有勾選可以修改的地方")):
        with pytest.raises(Refused, match=sentence):
            correction_requests.ask_correction(
                people.officer, fresh(case), items=items, days=10, edition=fresh(case).edition, whole=whole
            )


def test_the_day_of_delivery_lengthens_the_period_but_never_shortens_it(narrow, portal_date):
    with pytest.raises(Refused, match="還沒有發文"):
        correction_requests.record_delivery(narrow.officer, narrow.case, portal_date)
    issued(narrow.officer, narrow.case.letters.get())
    printed = fresh(narrow.case).correction_due_on
    assert printed == office_calendar.of("kaohsiung").add_workdays(portal_date + dt.timedelta(days=3), 10)
    kept = correction_requests.record_delivery(narrow.officer, narrow.case, portal_date)
    assert (kept.delivered_on, kept.due_on) == (portal_date, printed)
    later = portal_date + dt.timedelta(days=8)
    with pytest.raises(Refused, match="不能晚於今天"):
        correction_requests.record_delivery(narrow.officer, narrow.case, later)
    with clock.travel(later):
        kept = correction_requests.record_delivery(narrow.officer, narrow.case, later)
    assert (
        kept.due_on == office_calendar.of("kaohsiung").add_workdays(later, 10) == fresh(narrow.case).correction_due_on
    )
    assert running(narrow.case).get().due_on == kept.due_on
