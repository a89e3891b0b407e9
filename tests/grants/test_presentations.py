"""Presentation sessions: an agenda with times, invitations, attendance and minutes, and the sitting decided from it."""

import datetime as dt

import pytest

from grants.enums import LetterKind, LetterStatus
from grants.models import Application, Award, Conflict, Letter, PresentationSession
from grants.queries.panels import agendas
from grants.services.panels import minutes, sessions
from grants.services.reviews import proposals
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import reviews
from tests.factories.accounts import PostFactory, person
from tests.factories.grants import EnvelopeFactory
from tests.factories.letters import issued

from .pages import signed_in
from .papers import text_of_pdf

pytestmark = pytest.mark.django_db
HELD = dt.date(2010, 6, 15)


def wanted(cases, members, **values) -> sessions.Plan:
    usual = {"meeting": "99年度第1次補助案審查會", "held_on": HELD, "begins_at": dt.time(13, 40), "place": "第一會議室"}
    return sessions.Plan(**usual | {"minutes_each": 20, "members": members, "cases": cases} | values)


@pytest.fixture
def meeting(people):
    """Two cases and two members, one of whom has an interest in the first case."""
    cases = [reviews.checked(people) for _ in range(2)]
    other = person(Role.REVIEWER)
    Conflict.objects.create(application=cases[0], person=other, ground="declared", found_on=clock.today())
    return sessions.plan(people.officer, cases[0].scheme, wanted(cases, [people.reviewer, other])), cases, other


def cases_of(session) -> list[Application]:
    return [item.application for item in session.items.order_by("turn")]


def record(user, session, **more):
    items = list(session.items.all())
    heard = {item.pk: sessions.Heard(item.turn == 1, "理事長", f"紀錄{item.turn}") for item in items}
    present = [session.members.first().pk]
    return sessions.record(user, session, sessions.Minutes("主任", "照案辦理", present, heard, **more))


def test_each_case_has_its_time_and_who_leaves_the_room(people, meeting):
    session, cases, other = meeting
    turns = agendas.agenda_of(session, people.officer)
    assert [(turn.case, turn.begins_at, turn.apart) for turn in turns] == [
        (cases[0], dt.time(13, 40), [other]),
        (cases[1], dt.time(14, 0), []),
    ]
    assert agendas.spoken(HELD, dt.time(14, 0)) == "99年6月15日下午2時"
    assert [agendas.spoken_time(dt.time(hour, 5)) for hour in (0, 11, 12, 13)] == [
        "上午0時5分",
        "上午11時5分",
        "下午12時5分",
        "下午1時5分",
    ]
    # Planned anew: another order, one case less.
    sessions.plan(people.officer, session.scheme, wanted(cases[::-1], [people.reviewer]), session)
    assert cases_of(session) == cases[::-1]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"held_on": dt.date(2010, 5, 31)}, "日期已經過了"),
        ({"begins_at": dt.time(23, 50)}, "會開到隔天"),
    ],
)
def test_a_day_that_passed_and_a_meeting_beyond_midnight_are_refused(people, meeting, values, words):
    session, cases, _other = meeting
    with pytest.raises(Refused, match=words):
        sessions.plan(people.officer, session.scheme, wanted(cases, [people.reviewer], **values), session)


def test_only_the_countys_officer_cases_and_reviewers(people, meeting):
    session, cases, _other = meeting
    for nobody in (people.head, people.reviewer, person(Role.CASE_OFFICER, "miaoli")):
        for act in (
            lambda user: sessions.plan(user, session.scheme, wanted(cases, [people.reviewer])),
            lambda user: sessions.invite(user, session),
            lambda user: sessions.cancel(user, session, "改期"),
        ):
            with pytest.raises(Refused, match="由本縣承辦人辦理"):
                act(nobody)
    with pytest.raises(Refused, match="不是本縣的審查委員"):
        sessions.plan(people.officer, session.scheme, wanted(cases, [person(Role.REVIEWER, "miaoli")]))
    with pytest.raises(Refused, match="不是這個方案審查中的案件"):
        sessions.plan(people.officer, session.scheme, wanted([reviews.filed()], [people.reviewer]))


def test_everybody_is_invited_and_nobody_reads_of_a_hidden_case(people, meeting):
    session, cases, other = meeting
    assert sessions.invite(people.officer, session) == 4
    letters = list(Letter.objects.order_by("pk"))
    assert [row.kind for row in letters] == [LetterKind.PRESENTATION] * 2 + [LetterKind.PANEL] * 2
    assert "99年6月15日下午2時" in letters[1].subject
    assert "第2件，下午2時" in "".join(letters[1].explanation)
    assert all(cases[1].title not in "".join(row.explanation) for row in letters[2:]), "interest is declared first"
    numbers = [[case.number in "".join(row.explanation) for case in cases] for row in letters[2:]]
    assert numbers == [[True, True], [False, True]]
    assert f"{other}委員" in letters[3].originals
    with pytest.raises(Refused, match="已經邀請"):
        sessions.invite(people.officer, session)
    with pytest.raises(Refused, match="不能再改"):
        sessions.plan(people.officer, session.scheme, wanted(cases, [people.reviewer]), session)
    # Cancelled: the drafts go, what went out is counted.
    issued(people.officer, letters[0])
    with pytest.raises(Refused, match="請寫取消的原因"):
        sessions.cancel(people.officer, session, " ")
    assert sessions.cancel(people.officer, session, "颱風") == 1
    assert Letter.objects.filter(status=LetterStatus.DRAFT).count() == 0


