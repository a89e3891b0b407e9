"""Cases that pass from one officer to another, several at once, with the list that both sign."""

import pytest
from django.urls import reverse

from grants.enums import ApplicationStatus as S
from grants.models import Application, Handover
from grants.services import notices
from grants.services.desk import handover
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import letters, money
from tests.factories.accounts import person
from tests.factories.communities import member_of

from .desks import bare

pytestmark = pytest.mark.django_db


@pytest.fixture
def taker():
    return person(Role.CASE_OFFICER)


def test_the_list_keeps_what_passed_as_it_was(people, taker):
    case = bare(S.UNDER_REVIEW, officer=people.officer, title="社區共餐")
    letters.drafted(people.officer, case)
    award = money.approved(staff=people)
    ((made, rows),) = handover.hand_over(people.officer, [case, award.application], taker, " 調職 ")
    assert (made.giver, made.taker, made.reason, len(rows)) == (people.officer, taker, "調職", 2)
    (first, second) = made.content["cases"]
    assert first[:2] == [award.number, award.application.title]
    assert (second[:2], second[6:]) == ([case.number, "社區共餐"], [None, 0, 0])
    assert [row[0] for row in made.content["letters"]] == [case.number]
    assert AuditEntry.objects.filter(action="application.reassign").count() == 2
    assert AuditEntry.objects.get(action="desk.hand_over").after["cases"] == 2
    Application.objects.filter(pk=case.pk).update(title="改了")
    made.refresh_from_db()
    assert made.content["cases"][1][1] == "社區共餐"


def test_open_notices_go_with_the_case_and_second_pairs_of_eyes_stay(people, taker):
    case, other = bare(S.UNDER_REVIEW, officer=people.officer), bare(S.UNDER_REVIEW, officer=people.officer)
    for row, kind in [(case, "sent_back"), (case, "sanction.waits"), (other, "sent_back")]:
        notices.about_case(row, [people.officer], kind, "請辦", "")
    handover.hand_over(people.head, [case], taker, "調職")
    current = Notice.objects.filter(closed_at=None)
    assert set(current.filter(recipient=taker).values_list("kind", "case_number")) == {
        ("application.sent_back", case.number),
        ("application.reassigned", case.number),
    }
    assert set(current.filter(recipient=people.officer).values_list("kind", "case_number")) == {
        ("application.sanction.waits", case.number),
        ("application.sent_back", other.number),
    }


def test_each_former_officer_has_a_list_and_what_is_the_takers_already_stays(people, taker):
    other = person(Role.CASE_OFFICER)
    cases = [bare(S.UNDER_REVIEW, officer=officer) for officer in (people.officer, other, taker)]
    cases.append(bare(S.SUBMITTED))
    moved = handover.hand_over(people.head, cases, taker, "分案")
    assert {(str(made.giver or ""), len(rows)) for made, rows in moved} == {
        (str(people.officer), 1),
        (str(other), 1),
        ("", 1),
    }


def test_nothing_moves_if_one_case_may_not(people, taker):
    cases = [bare(S.UNDER_REVIEW, officer=people.officer) for _ in range(2)]
    member_of(cases[1].organisation, user=taker)
    with pytest.raises(Refused, match=cases[1].number):
        handover.hand_over(people.head, cases, taker, "調職")
    cases[1] = bare(S.UNDER_REVIEW, officer=people.officer, county="miaoli")
    with pytest.raises(Refused, match="不同縣"):
        handover.hand_over(people.head, cases, taker, "調職")
    with pytest.raises(Refused, match="勾選"):
        handover.hand_over(people.head, [], taker, "調職")
    with pytest.raises(Refused):
        handover.hand_over(people.finance, cases[:1], taker, "調職")
    assert not Handover.objects.exists()
    assert not Application.objects.filter(officer=taker).exists()


def test_the_page_shows_somebodys_open_cases_and_gives_the_ticked_ones_away(client, people, taker):
    cases = [bare(S.UNDER_REVIEW, officer=people.officer) for _ in range(3)]
    bare(S.REJECTED, officer=people.officer)
    client.force_login(people.officer)
    page = reverse("grants:handover")
    assert {row.number for row in client.get(page).context["rows"]} == {case.number for case in cases}
    ticked = [case.number for case in cases[:2]]
    missing = client.post(f"{page}?officer={people.officer.pk}", {"cases": ticked, "officer": taker.pk, "reason": ""})
    assert missing.status_code == 422
    assert missing.content.decode().count(" checked") == 2
    done = client.post(f"{page}?officer={people.officer.pk}", {"cases": ticked, "officer": taker.pk, "reason": "調職"})
    made = Handover.objects.get()
    assert done.url == reverse("grants:handover_record", args=[made.pk])
    assert set(Application.objects.filter(officer=taker).values_list("number", flat=True)) == set(ticked)
    nothing = client.post(f"{page}?officer={people.officer.pk}", {"officer": taker.pk, "reason": "調職"})
    assert "請先勾選要改派的案件" in nothing.content.decode()


def test_cases_ticked_in_the_list_of_cases_come_to_the_page(client, people, taker):
    cases = [bare(S.UNDER_REVIEW, officer=people.officer), bare(S.SUBMITTED), bare(S.SUBMITTED, county="miaoli")]
    client.force_login(people.head)
    listed = reverse("grants:application_list")
    chosen = client.post(listed, {"act": "hand_over", "row": [case.pk for case in cases]})
    assert {row.number for row in client.get(chosen.url).context["rows"]} == {case.number for case in cases[:2]}
    assert client.post(listed, {"act": "hand_over"}).url == listed, "nothing was ticked"
    page = reverse("grants:handover") + "?" + "&".join(f"cases={case.number}" for case in cases)
    assert {row.number for row in client.get(page).context["rows"]} == {case.number for case in cases[:2]}
    numbers = [case.number for case in cases]
    assert client.post(page, {"cases": numbers, "officer": taker.pk, "reason": "分案"}).status_code == 302
    assert set(Application.objects.filter(officer=taker)) == set(cases[:2])
    client.force_login(people.finance)
    assert 'name="act"' not in client.get(listed).content.decode()


def test_the_taker_signs_and_the_notice_is_over(client, people, taker):
    cases = [bare(S.UNDER_REVIEW, officer=people.officer) for _ in range(2)]
    ((made, _rows),) = handover.hand_over(people.head, cases, taker, "調職")
    notice = Notice.objects.get(recipient=taker, kind="desk.handover", closed_at=None)
    assert notice.url == reverse("grants:handover_record", args=[made.pk])
    client.force_login(people.officer)
    assert client.post(reverse("grants:handover_receive", args=[made.pk])).status_code == 403
    client.force_login(taker)
    assert "簽收</button>" in client.get(notice.url).content.decode().replace("\n", "")
    client.post(reverse("grants:handover_receive", args=[made.pk]))
    made.refresh_from_db()
    notice.refresh_from_db()
    assert (made.received_on is not None, notice.closed_at is not None) == (True, True)
    assert client.get(reverse("grants:handover_paper", args=[made.pk])).content.startswith(b"%PDF")


def test_a_list_is_read_in_its_county_alone(client, people, taker):
    ((made, _rows),) = handover.hand_over(people.head, [bare(S.UNDER_REVIEW, officer=people.officer)], taker, "調職")
    for user, status in [
        (people.auditor, 200),
        (person(Role.CASE_OFFICER, "miaoli"), 404),
        (person(Role.AUDITOR, "miaoli"), 404),
        (people.finance, 403),
    ]:
        client.force_login(user)
        assert client.get(reverse("grants:handover_record", args=[made.pk])).status_code == status
