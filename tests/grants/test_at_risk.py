"""Awards that need a look: behind plan by their dates, or of a silent association; asked how it goes, once a day."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from grants.enums import AwardStatus
from grants.forms.payments import RiskFilter
from grants.models import Award, SettlementLine
from grants.services.awards.progress import ask_progress
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.money import approved, member
from tests.grants import settling

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)


def shown(client, user, **asked) -> list[str]:
    client.force_login(user)
    page = client.get(reverse("grants:payment_list"), {"view": "at_risk", **asked})
    return [row.number for row in page.context["list"].rows]


@pytest.fixture
def award(staff) -> Award:
    """Half of its time is over, and its people signed in today."""
    row = approved(staff=staff)
    Award.objects.filter(pk=row.pk).update(
        starts_on=TODAY - dt.timedelta(days=50), ends_on=TODAY + dt.timedelta(days=50)
    )
    user = member(row)
    user.last_login = timezone.make_aware(dt.datetime(2010, 6, 1, 9))
    user.save(update_fields=["last_login"])
    return Award.objects.get(pk=row.pk)


def test_behind_plan_until_enough_is_entered(client, staff, award):
    assert shown(client, staff.officer) == [award.number]
    assert shown(client, staff.officer, why="silent") == []
    settlement = settling.opened(award, member(award))
    line = settlement.lines.first()
    # 20 of 100 percent at half of the time: exactly thirty points behind is not yet behind by more.
    SettlementLine.objects.filter(pk=line.pk).update(spent=award.total * 20 // 100 - 1)
    assert shown(client, staff.officer, why="behind") == [award.number]
    SettlementLine.objects.filter(pk=line.pk).update(spent=award.total * 20 // 100)
    assert shown(client, staff.officer) == []


def test_silent_for_more_than_a_month(client, staff, award):
    early = dt.timedelta(days=10)
    Award.objects.update(starts_on=TODAY - early, approved_on=TODAY - dt.timedelta(days=60))
    assert shown(client, staff.officer) == []
    people = type(staff.officer).objects.filter(posts__organisation_id=award.application.organisation_id)
    for day, silent in ((2, False), (1, True)):
        people.update(last_login=timezone.make_aware(dt.datetime(2010, 5, day, 9)))
        assert shown(client, staff.officer, why="silent") == ([award.number] if silent else [])
    people.update(last_login=None)
    assert shown(client, staff.officer, why="silent") == [award.number]


def test_the_association_is_asked_once_a_day_by_who_handles_cases(client, staff, award):
    assert ask_progress(staff.officer, award) >= 1
    assert Notice.objects.filter(kind="award.progress").exists()
    with pytest.raises(Refused, match="今天已經通知過"):
        ask_progress(staff.head, award)
    for user in (staff.finance, member(award)):
        with pytest.raises(Refused):
            ask_progress(user, award)
    Award.objects.update(status=AwardStatus.CLOSED)
    with pytest.raises(Refused, match="不用再問"):
        ask_progress(staff.officer, award)
    client.force_login(member(award))
    page = client.get(reverse("grants:payment_list"), {"view": "at_risk"})
    assert "要留意" not in page.content.decode()


def test_no_more_are_looked_for_than_are_counted(client, staff, award, monkeypatch):
    approved(staff=staff)
    Award.objects.update(starts_on=award.starts_on, ends_on=award.ends_on)
    monkeypatch.setattr(RiskFilter, "counted", 1)
    assert len(shown(client, staff.officer)) == 2
    page = client.get(reverse("grants:payment_list"), {"view": "at_risk"})
    assert page.context["list"].table.foot[0] == ("案號", "超過 1 筆")
