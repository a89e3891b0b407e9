"""Acts on several rows: what will happen is said before, each row stands by itself, and repeating changes nothing."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from grants.enums import ApplicationStatus as S
from grants.letters import compose
from grants.models import Application, Deadline, Letter
from grants.services.desk import bulk
from grants.services.reviews import checks
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lists.bulk import services
from miaoli_kaohsiung.lists.enums import RowState
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import money, reviews
from tests.factories.accounts import person
from tests.factories.communities import member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return reviews.staff()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def outcomes(run) -> list[tuple[str, str]]:
    return list(run.rows.values_list("state", "words"))


def test_one_refusal_does_not_keep_the_rest_from_being_done(people, monkeypatch):
    cases = [reviews.filed() for _case in range(3)]
    client = signed_in(people.officer)
    chosen = client.post("/desk/receive/", {"act": "case.receive", "every_row": "on"})
    shown = client.get(chosen.url)
    assert shown.context["count"] == 3
    # Meanwhile a colleague takes one of them, and another one crashes.
    checks.receive(person(Role.CASE_OFFICER), cases[1])
    assert [bool(row.refusal) for row in client.get(chosen.url).context["planned"]] == [False, True, False]
    receive = checks.receive
    crash = lambda user, case: 1 / 0 if case.pk == cases[2].pk else receive(user, case)  # noqa: E731
    monkeypatch.setattr(checks, "receive", crash)
    assert client.post(chosen.url, {"command": "confirm"}).url == chosen.url
    run = people.officer.bulk_runs.get()
    assert services.work_pending() == 3
    states = [state for state, _words in outcomes(run)]
    assert states == [RowState.DONE, RowState.REFUSED, RowState.REFUSED]
    assert Application.objects.filter(status=S.COMPLETENESS_CHECK, officer=people.officer).get() == cases[0]
    assert "辦完了，1 件辦好，2 件沒有辦" in client.get(chosen.url).content.decode()
    # Once more: neither the confirmation nor the worker does anything again.
    entries = AuditEntry.objects.count()
    client.post(chosen.url, {"command": "confirm"})
    assert services.work_pending() == 0
    assert AuditEntry.objects.count() == entries


def test_a_run_goes_on_where_a_killed_worker_left_it(people, monkeypatch):
    cases = [reviews.filed() for _case in range(3)]
    run = services.choose(people.officer, bulk.RECEIVE, [case.pk for case in cases], "/desk/receive/")
    services.confirm(people.officer, run, {})
    receive = checks.receive

    def killed(user, case):
        if case.pk == cases[1].pk:
            raise KeyboardInterrupt
        return receive(user, case)

    monkeypatch.setattr(checks, "receive", killed)
    with pytest.raises(KeyboardInterrupt):
        services.work_pending()
    assert [state for state, _words in outcomes(run)] == [RowState.DONE, RowState.WAITING, RowState.WAITING]
    monkeypatch.undo()
    services.work_pending()
    run.refresh_from_db()
    assert (run.finished_at is not None, {state for state, _words in outcomes(run)}) == (True, {RowState.DONE})


def test_only_who_may_act_chooses_and_only_who_chose_confirms(people):
    case = reviews.filed()
    for other in (people.head, person(Role.CASE_OFFICER, "miaoli")):
        with pytest.raises(Refused):
            services.choose(other, bulk.RECEIVE, [case.pk], "/desk/")
    run = services.choose(people.officer, bulk.RECEIVE, [case.pk], "/desk/")
    with pytest.raises(Refused):
        services.confirm(person(Role.CASE_OFFICER), run, {})
    assert services.work_pending() == 0, "nothing is done before it is confirmed"


def test_many_cases_pass_to_another_officer_and_each_says_what_became_of_it(people):
    taker, stranger = person(Role.CASE_OFFICER), person(Role.CASE_OFFICER, "miaoli")
    cases = [reviews.received(people) for _case in range(3)]
    member_of(cases[1].organisation, user=taker)
    client = signed_in(people.head)
    chosen = client.post("/applications/", {"act": "case.reassign", "row": [case.pk for case in cases]})
    assert client.post(chosen.url, {"command": "confirm", "officer": stranger.pk, "reason": "分案"}).status_code == 422
    typed = {"officer": taker.pk, "reason": "分案"}
    looked = client.post(chosen.url, {"command": "look", **typed})
    assert [bool(row.refusal) for row in looked.context["planned"]] == [False, True, False]
    client.post(chosen.url, {"command": "confirm", **typed})
    services.work_pending()
    assert sorted(outcomes(people.head.bulk_runs.get())) == [
        (RowState.DONE, f"改由{taker}承辦"),
        (RowState.DONE, f"改由{taker}承辦"),
        (RowState.REFUSED, f"{taker}是申請單位的人員，要迴避。"),
    ]
    assert set(Application.objects.filter(officer=taker)) == {cases[0], cases[2]}
    assert AuditEntry.objects.filter(action="application.reassign", after__reason="分案").count() == 2
    assert Notice.objects.filter(recipient=taker, kind="application.reassigned").count() == 2
    with pytest.raises(Refused):
        services.choose(people.finance, bulk.REASSIGN, [cases[0].pk], "/applications/")


def test_missed_deadlines_are_urged_together(people):
    yesterday = clock.today() - dt.timedelta(days=1)
    awards = [money.approved(staff=people, receipt_due=yesterday) for _award in range(2)]
    money.member(awards[0])
    client = signed_in(people.officer)
    rows = [deadline.instalment_id for deadline in Deadline.objects.all()]
    chosen = client.post("/desk/late_receipt/", {"act": "deadline.urge", "row": rows})
    client.post(chosen.url, {"command": "confirm"})
    services.work_pending()
    assert sorted(outcomes(people.officer.bulk_runs.get())) == [
        (RowState.DONE, "已通知 1 人。"),
        (RowState.REFUSED, "這個單位沒有人有帳號，通知不到，請打電話聯絡。"),
    ]


def test_letters_get_the_numbers_that_the_page_told(people, monkeypatch):
    monkeypatch.setattr(compose, "render", lambda letters, *, final=False: b"%PDF-1.7")
    for _case in range(3):
        reviews.approved(people)
    drafts = list(Letter.objects.order_by("pk"))
    client = signed_in(people.officer)
    chosen = client.post("/desk/letter/", {"act": "letter.issue", "every_row": "on"})
    wrong = client.post(chosen.url, {"command": "confirm", "number": "沒有數字", "on": "99/6/1"})
    assert (wrong.status_code, wrong.context["form"]["number"].errors) != (200, [])
    typed = {"number": "府社區字第0990001239號", "on": "99/6/1"}
    looked = client.post(chosen.url, {"command": "look", **typed})
    numbers = ["府社區字第0990001239號", "府社區字第0990001240號", "府社區字第0990001241號"]
    assert [row.detail["number"] for row in looked.context["planned"]] == numbers
    assert people.officer.bulk_runs.get().confirmed_at is None
    client.post(chosen.url, {"command": "confirm", **typed})
    services.work_pending()
    assert [state for state, _words in outcomes(people.officer.bulk_runs.get())] == [RowState.DONE] * 3
    assert [Letter.objects.get(pk=draft.pk).dispatch_number for draft in drafts] == numbers


@pytest.mark.parametrize(
    ("number", "more", "wanted"),
    [
        ("府社區字第0990001239號", 0, "府社區字第0990001239號"),
        ("府社區字第0990009999號", 1, "府社區字第0990010000號"),
        ("府社區字第1130011135A號", 2, "府社區字第1130011137A號"),
        ("府社區字第0990001234-1號", 1, "府社區字第0990001234-2號"),
    ],
)
def test_numbers_are_counted_up(number, more, wanted):
    assert bulk.counted_up(number, more) == wanted


def test_the_plan_asks_the_same_for_a_letter_more_or_less(people, django_assert_max_num_queries):
    cases = [reviews.filed() for _case in range(30)]
    run = services.choose(people.officer, bulk.RECEIVE, [case.pk for case in cases], "/desk/receive/")
    client = signed_in(people.officer)
    with django_assert_max_num_queries(16):
        client.get(reverse("lists:bulk_run", args=[run.pk]))
