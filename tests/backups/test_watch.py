"""Who hears of it when backups are not made, not tried or not sound."""

import datetime as dt

import pytest
import time_machine

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.backups import services, tasks
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person

pytestmark = [pytest.mark.django_db, pytest.mark.real_date]
NONE_MADE, NONE_TRIED = "超過一天沒有完成備份，最近一次：沒有紀錄。", "超過八天沒有試還原備份，最近一次：沒有紀錄。"


@pytest.fixture
def administrator():
    found = person(Role.ADMINISTRATOR)
    with trail.unit_of_work(Actor.system("測試")):
        trail.record(services.MADE, found, after={"unsound": 0})
    return found


def test_nothing_made_and_nothing_tried():
    assert services.overdue() == [NONE_MADE, NONE_TRIED]


def test_a_backup_of_a_day_and_a_try_of_a_week_will_do(administrator):
    services.record(services.TRIED, set="1", problems=[])
    services.record(services.MADE, unsound=0)
    assert services.overdue() == []
    with time_machine.travel(clock.now() + dt.timedelta(hours=27)):
        assert [sentence[:9] for sentence in services.overdue()] == ["超過一天沒有完成備"]
    with time_machine.travel(clock.now() + dt.timedelta(days=9)):
        assert len(services.overdue()) == 2


def test_what_was_found_is_said_until_a_later_run_finds_nothing(administrator):
    services.record(services.MADE, unsound=3)
    services.record(services.TRIED, set="1", problems=["The restored trail is not the portal's."])
    made, tried = services.overdue()[::-1]
    assert "有 3 個檔案遺失" in made
    assert "發現問題" in tried
    services.record(services.TRIED, problem="pg_verifybackup: …")
    assert len(services.overdue()) == 2
    services.record(services.MADE, unsound=0)
    services.record(services.TRIED, set="2", problems=[])
    assert services.overdue() == []


def test_administrators_of_a_portal_in_production_are_notified_until_it_is_mended(administrator, settings):
    assert tasks.watch() == 0
    settings.PRODUCTION = True
    assert tasks.watch() == 1
    (notice,) = Notice.objects.all()
    assert (notice.recipient, notice.subject, notice.body) == (administrator, "備份需要處理", NONE_TRIED)
    services.record(services.TRIED, set="1", problems=[])
    assert tasks.watch() == 0
    notice.refresh_from_db()
    assert notice.closed_at is not None
