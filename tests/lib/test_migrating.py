"""A migration waits for nobody while it holds a table, so that no request is ended for its sake."""

import pytest
from django.core.management import get_commands
from django.db import connection, connections

from miaoli_kaohsiung.lib import migrating
from miaoli_kaohsiung.lib.migrating import InUseError, PatientSchemaEditor

pytestmark = pytest.mark.django_db(transaction=True)
HELD = "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'AccessExclusiveLock' AND relation::regclass::text = %s"


@pytest.fixture
def somebody():
    """Another connection to the same database."""
    other = connections.create_connection("default")
    other.settings_dict = connection.settings_dict
    yield other
    other.close()


def held(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(HELD, [table])
        return cursor.fetchone()[0] == 1


def test_migrate_is_the_patient_one():
    assert get_commands()["migrate"] == "miaoli_kaohsiung.backups"


def test_all_tables_are_taken_before_the_first_is_changed():
    with PatientSchemaEditor(connection):
        assert (held("grants_application"), held("audit_auditentry"), held("django_session")) == (True, True, True)
    assert held("grants_application") is False


def test_it_lets_go_of_all_while_one_is_in_use(somebody, monkeypatch):
    """Until the other one is done; then it goes on."""
    somebody.set_autocommit(False)
    somebody.cursor().execute("SELECT 1 FROM grants_ledgerentry LIMIT 1")
    seen = []

    def rests(seconds: float) -> None:
        seen.append(held("grants_application"))
        if len(seen) == 3:
            somebody.rollback()

    monkeypatch.setattr(migrating.time, "sleep", rests)
    with PatientSchemaEditor(connection):
        assert held("grants_application")
    assert seen == [False, False, False]


def test_it_says_that_it_never_got_a_pause(somebody, monkeypatch):
    somebody.set_autocommit(False)
    somebody.cursor().execute("SELECT 1 FROM grants_ledgerentry LIMIT 1")
    monkeypatch.setattr(migrating, "PATIENCE_SECONDS", 0)
    with pytest.raises(InUseError), PatientSchemaEditor(connection):
        pytest.fail("it went on")
    assert connection.in_atomic_block is False
    somebody.rollback()


def test_a_migration_that_is_not_atomic_takes_nothing():
    with PatientSchemaEditor(connection, atomic=False):
        assert held("grants_application") is False
