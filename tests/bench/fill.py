"""Many cases, by copying those of the demonstration in SQL: every stage keeps its share, with lines, money and trail.

A copy belongs to another year: an envelope of thirty million a year holds some 240 awards however many years there are.
"""

from collections.abc import Iterable

from django.db import connection, models

from communities.models import Organisation
from grants.enums import ApplicationStatus
from grants.models import (
    Application,
    ApplicationVersion,
    Award,
    AwardLine,
    BudgetLine,
    ChecklistAnswer,
    CorrectionRequest,
    Deadline,
    Document,
    Instalment,
    Justification,
    LedgerEntry,
    Letter,
    Proposal,
    ProposedLine,
    ReviewAssignment,
    ReviewScore,
    Scheme,
    Settlement,
    SettlementDocument,
    SettlementLine,
    StoredEvaluation,
)
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import bigrams
from tests.factories.grants import EnvelopeFactory

ORGANISATIONS = 12  # copies of each of the demonstration's 42
COPIES_A_YEAR = 9
ONCE_AN_ORGANISATION = (ApplicationStatus.DRAFT, ApplicationStatus.AWAITING_CHAIR)

# Model, how its rows are found by the case, what else is written anew.
_PARTS: tuple[tuple[type[models.Model], dict[str, str], dict[str, str]], ...] = (
    (BudgetLine, {"application_id": "application"}, {}),
    (Justification, {"application_id": "application", "line_id": "budgetline"}, {}),
    (Document, {"application_id": "application"}, {}),
    (ApplicationVersion, {"application_id": "application"}, {}),
    (StoredEvaluation, {"application_id": "application"}, {}),
    (ChecklistAnswer, {"application_id": "application"}, {}),
    (CorrectionRequest, {"application_id": "application", "version_id": "applicationversion"}, {}),
    (ReviewAssignment, {"application_id": "application"}, {}),
    (ReviewScore, {"assignment_id": "reviewassignment"}, {}),
    (Proposal, {"application_id": "application"}, {}),
    (ProposedLine, {"proposal_id": "proposal", "line_id": "budgetline"}, {}),
    (Award, {"application_id": "application"}, {"number": "number", "envelope_id": "envelope"}),
    (AwardLine, {"award_id": "award", "line_id": "budgetline"}, {}),
    (Instalment, {"award_id": "award"}, {}),
    (LedgerEntry, {"award_id": "award", "instalment_id": "instalment"}, {"envelope_id": "envelope"}),
    (Settlement, {"award_id": "award"}, {"number": "number"}),
    (SettlementLine, {"settlement_id": "settlement", "line_id": "awardline"}, {}),
    (SettlementDocument, {"settlement_id": "settlement"}, {}),
    (Letter, {"application_id": "application"}, {"dispatch_number": "dispatch", "dispatch_key": "dispatch"}),
    (
        Deadline,
        {"application_id": "application", "award_id": "award", "instalment_id": "instalment"},
        {"subject_key": "key"},
    ),
)


def organisations() -> None:
    """Some five hundred associations: copies of the demonstration's, without what exists once."""
    names = {
        "name": "t.name || copy",
        "folded_name": "CASE WHEN t.folded_name = '' THEN '' ELSE t.folded_name || copy END",
        "village": "t.village || copy",
        "tax_id": "''",
        "registration_number": "t.registration_number || copy",
    }
    _execute("CREATE TABLE bench_organisation (old bigint, new bigint, copy int)")
    _execute("INSERT INTO bench_organisation SELECT id, id, 0 FROM communities_organisation")
    _map("communities_organisation", "organisation", f"generate_series(1, {ORGANISATIONS - 1})")
    _copy(Organisation, {}, names, "organisation")


