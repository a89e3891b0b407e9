import pytest

from miaoli_kaohsiung.notices import jobs
from miaoli_kaohsiung.notices.models import JobRun

pytestmark = pytest.mark.django_db


def test_a_period_is_begun_until_it_is_finished():
    assert [jobs.begin("daily", "2010-06-01"), jobs.begin("daily", "2010-06-01")] == [True, True]
    jobs.finish("daily", "2010-06-01", "12 則提醒")
    assert jobs.begin("daily", "2010-06-01") is False
    run = JobRun.objects.get()
    assert (run.result, run.finished_at >= run.claimed_at) == ("12 則提醒", True)


def test_each_period_and_each_job_has_its_own():
    for job, period in (("daily", "2010-06-01"), ("daily", "2010-06-02"), ("weekly", "2010-06-01")):
        assert jobs.begin(job, period) is True
        jobs.finish(job, period)
    assert JobRun.objects.count() == 3


def test_only_a_finished_period_counts_as_done():
    jobs.begin("daily", "2010-06-01")
    jobs.finish("daily", "2010-06-01")
    jobs.begin("daily", "2010-06-02")
    assert jobs.last_before("daily", "2010-06-03") == "2010-06-01"
