"""The coaching team of an alliance: who is in it, its visits and photos, and what the associations learned."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from communities.enums import CoachKind
from communities.models import LearningEntry, MentorVisit
from communities.queries import alliances
from communities.services.alliances import agreement, coaching
from miaoli_kaohsiung.files.services import check
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.alliances import FIRST, neighbours, visited
from tests.factories.communities import member_of
from tests.files import samples

pytestmark = pytest.mark.django_db
MAY = dt.date(2010, 5, 20)


@pytest.fixture
def around():
    return neighbours()


@pytest.fixture
def made(around):
    return visited(around)


def member(made, body):
    return made.members.select_related("alliance", "organisation").get(organisation=body)


def test_the_lead_and_the_county_keep_the_team(around, made):
    county = coaching.add_coach(around.officer, made, kind=CoachKind.COUNTY, name="苗示範", starts_on=FIRST)
    assert [coach.name for coach in made.coaches.order_by("pk")] == ["輔示範", "苗示範"]
    with pytest.raises(Refused, match="帶領的協會或縣府"):
        coaching.add_coach(around.chairs[0], made, kind=CoachKind.LEAD, name="甲示範", starts_on=FIRST)
    with pytest.raises(Refused):
        coaching.end_coach(around.chairs[0], county)
    coaching.end_coach(around.officer, county)
    county.refresh_from_db()
    assert county.ended_on == dt.date(2010, 6, 1)


def test_visits_have_days_of_the_period_that_are_not_to_come(around, made):
    coach, row = made.coaches.get(), member(made, around.others[1])
    for day in (dt.date(2009, 12, 31), dt.date(2010, 6, 2)):
        with pytest.raises(Refused, match=r"期間內|還沒到"):
            coaching.note_visit(around.chair, row, coach, day, notes="看")
    for day in (FIRST, dt.date(2010, 6, 1)):
        coaching.note_visit(around.chair, row, coach, day, notes="看")
    assert [visit.day for visit in alliances.visits_of(made)] == [dt.date(2010, 6, 1), MAY, FIRST]
    agreement.leave(around.chairs[1], made, around.others[1], "太遠")
    with pytest.raises(Refused, match="理事長確認過"):
        coaching.note_visit(around.chair, member(made, around.others[1]), coach, MAY, notes="看")


def test_photos_are_pictures(around, made, client):
    visit = MentorVisit.objects.select_related("member__alliance").get()
    upload = check(SimpleUploadedFile("廚房.jpg", samples.picture()))
    photo = coaching.add_photo(around.chair, visit, upload, "示範廚房")
    url = f"/registry/alliances/{made.pk}/visits/{visit.pk}/{photo.pk}/"
    client.force_login(around.chairs[1])
    assert client.get(url)["Content-Type"] == "image/jpeg"
    assert client.post(f"/registry/alliances/{made.pk}/visits/{visit.pk}/", {"words": "別的"}).status_code == 403
    client.force_login(member_of(neighbours(0, "遠方").lead))
    assert client.get(url).status_code == 404


def test_each_association_writes_what_it_learned(around, made):
    row = member(made, around.others[0])
    staff = member_of(around.others[0])
    coaching.note_learning(staff, row, dt.date(2010, 6, 1), learned="收退餐盒", applied="")
    for user in (around.chair, around.officer, around.chairs[1]):
        with pytest.raises(Refused, match="自己寫"):
            coaching.note_learning(user, row, MAY, learned="代寫")
    agreement.end(around.chair, made, "辦完了")
    row = member(made, around.others[0])
    with clock.travel(dt.date(2010, 7, 1)):
        coaching.note_learning(staff, row, dt.date(2010, 6, 1), learned="補寫最後一天")
        with pytest.raises(Refused, match="期間內"):
            coaching.note_learning(staff, row, dt.date(2010, 6, 2), learned="結束以後")
    with clock.travel(dt.date(2010, 7, 2)), pytest.raises(Refused, match="30天內"):
        coaching.note_learning(staff, row, MAY, learned="太晚")
    assert [entry.learned for entry in LearningEntry.objects.order_by("pk")] == ["分工表", "收退餐盒", "補寫最後一天"]