def cases(total: int) -> None:
    """Copy cases until there are `total`. May be called again for more."""
    _execute(
        "CREATE TABLE IF NOT EXISTS bench_seed AS SELECT id, status, number, county, scheme_id FROM grants_application"
    )
    _execute("CREATE TABLE IF NOT EXISTS bench_copies AS SELECT 0 AS made")
    seeds = _number("SELECT count(*) FROM bench_seed")
    made = _number("SELECT made FROM bench_copies")
    missing = total - _number("SELECT count(*) FROM grants_application")
    copies = range(made + 1, made + 1 + -(-missing // max(1, seeds - 5)))
    _execute("UPDATE bench_copies SET made = %s", [copies[-1]])
    for model in (Application, *(model for model, _own, _new in _PARTS)):
        _execute(f"DROP TABLE IF EXISTS bench_{model._meta.model_name}")
    _envelopes(copies)
    _applications(copies, missing)
    for model, own, new in _PARTS:
        _clone(model, own, new)
    _trail()


def tidy() -> None:
    """Let the database know how much was written; it cannot be done within a transaction."""
    _execute("VACUUM ANALYZE")


def _envelopes(copies: range) -> None:
    years = sorted({2010 - copy // COPIES_A_YEAR for copy in copies})
    for scheme in Scheme.objects.all():
        for year in years:
            EnvelopeFactory(scheme=scheme, year=year)


def _applications(copies: range, missing: int) -> None:
    once = ", ".join(f"'{status}'" for status in ONCE_AN_ORGANISATION)
    _execute("CREATE TABLE bench_application (old bigint, new bigint, copy int, number text, organisation bigint)")
    _execute(
        f"""
        INSERT INTO bench_application
        SELECT s.id, nextval(pg_get_serial_sequence('grants_application', 'id')), copy, '', 0
        FROM generate_series({copies[0]}, {copies[-1]}) AS copy, bench_seed s
        WHERE s.status NOT IN ({once}) OR copy < {ORGANISATIONS}
        ORDER BY copy, s.id LIMIT {missing}
        """
    )
    _execute(
        f"""
        UPDATE bench_application b
        SET number = substring(t.number from 1 for length(t.number) - 4) || (10000 + b.new), organisation = o.new
        FROM grants_application t JOIN bench_organisation o ON o.old = t.organisation_id
        WHERE t.id = b.old AND o.copy = b.copy % {ORGANISATIONS}
        """
    )
    _indexed("bench_application")
    back = f"make_interval(years => b.copy / {COPIES_A_YEAR})"
    days = ("status_since", "filed_on", "first_filed_on", "created_on", "starts_on", "ends_on")
    new = {name: f"(t.{name} - {back})::date" for name in days}
    new |= {"id": "b.new", "number": "b.number", "organisation_id": "b.organisation", "officer_id": _officer()}
    _insert(Application, new, "bench_application b JOIN grants_application t ON t.id = b.old")
    _search_words()


def _officer() -> str:
    """The county's officer keeps every fourth copy of a case, a colleague the others."""
    colleague, _new = User.objects.get_or_create(
        username="colleague", defaults={"email": "colleague@example.org", "display_name": "同事"}
    )
    return f"CASE WHEN b.copy % 4 = 0 OR t.officer_id IS NULL THEN t.officer_id ELSE {colleague.pk} END"


def _search_words() -> None:
    """A copy is found by its own number too."""
    rows = _rows("SELECT new, number FROM bench_application")
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE grants_application SET search = search || array_to_tsvector(%s::text[]) WHERE id = %s",
            [(bigrams.of(number), pk) for pk, number in rows],
        )


def _clone(model: type[models.Model], own: dict[str, str], new: dict[str, str]) -> None:
    """Copy the rows that belong to copied cases; `own` are their foreign keys to what was copied before."""
    table, name = model._meta.db_table, model._meta.model_name
    first, parent = next(iter(own.items()))
    _execute(f"CREATE TABLE bench_{name} (old bigint, new bigint, copy int, application bigint)")
    source = "p.new" if parent == "application" else "p.application"
    _execute(
        f"""
        INSERT INTO bench_{name}
        SELECT t.id, nextval(pg_get_serial_sequence('{table}', 'id')), p.copy, {source}
        FROM {table} t JOIN bench_{parent} p ON p.old = t.{first}
        """
    )
    _indexed(f"bench_{name}")
    joins = [f"bench_{name} b JOIN {table} t ON t.id = b.old"]
    columns = {"id": "b.new"}
    for place, (column, other) in enumerate(own.items()):
        joins.append(f"LEFT JOIN bench_{other} m{place} ON m{place}.old = t.{column} AND m{place}.copy = b.copy")
        columns[column] = f"m{place}.new"
    if new:
        joins.append("JOIN bench_application a ON a.new = b.application")
    if "envelope_id" in new:
        joins.append("JOIN grants_envelope e0 ON e0.id = t.envelope_id")
        joins.append(
            f"JOIN grants_envelope e ON e.scheme_id = e0.scheme_id AND e.year = 2010 - b.copy / {COPIES_A_YEAR}"
        )
    written = {
        "number": "a.number",
        "envelope": "e.id",
        "dispatch": "CASE WHEN t.dispatch_number = '' THEN '' ELSE '府社字第' || (99000000 + b.new) || '號' END",
        "key": "t.kind || ':' || b.new",
    }
    columns |= {column: written[word] for column, word in new.items()}
    _insert(model, columns, " ".join(joins))


def _trail() -> None:
    """The history of each copy. The chain of hashes is not carried on: no page reads it."""
    last = _number("SELECT max(seq) FROM audit_auditentry")
    columns = {"seq": f"{last} + row_number() OVER (ORDER BY b.new, t.seq)", "case": "b.number"}
    joins = "bench_application b JOIN grants_application s ON s.id = b.old"
    _insert(AuditEntry, columns, f'{joins} JOIN audit_auditentry t ON t."case" = s.number')
    _execute("UPDATE audit_audithead SET seq = (SELECT max(seq) FROM audit_auditentry)")


def _map(table: str, name: str, copies: str) -> None:
    _execute(
        f"""
        INSERT INTO bench_{name} SELECT t.id, nextval(pg_get_serial_sequence('{table}', 'id')), copy
        FROM {table} t, {copies} AS copy
        """
    )


def _copy(model: type[models.Model], own: dict[str, str], new: dict[str, str], name: str) -> None:
    table = model._meta.db_table
    _insert(model, {"id": "b.new", **new}, f"bench_{name} b JOIN {table} t ON t.id = b.old AND b.copy > 0")


def _insert(model: type[models.Model], new: dict[str, str], source: str) -> None:
    names = [field.column for field in model._meta.concrete_fields if not field.generated]
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(new.get(name, f't."{name}"') for name in names)
    _execute(f'INSERT INTO "{model._meta.db_table}" ({quoted}) SELECT {values} FROM {source}')


def _indexed(table: str) -> None:
    _execute(f"CREATE INDEX ON {table} (old, copy)")
    _execute(f"ANALYZE {table}")


def _execute(sql: str, values: Iterable[object] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values) or None)


def _rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _number(sql: str) -> int:
    return _rows(sql)[0][0] or 0
