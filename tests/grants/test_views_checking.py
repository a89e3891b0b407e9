"""The check of a case: every paper and clause, and the correction that is asked for."""

import datetime as dt

import pytest

from grants.compliance import checklist
from grants.enums import ApplicationStatus
from grants.models import Award
from grants.services.applications import correction_requests
from grants.services.reviews import reviewers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, chair_of
from tests.factories.letters import issued

from .deciding import address, check_data
from .pages import signed_in, text_of

pytestmark = pytest.mark.django_db


def test_officer_receives_and_is_led_to_the_check(people):
    case = reviews.filed()
    answer = signed_in(people.officer).post(address(case, "receive"))
    assert (answer.status_code, answer.url) == (302, address(case, "check"))
    case.refresh_from_db()
    assert (case.status, case.officer) == (ApplicationStatus.COMPLETENESS_CHECK, people.officer)


def test_receiving_twice_is_once(people):
    case = reviews.filed()
    client = signed_in(people.officer)
    assert [client.post(address(case, "receive")).status_code for _ in range(2)] == [302, 302]


def test_check_page_asks_for_every_paper_and_clause(people):
    case = reviews.received(people)
    page = signed_in(people.officer).get(address(case, "check"))
    assert page.status_code == 200
    keys = [row.about.key for row in page.context["form"].item_rows()]
    assert {"doc:seal", "doc:registration"}.intersection(keys) or len(keys) > 2
    assert "檢核完成" in page.content.decode()


def test_check_saved_and_completed(people):
    case = reviews.received(people)
    client = signed_in(people.officer)
    form = client.get(address(case, "check")).context["form"]
    answer = client.post(address(case, "check"), check_data(case, form, command="complete"))
    assert (answer.status_code, answer.url) == (302, address(case, "proposal"))
    case.refresh_from_db()
    assert case.status == ApplicationStatus.UNDER_REVIEW


def test_check_with_an_open_item_is_not_complete(people):
    case = reviews.received(people)
    client = signed_in(people.officer)
    form = client.get(address(case, "check")).context["form"]
    first = next(form.item_rows())
    answer = client.post(
        address(case, "check"), check_data(case, form, command="complete", **{first.verdict.html_name: ""})
    )
    page, place = text_of(answer), f"div_{first.verdict.auto_id}"
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [first.verdict.name])
    # Linked on top, and marked where it stands.
    assert f'href="#{place}"' in page
    assert f'id="{place}"' in page
    assert first.about.key not in case.checklist.values_list("item", flat=True)
    assert case.checklist.exists()
    case.refresh_from_db()
    assert case.status == ApplicationStatus.COMPLETENESS_CHECK


def test_refused_item_needs_a_note(people):
    case = reviews.received(people)
    client = signed_in(people.officer)
    form = client.get(address(case, "check")).context["form"]
    answer = client.post(address(case, "check"), check_data(case, form, verdict="refused", command="save"))
    assert answer.status_code == 422
    assert case.checklist.count() == 0


def test_stale_check_keeps_what_was_typed(people):
    case = reviews.received(people)
    client = signed_in(people.officer)
    form = client.get(address(case, "check")).context["form"]
    data = check_data(case, form, command="save")
    assert client.post(address(case, "check"), data).status_code == 302
    first = next(form.item_rows())
    answer = client.post(
        address(case, "check"), data | {first.verdict.html_name: "refused", first.note.html_name: "字跡不清"}
    )
    assert answer.status_code == 409
    assert "字跡不清" in answer.content.decode()
    assert case.checklist.get(item=first.about.key).verdict == "accepted"


def test_correction_is_asked_for_with_the_scheme_s_days(people):
    case = reviews.received(people)
    client = signed_in(people.officer)
    assert client.get(address(case, "correction")).context["form"]["days"].value() == "10"
    data = {"items": "立案證書請重附", "days": "12", "edition": case.edition}
    assert "請在上面勾選可以修改的地方" in client.post(address(case, "correction"), data).content.decode()
    data |= {"open_field:place": "on", "word_field:place": "請寫門牌"}
    answer = client.post(address(case, "correction"), data)
    case.refresh_from_db()
    letter = case.letters.get()
    assert (answer.url, letter.kind) == (f"/letters/{letter.pk}/", "correction")
    assert (case.status, case.correction_due_on) == (ApplicationStatus.CORRECTION_REQUESTED, None)
    assert "請於文到12個工作日內" in letter.subject
    page = client.get(f"/applications/{case.number}/").content.decode()
    assert "補正函還沒有發文" in page
    page = signed_in(chair_of(case.organisation)).get(f"/applications/{case.number}/").content.decode()
    assert "立案證書請重附" in page
    assert "辦理地點：請寫門牌" in page
    assert [(row.text, row.about) for row in case.corrections.get().rows.all()] == [
        ("辦理地點：請寫門牌", "field:place"),
        ("立案證書請重附", ""),
    ]
    assert "補正函還沒有發出；送達後 12 個工作日內補正" in page


