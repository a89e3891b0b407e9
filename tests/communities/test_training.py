"""Courses of the county: places and the line, arriving, hours, what is refused to whom."""

import datetime as dt
from decimal import Decimal

import pytest

from communities.enums import EnrolmentStatus
from communities.models import Course, Enrolment
from communities.queries import training
from communities.services.training import courses, enrolments, papers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.training import announced, drafted
from tests.grants.papers import text_of_pdf

pytestmark = pytest.mark.django_db
LATER = dt.date(2010, 6, 10)
SENTENCES = {"content": 5, "arrangement": 4, "useful": 3}


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


@pytest.fixture
def body():
    return OrganisationFactory()


@pytest.fixture
def chair(body):
    return chair_of(body)


def states(course):
    return [(row.person.name, row.status) for row in course.enrolments.select_related("person").order_by("pk")]


def test_who_finds_no_place_waits_and_moves_up_by_itself(officer, body, chair):
    course = announced(officer, day=LATER, places=2)
    first, _second = enrolments.enrol(chair, course, body, ["甲示範", "乙示範"])
    enrolments.enrol(chair, course, body, ["丙示範", "丁示範"])
    assert [status for _name, status in states(course)] == ["enrolled", "enrolled", "waiting", "waiting"]
    assert [row.line for row in training.of_association(course, body)] == [0, 0, 1, 2]
    enrolments.withdraw(chair, first)
    assert states(course)[2:] == [("丙示範", "enrolled"), ("丁示範", "waiting")]
    sent = Notice.objects.filter(recipient=chair, kind="course.moved_up")
    assert [notice.url for notice in sent] == [f"/registry/{body.pk}/training/{course.pk}/"]
    courses.change(officer, course, **{name: getattr(course, name) for name in ("title", "day")}, places=3)
    assert states(course)[3] == ("丁示範", "enrolled")
    # Whoever gave the place back stands at the end of the line.
    enrolments.enrol(chair, course, body, ["甲示範"])
    assert states(course)[-1] == ("甲示範", "waiting")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"tiers": ["excellent"]}, "只開放績優型的協會"),
        ({"townships": ["64000330"]}, "只開放"),
        ({"places_each": 1}, "每個協會最多1人"),
        ({"enrol_until": dt.date(2010, 5, 31)}, "截止"),
    ],
)
def test_who_may_not_enrol_is_refused_with_the_reason(officer, body, chair, columns, words):
    with clock.travel(dt.date(2010, 5, 30)):
        course = announced(officer, day=LATER, **columns)
    with pytest.raises(Refused, match=words):
        enrolments.enrol(chair, course, body, ["甲示範", "乙示範"])
    assert not Enrolment.objects.exists()


def test_nobody_is_enrolled_twice_by_strangers_or_before_the_announcement(officer, body, chair):
    draft = drafted(officer, day=LATER)
    with pytest.raises(Refused, match="不能報名"):
        enrolments.enrol(chair, draft, body, ["甲示範"])
    course = courses.announce(officer, draft)
    enrolments.enrol(chair, course, body, ["甲示範"])
    with pytest.raises(Refused, match="已經報名"):
        enrolments.enrol(chair, course, body, ["甲 示範"])
    with pytest.raises(Refused):
        enrolments.enrol(chair_of(OrganisationFactory()), course, body, ["乙示範"])
    other = OrganisationFactory(county=MIAOLI)
    with pytest.raises(Refused, match="別縣"):
        enrolments.enrol(chair_of(other), course, other, ["乙示範"])
    with pytest.raises(Refused):
        courses.announce(chair, drafted(officer, day=LATER))
    assert [name for name, _status in states(course)] == ["甲示範"]


def test_the_door_takes_pass_codes_on_the_day_alone(officer, body, chair):
    course = announced(officer, day=LATER, places=1)
    rows = enrolments.enrol(chair, course, body, ["甲示範", "乙示範"])
    with pytest.raises(Refused, match="當天"):
        enrolments.arrive(course.door_code, [rows[0].pass_code])
    with clock.travel(LATER):
        with pytest.raises(Refused, match="找不到報到碼 99999x"):
            enrolments.arrive(course.door_code, [rows[0].pass_code, "99999x"])
        with pytest.raises(Refused, match="候補"):
            enrolments.arrive(course.door_code, [row.pass_code for row in rows])
        assert enrolments.arrive(course.door_code, [rows[0].pass_code])[1] == 1
        assert enrolments.arrive(course.door_code, [rows[0].pass_code])[1] == 0
        assert enrolments.note(officer, course, [rows[1].pk], present=True) == 1
    presences = list(course.enrolments.order_by("pk").values_list("status", "presence"))
    assert presences == [("attended", "door"), ("attended", "list")]


