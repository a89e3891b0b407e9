import pytest
from django.db import transaction

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices import jobs
from miaoli_kaohsiung.notices.models import JobRun

pytestmark = pytest.mark.django_db


def test_a_period_is_claimed_once():
    assert jobs.claim("daily", "2010-06-01") is True
    assert jobs.claim("daily", "2010-06-01") is False
    assert jobs.claim("daily", "2010-06-02") is True
    assert jobs.claim("weekly", "2010-06-01") is True


def test_a_finished_run_is_never_claimed_again():
    jobs.claim("daily", "2010-06-01")
    jobs.finish("daily", "2010-06-01", "12 則提醒")
    JobRun.objects.update(claimed_at=clock.now() - 2 * jobs._STALE)
    assert jobs.claim("daily", "2010-06-01") is False
    run = JobRun.objects.get()
    assert (run.result, run.finished_at >= run.claimed_at) == ("12 則提醒", True)


def test_a_run_is_left_to_work_for_half_an_hour_and_then_taken_up():
    jobs.claim("daily", "2010-06-01")
    JobRun.objects.update(claimed_at=clock.now() - jobs._STALE * 0.9)
    assert jobs.claim("daily", "2010-06-01") is False
    JobRun.objects.update(claimed_at=clock.now() - jobs._STALE * 1.1)
    assert jobs.claim("daily", "2010-06-01") is True


def test_a_claim_goes_with_the_transaction_that_failed():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert jobs.claim("daily", "2010-06-01") is True
        raise ZeroDivisionError
    assert jobs.claim("daily", "2010-06-01") is True