def test_attendance_and_minutes_are_kept_from_its_day_on(people, meeting):
    session, _cases, _other = meeting
    with pytest.raises(Refused, match="還沒有邀請"):
        record(people.officer, session)
    sessions.invite(people.officer, session)
    with pytest.raises(Refused, match="99年6月15日開會"):
        record(people.officer, session)
    with clock.travel(HELD):
        row = record(people.officer, session)
        with pytest.raises(Refused, match="已經記錄"):
            sessions.cancel(people.officer, session, "改期")
    assert [member.came for member in row.members.all()] == [True, False]
    assert [(item.came, item.notes) for item in row.items.all()] == [(True, "紀錄1"), (False, "紀錄2")]
    assert AuditEntry.objects.get(action="presentation.record").after["minutes"] == "照案辦理"


def test_an_officer_with_an_interest_neither_sees_nor_invites(people, meeting):
    session, cases, other = meeting
    PostFactory(user=other, role=Role.CASE_OFFICER)
    page = signed_in(other).get(f"/presentations/{session.pk}/")
    assert cases[0].number not in page.content.decode()
    with pytest.raises(Refused, match="由別的承辦人邀請"):
        sessions.invite(other, session)


def test_planned_in_the_browser_with_a_sentence_at_the_field(people):
    cases = [reviews.checked(people) for _ in range(3)]
    client, path = signed_in(people.officer), "/presentations/new/kaohsiung-88/"
    typed = {"meeting": "審查會", "held_on": "99/6/15", "begins_at": "二點", "place": "會議室", "minutes_each": "20"}
    turns = {f"turn-{case.pk}": turn for case, turn in zip(cases, ("2", "1", "1"), strict=True)}
    refused = client.post(path, typed | turns)
    assert refused.status_code == 422
    assert refused.context["form"].errors == {
        "begins_at": ["請填幾點幾分，例如 14:00。"],
        "members": ["請至少選一位委員。"],
        "__all__": ["有兩件的順序相同，請改成不同的號碼。"],
    }
    assert 'value="二點"' in refused.content.decode()
    filled = client.post(path, typed | {"command": "fill"})
    assert [turn.value() for _case, turn in filled.context["form"].rows] == ["1", "2", "3"]
    data = typed | turns | {"begins_at": "１４：００", "members": [people.reviewer.pk], f"turn-{cases[2].pk}": ""}
    made = client.post(path, data)
    session = PresentationSession.objects.get()
    assert made.url == f"/presentations/{session.pk}/"
    assert (session.begins_at, cases_of(session)) == (dt.time(14), [cases[1], cases[0]])
    client.post(f"/presentations/{session.pk}/invite/")
    with clock.travel(HELD):
        signed_in(people.officer)
        item = session.items.first()
        late = client.post(
            f"/presentations/{session.pk}/", {"chair": "主任", "text": "紀錄", f"notes-{item.pk}": "很好"}
        )
        assert late.context["form"].errors[f"came-{item.pk}"] == ["請選到場或未到。"]
        assert "很好" in late.content.decode()


def test_the_sitting_of_a_session_decides_its_cases_alone(people, meeting):
    session, cases, _other = meeting
    sessions.invite(people.officer, session)
    with clock.travel(HELD):
        record(people.officer, session)
    more = reviews.proposed(people)
    EnvelopeFactory(scheme=more.application.scheme)
    for case in cases:
        case.refresh_from_db()
        lines = {line.pk: (line.requested, "") for line in case.lines.all()}
        proposals.propose(people.officer, case, lines, note="", edition=case.edition)
    path = f"/sittings/kaohsiung-88/?session={session.pk}"
    client = signed_in(people.head)
    page = client.get(path)
    assert {row.line.case.pk for row in page.context["rows"]} == {case.pk for case in cases}
    assert [[item.notes for item in row.heard] for row in page.context["rows"]] == [["紀錄1"], ["紀錄2"]]
    rows = [row.line.proposal for row in page.context["rows"]]
    data = {"command": "decide", "case": [row.application.number for row in rows], "memo_number": ""}
    for row in rows:
        data |= {f"choice-{row.application_id}": "approve", f"shown-{row.application_id}": row.pk}
    assert client.post(path, data).url == path
    assert Award.objects.count() == 2
    assert client.get("/sittings/kaohsiung-88/?session=999").status_code == 404


def test_minutes_are_printed_once_recorded_and_name_no_case_that_is_hidden(people, meeting):
    session, cases, other = meeting
    sessions.invite(people.officer, session)
    with pytest.raises(Refused, match="還沒有記錄"):
        minutes.paper(people.officer, session)
    with clock.travel(HELD):
        record(people.officer, session)
    session.refresh_from_db()
    said = text_of_pdf(minutes.paper(people.head, session))
    names = [case.organisation.name for case in cases]
    for words in (
        "99年度第1次補助案審查會會議紀錄",
        "99年6月15日下午1時40分",
        "第一會議室",
        "主任",
        *names,
        "紀錄1",
        "照案辦理",
    ):
        assert words in said
    assert f"迴避委員：{other}" in said
    assert "未到場" in said
    PostFactory(user=other, role=Role.APPROVER)
    assert names[0] not in (apart := text_of_pdf(minutes.paper(other, session)))
    assert "另有1案" in apart
    page = signed_in(people.officer).get(f"/presentations/{session.pk}/")
    assert f"/presentations/{session.pk}/minutes.pdf" in page.content.decode()
