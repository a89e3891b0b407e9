"""The role with which web, worker and beat connect reads and writes rows, and the database refuses it everything else."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.urls import reverse

from grants.models import Award
from grants.queries.reviews.concerns import concerns_of
from grants.services import daily
from grants.services.applications import filing
from grants.services.awards import decisions
from grants.services.desk import bulk
from grants.services.payments import returns
from grants.services.reviews import checks, proposals
from miaoli_kaohsiung.accounts import readiness
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.services import seal_audit
from miaoli_kaohsiung.audit.verify import verify
from miaoli_kaohsiung.celery import use_only_what_is_fit_for_it
from miaoli_kaohsiung.changes.services import confirm
from miaoli_kaohsiung.lib import production, rights
from miaoli_kaohsiung.lists.bulk import services
from miaoli_kaohsiung.notices.services import deliver_pending
from miaoli_kaohsiung.privacy.models import DisposalList
from miaoli_kaohsiung.privacy.services import put_forward
from tests.factories import letters, money, reviews
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.grants import EnvelopeFactory
from tests.grants import settling
from tests.grants.filing import ready_case
from tests.privacy.records import ended_office

pytestmark = pytest.mark.django_db

# Tables of which a trigger keeps every row: no rights to change one are given either.
KEPT = {
    "audit_auditattestation",
    "audit_auditentry",
    "audit_auditseal",
    "grants_applicationversion",
    "grants_awardversion",
    "grants_filedlaw",
    "grants_lawtext",
    "grants_ledgerentry",
    "grants_schemeterms",
    "grants_storedevaluation",
}
GRANTED = """
SELECT c.relname, string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type) FROM pg_class c, aclexplode(c.relacl) a
WHERE c.relkind = %s AND a.grantee = %s::regrole GROUP BY c.relname
"""
REFUSED = (
    "CREATE TABLE mine (id integer)",
    "CREATE TEMPORARY TABLE mine (id integer)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE mine",
    "CREATE INDEX mine ON grants_award (total)",
    "ALTER TABLE grants_award ADD COLUMN mine integer",
    "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
    "ALTER FUNCTION audit_refuse() RENAME TO mine",
    "DROP TRIGGER audit_entry_rows ON audit_auditentry",
    "DROP TABLE grants_award",
    "SET LOCAL session_replication_role = replica",
    "UPDATE audit_auditentry SET action = action",
    "DELETE FROM audit_auditentry",
    "TRUNCATE audit_auditentry",
    "LOCK TABLE audit_auditentry IN SHARE MODE",
    "DELETE FROM audit_audithead",
    "UPDATE audit_auditseal SET seq = seq",
    "UPDATE grants_ledgerentry SET amount = amount",
    "DELETE FROM grants_applicationversion",
    "TRUNCATE grants_award",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('mine', '0001', now())",
    "SELECT grants_sums_anew()",
    "SELECT setval('grants_award_id_seq', 1)",
    "SELECT rolpassword FROM pg_authid",
    "SELECT pg_read_file('PG_VERSION')",
    "COPY grants_award TO PROGRAM 'true'",
)


def runs(statement: str, *params: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return cursor.fetchall() if cursor.description else []


def refusal(statement: str) -> str:
    """What PostgreSQL answers: 42501 is that of a right which is missing, "" that nothing is refused."""
    try:
        with transaction.atomic():
            runs(statement)
    except ProgrammingError as error:
        return error.__cause__.pgcode
    return ""


@pytest.fixture
def role() -> str:
    """A role as an administrator makes it, which goes with the transaction of the test; no other process makes the same."""
    name = f"serves_{connection.settings_dict['NAME']}"
    runs(f"CREATE ROLE {name} LOGIN")
    return name


@pytest.fixture
def serving(role) -> str:
    """From here on this connection is that of the role, as if it had signed in."""
    call_command("grant_rights", role, verbosity=0)
    runs(f"SET LOCAL SESSION AUTHORIZATION {role}")
    assert runs("SELECT session_user, current_user") == [(role, role)]
    return role


def test_everything_but_rows_is_refused(serving):
    assert {statement: refusal(statement) for statement in REFUSED} == dict.fromkeys(REFUSED, "42501")


def test_each_table_has_its_rights_and_no_more(role, capsys):
    call_command("grant_rights", role)
    granted = dict(runs(GRANTED, "r", role))
    alike = dict.fromkeys(granted, "DELETE INSERT SELECT UPDATE") | dict.fromkeys(KEPT, "INSERT SELECT")
    assert granted == alike | {"audit_audithead": "INSERT SELECT UPDATE"} | dict.fromkeys(rights.READ_ONLY, "SELECT")
    assert {*granted} == {name for (name,) in runs("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert {*dict(runs(GRANTED, "S", role)).values()} == {"USAGE"}
    assert capsys.readouterr().out == f"{role} reads and writes rows of {len(granted)} tables; of 13 it changes none.\n"
    # A function that ran with its owner's rights would be a way around all of this.
    assert runs("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace") == []


def test_a_case_is_filed_checked_and_approved(serving):
    people, chair = reviews.staff(), chair_of(body := OrganisationFactory())
    case = ready_case(body, chair)
    filing.file(chair, case, uuid4(), edition=case.edition)
    case.refresh_from_db()
    case = reviews.checked(people, checks.receive(people.officer, case))
    asked = {line.pk: (line.requested, "") for line in case.lines.all()}
    answers = {one.key: "已查明" for one in concerns_of(case)}
    proposals.propose(people.officer, case, asked, note="", edition=case.edition, answers=answers)
    EnvelopeFactory(scheme=case.scheme)
    award = decisions.approve(people.head, case, decided=reviews.seen(case))
    letters.issued(people.officer, case.letters.get(kind="approval"))
    assert (award.total, case.versions.count()) == (10_000, 1)


def test_money_is_paid_settled_and_returned_and_the_day_is_sealed(serving, capsys):
    staff = money.county()
    award = money.approved(staff=staff)
    settling.paid_first(award, staff)
    settling.accepted(award, staff, (40_000, 10_000))
    returns.record_return(staff.cashier, award, amount=10_000, voucher_number="收1")
    assert Award.objects.get().status == "closed"
    call_command("reconcile")
    assert "Every figure agrees" in capsys.readouterr().out
    assert seal_audit().seq == AuditEntry.objects.count()
    assert verify().problem == ""


def test_somebody_signs_in_and_receives_cases_at_once(serving, client):
    people = reviews.staff()
    cases = [reviews.filed() for _case in range(2)]
    data = {"login": people.officer.username, "password": "wrong"}
    assert client.post(reverse("account_login"), data).status_code == 200
    assert client.post(reverse("account_login"), data | {"password": "demo-88-2010"}).url == "/desk/"
    assert client.get("/desk/").status_code == 200
    run = services.choose(people.officer, bulk.RECEIVE, [case.pk for case in cases], "/desk/receive/")
    services.confirm(people.officer, run, {})
    assert services.work_pending() == 2
    assert set(run.rows.values_list("state", flat=True)) == {"done"}


def test_the_daily_work_sends_its_notices_and_disposes_of_what_is_over(serving, mailoutbox):
    people = reviews.staff()
    over = ended_office(dt.date(2005, 6, 1))
    money.approved(receipt_due=dt.date(2010, 6, 8), staff=people)
    assert daily.run(dt.date(2010, 6, 1))["disposal"] == 1
    assert deliver_pending() == len(mailoutbox) > 0
    drawn_up = DisposalList.objects.get()
    confirm(people.head, put_forward(people.officer, drawn_up))
    over.refresh_from_db()
    assert over.phone == ""


def test_a_table_of_a_later_migration_is_the_roles_at_once(role, monkeypatch):
    call_command("grant_rights", role, verbosity=0)
    runs("CREATE TABLE audit_later (id integer GENERATED BY DEFAULT AS IDENTITY)")
    runs(
        "CREATE TRIGGER later_rows BEFORE UPDATE OR DELETE ON audit_later FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    )
    assert dict(runs(GRANTED, "r", role))["audit_later"] == "DELETE INSERT SELECT UPDATE"
    # Django's own part of it has nothing to do here.
    monkeypatch.setattr(migrate.Command, "handle", lambda *args, **options: None)
    call_command("migrate", verbosity=0)
    assert dict(runs(GRANTED, "r", role))["audit_later"] == "INSERT SELECT"
    assert dict(runs(GRANTED, "S", role))["audit_later_id_seq"] == "USAGE"


@pytest.mark.parametrize("command", ["migrate", "grant_rights"])
def test_the_role_does_what_is_the_owners_no_more(serving, command):
    (owner,) = runs("SELECT tableowner FROM pg_tables WHERE tablename = 'django_migrations'")[0]
    with pytest.raises(CommandError, match=rf"The tables belong to {owner}: "):
        call_command(command, *([serving] if command == "grant_rights" else []))


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ("DROP ROLE {role}", "There is no role {role}: "),
        ("ALTER ROLE {role} SUPERUSER", "{role} is a superuser"),
        ("ALTER ROLE {role} CREATEROLE REPLICATION", "{role} may make roles, may replicate"),
        ("ALTER TABLE portal_cache OWNER TO {role}", "{role} owns tables"),
        ("GRANT pg_read_all_data TO {role}", "{role} has the rights of other roles"),
    ],
)
def test_a_role_that_may_more_gets_nothing(role, made, sentence):
    runs(made.format(role=role))
    with pytest.raises(CommandError, match=sentence.format(role=role)):
        call_command("grant_rights", role)


@pytest.fixture
def found(settings, monkeypatch):
    """In production: what the role may do too much, and who serves."""
    settings.PRODUCTION = True
    return lambda much, serving: monkeypatch.setattr(production, "_role", lambda: (much, serving))


def test_the_owner_does_not_serve_where_a_role_does(found):
    found(["owns tables", "may make tables"], ["portal_service"])
    with pytest.raises(ImproperlyConfigured, match=r"owns tables, may make tables\. Here serves portal_service: "):
        production.refuse_the_owner()
    with pytest.raises(SystemExit, match="Here serves portal_service"):
        use_only_what_is_fit_for_it()


def test_an_installation_of_before_goes_on_and_says_what_to_do(found, caplog):
    found(["owns tables"], [])
    production.refuse_the_owner()
    assert "The role of DATABASE_URL owns tables. " in caplog.text
    assert "manage.py grant_rights portal_service" in caplog.text
    (warning,) = production.role_reads_and_writes_rows(databases=["default"])
    assert (warning.id, warning.msg.partition(". ")[0]) == ("portal.W002", "The role of DATABASE_URL owns tables")
    assert production.role_reads_and_writes_rows() == []


def test_a_role_that_serves_is_in_order(found, caplog, serving):
    found([], [serving])
    production.refuse_the_owner()
    assert (caplog.text, production.role_reads_and_writes_rows(databases=["default"])) == ("", [])
    with connection.cursor() as cursor:
        assert (rights.excess(cursor), rights.serving_roles(cursor)) == ([], [serving])
    assert readiness.role() == "ok"


def test_what_somebody_gave_by_hand_is_found_and_taken_back(role):
    call_command("grant_rights", role, verbosity=0)
    runs(f"GRANT DELETE ON audit_auditentry TO {role}")
    runs("GRANT CREATE ON SCHEMA public TO PUBLIC")
    with connection.cursor() as cursor:
        assert rights.excess(cursor, role) == ["may make tables", "may change the trail"]
        call_command("grant_rights", role, verbosity=0)
        assert rights.excess(cursor, role) == []


def test_a_start_waits_for_no_database(settings, monkeypatch):
    def down():
        raise OperationalError("connection to server failed")

    settings.PRODUCTION = True
    monkeypatch.setattr(production, "_role", down)
    assert production.refuse_the_owner() is None


def test_what_is_asked_is_the_role_of_the_address(db):
    """On a connection of its own, because it is asked before there is any."""
    with connection.cursor() as cursor:
        assert production._role() == (rights.excess(cursor), [])