@pytest.mark.parametrize(("typed", "message"), [("0", "至少要填1"), ("91", "最多填90"), ("十", "補正天數")])
def test_bad_correction_days_are_a_sentence(people, typed, message):
    case = reviews.received(people)
    data = {"items": "補章", "days": typed, "edition": case.edition}
    answer = signed_in(people.officer).post(address(case, "correction"), data)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert "補章" in answer.content.decode()


def test_waiting_correction_is_extended(people):
    case = reviews.received(people)
    correction_requests.ask_correction(people.officer, case, items="補章", days=10, edition=case.edition)
    letter = case.letters.get()
    client = signed_in(people.officer)
    # Before the letter there is nothing to extend: it leads to the draft.
    assert client.get(address(case, "correction")).url == f"/letters/{letter.pk}/"
    issued(people.officer, letter)
    assert client.post(address(case, "correction"), {"due_on": "99/6/10"}).status_code == 422
    assert client.post(address(case, "correction"), {"due_on": "99/6/30"}).status_code == 302
    case.refresh_from_db()
    assert str(case.correction_due_on) == "2010-06-30"


@pytest.mark.parametrize("by_township", [False, True])
def test_who_may_not_refuse_a_case_is_not_led_there(people, by_township):
    """A correction that never came: the county may give more time or propose not to accept, a township only the first."""
    case = reviews.filed(status=ApplicationStatus.TOWNSHIP_REVIEW) if by_township else reviews.received(people)
    asking = person(Role.TOWNSHIP_OFFICER, township_code=QISHAN) if by_township else people.officer
    correction_requests.ask_correction(asking, case, items="補章", days=10, edition=case.edition)
    if not by_township:
        issued(asking, case.letters.get())
    client = signed_in(asking)
    with clock.travel(dt.date(2010, 7, 1)):
        page = client.get(address(case, "correction")).content.decode()
        refusal = address(case, "refusal")
        assert (refusal in page, "或不予受理" in page) == (not by_township, not by_township)
        assert client.get(refusal).status_code == (403 if by_township else 200)


class TestWhatCanBeKnown:
    def items(self, case):
        return {item.clause: item.place for item in checklist.items_for(case)}

    def test_nobody_is_asked_what_only_spending_or_scores_show(self, people):
        asked = self.items(reviews.received(people))
        assert not {"K6.3.1–4", "K7.4a", "K7.5b"}.intersection(asked)
        assert asked["K5.1"] == "plan"

    def test_last_year_is_asked_where_there_was_an_award(self, people):
        award = reviews.approved(people)
        Award.objects.filter(pk=award.pk).update(approved_on=dt.date(2009, 6, 1))
        earlier = award.application
        case = reviews.received(people, organisation=earlier.organisation)
        assert self.items(case)["K7.5b"] == "record"
        page = signed_in(people.officer).get(address(case, "check"))
        assert 'id="earlier" data-place="record"' in text_of(page)

    def test_scores_are_read_once_reviewers_are_named(self, people):
        case = reviews.received(people)
        client = signed_in(people.officer)
        assert "四項審查原則都已評分" not in text_of(client.get(address(case, "check")))
        reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 20))
        page = text_of(client.get(address(case, "check")))
        assert "四項審查原則都已評分" in page
        assert "已評分 0／1 位" in page

    def test_a_paper_that_is_missing_is_not_met_though_its_part_was_seen(self, people):
        case = reviews.received(people)
        gone = case.documents.first()
        case.documents.filter(kind=gone.kind).delete()
        client = signed_in(people.officer)
        form = client.get(address(case, "check")).context["form"]
        data = {"edition": case.edition, "command": "seen", "seen": [row.place for row in form.asked]}
        client.post(address(case, "check"), data)
        marked = set(case.checklist.values_list("item", flat=True))
        assert f"doc:{gone.kind}" not in marked
        assert marked == {row.key for row in form.asked} - {f"doc:{gone.kind}"}