def test_hours_count_for_those_who_were_there(officer, body, chair):
    course = announced(officer, hours=Decimal("2.5"))
    here, missing, noted = enrolments.enrol(chair, course, body, ["甲示範", "乙示範", "丙示範"])
    enrolments.arrive(course.door_code, [here.pass_code])
    enrolments.note(officer, course, [noted.pk], present=True)
    with pytest.raises(Refused, match="研習證明"):
        papers.certificate(chair, here)
    courses.hold(officer, course)
    missing.refresh_from_db()
    assert missing.status == EnrolmentStatus.ABSENT
    row = training.with_training(type(body).objects.filter(pk=body.pk), 2010).get()
    assert (row.trained, row.courses, row.training_hours) == (2, 1, Decimal("5.0"))
    assert {found.name: found.hours for found in training.hours_by_person(body)} == {
        "甲示範": Decimal("2.5"),
        "丙示範": Decimal("2.5"),
    }
    here.refresh_from_db()
    paper = text_of_pdf(papers.certificate(chair, Enrolment.objects.select_related("course").get(pk=here.pk)))
    assert "甲示範" in paper
    assert "2.5" in paper
    with pytest.raises(Refused):
        papers.certificate(chair_of(OrganisationFactory()), here)
    # A clerk's mistake is put right afterwards; then there is no certificate.
    enrolments.note(officer, course, [noted.pk], present=False)
    noted.refresh_from_db()
    with pytest.raises(Refused):
        papers.certificate(chair, noted)


def test_what_people_thought_is_kept_once_and_read_without_names(officer, body, chair):
    course = announced(officer)
    here, other = enrolments.enrol(chair, course, body, ["甲示範", "乙示範"])
    with pytest.raises(Refused, match="出席紀錄"):
        enrolments.give_feedback(course, here.pass_code, words="", **SENTENCES)
    enrolments.arrive(course.door_code, [here.pass_code, other.pass_code])
    enrolments.give_feedback(course, here.pass_code, words="想學拍照", **SENTENCES)
    enrolments.give_feedback(course, other.pass_code, words="", content=1, arrangement=4, useful=5)
    with pytest.raises(Refused, match="已經填過"):
        enrolments.give_feedback(course, here.pass_code, words="", **SENTENCES)
    with clock.travel(dt.date(2010, 7, 2)), pytest.raises(Refused, match="30天"):
        enrolments.give_feedback(course, other.pass_code, words="", **SENTENCES)
    found = training.feedback_of(course)
    assert found == {"count": 2, "content": 3.0, "arrangement": 4.0, "useful": 4.0, "words": ["想學拍照"]}
    entry = AuditEntry.objects.filter(action="course.feedback").latest("seq")
    assert "甲示範" not in f"{entry.object_label}{entry.after}"


def test_associations_are_notified_of_what_changes(officer, body, chair):
    with clock.travel(dt.date(2010, 6, 2)):
        course = announced(officer, day=LATER)
    enrolments.enrol(chair, course, body, ["甲示範"])
    kept = {name: getattr(course, name) for name in ("day", "places")}
    courses.change(officer, course, **kept, place="苑裡鎮公所")
    with clock.travel(LATER - dt.timedelta(days=1)):
        assert (courses.remind(clock.today()), courses.remind(clock.today())) == (1, 1)
    courses.cancel(officer, course, "颱風")
    kinds = Notice.objects.filter(recipient=chair).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["course.announced", "course.changed", "course.tomorrow", "course.cancelled"]
    assert list(Notice.objects.filter(recipient=chair, closed_at=None).values_list("kind", flat=True)) == [
        "course.cancelled"
    ]


def test_a_course_moves_one_way_only(officer):
    course = announced(officer, day=LATER)
    with pytest.raises(Refused, match="辦理後"):
        courses.hold(officer, course)
    with clock.travel(LATER):
        courses.hold(officer, course)
        for act in (courses.announce, courses.hold):
            with pytest.raises(Refused):
                act(officer, course)
        with pytest.raises(Refused):
            courses.cancel(officer, course, "颱風")
        with pytest.raises(Refused, match="不能再修改"):
            courses.change(officer, course, places=5)
    with pytest.raises(Refused):
        courses.announce(person(Role.CASE_OFFICER, MIAOLI), drafted(officer, day=LATER))
    assert Course.objects.filter(status="draft").count() == 1


def test_no_public_page_names_a_person_and_each_office_sees_its_own(officer, body, chair, client):
    course = announced(officer)
    enrolments.enrol(chair, course, body, ["甲示範"])
    for url in (
        "/training/",
        f"/training/{course.pk}/",
        f"/training/{course.pk}/feedback/",
        f"/training/door/{course.door_code}/",
    ):
        answer = client.get(url)
        assert (answer.status_code, "甲示範" in answer.content.decode()) == (200, False), url
    draft = drafted(officer, title="還沒公告的課")
    assert client.get(f"/training/{draft.pk}/").status_code == 404
    assert "還沒公告的課" not in client.get("/training/").content.decode()
    clerk = person(Role.TOWNSHIP_OFFICER, township_code="64000330", place_name="甲仙鄉公所")
    for reader, sees in (
        (officer, True),
        (clerk, False),
        (person(Role.TOWNSHIP_OFFICER, township_code=body.township_id), True),
    ):
        client.force_login(reader)
        assert ("甲示範" in client.get(f"/registry/training/{course.pk}/").content.decode()) is sees
    client.force_login(person(Role.CASE_OFFICER, MIAOLI))
    assert client.get(f"/registry/training/{course.pk}/").status_code == 404
    client.force_login(officer)
    exported = client.post(f"/registry/training/{course.pk}/", {"export": "csv"})
    assert "甲示範" in b"".join(exported).decode("utf-8-sig")
    assert AuditEntry.objects.latest("seq").action.startswith("list")


def test_a_dissolved_association_enrols_nobody():
    body = OrganisationFactory(status="dissolved")
    course = announced(person(Role.CASE_OFFICER))
    assert training.open_to(course, body).reason == "協會已解散，不能報名。"
