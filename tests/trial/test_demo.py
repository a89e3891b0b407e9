"""The trial's services: the worker may end, the portal goes on."""

import sys

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from miaoli_kaohsiung.trial import demo


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    (tmp_path / "logs").mkdir()
    monkeypatch.setattr(demo, "VAR", tmp_path)
    monkeypatch.setattr(demo, "SECONDS_TO_REST", 0)


def test_a_worker_that_ended_is_started_again_and_the_portal_is_not(capsys):
    lasts, ends = ([sys.executable, "-c", f"import time; time.sleep({seconds})"] for seconds in (600, 0))
    with demo.services_running({"web": lasts, "worker": ends}) as services:
        web, worker = services["web"], services["worker"]
        worker.wait(30)
        demo.start_worker_again(services, {"web": lasts, "worker": lasts})
        assert (services["web"], services["worker"].poll(), web.poll()) == (web, None, None)
        assert services["worker"].pid != worker.pid
        assert "ended with status 0" in capsys.readouterr().out
        again = services["worker"]
        demo.start_worker_again(services, {"web": lasts, "worker": lasts})
        assert services["worker"] is again
    assert again.poll() is not None
    assert web.poll() is not None


@pytest.mark.django_db
def test_data_of_an_earlier_version_are_not_opened():
    """Migrations were folded into one before the first release; a database that went another way has other columns."""
    assert demo.steps_no_longer_here() == []
    applied = MigrationRecorder(connection)
    applied.record_applied("grants", "0003_instalment_asked_by")
    applied.record_applied("account", "0999_of_a_package")
    assert demo.steps_no_longer_here() == [("grants", "0003_instalment_asked_by")]
    with pytest.raises(SystemExit, match="make reset"):
        demo.prepare()
