"""Many cases, by copying those of the demonstration within the database: every stage keeps its share, with lines, money
and trail.

There is no case before the year of the disaster, 98, nor after the portal's day in 99: every other copy is a year older.
Each scheme and year goes on counting, so that numbers have five digits where there are more than 9,999. The associations
of the demonstration themselves have as many cases however many there are, so that their pages can be compared.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, models, transaction

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
    Debt,
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
from tests.factories.grants import EnvelopeFactory

ORGANISATIONS = 12  # copies of each of the demonstration's 42, at least
A_COPY_FOR = 1_000  # one more for so many cases
MOST_COPIES = 162  # 6,804 associations
OWN_COPIES = 10  # copies of a case that stay with its own association
YEARS = (2010, 2009)
AMOUNT_A_COPY = 30_000_000
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
    (
        LedgerEntry,
        {"award_id": "award", "instalment_id": "instalment", "corrects_id": "ledgerentry"},
        {"envelope_id": "envelope"},
    ),
    (Settlement, {"award_id": "award"}, {"number": "number"}),
    (SettlementLine, {"settlement_id": "settlement", "line_id": "awardline"}, {}),
    (SettlementDocument, {"settlement_id": "settlement"}, {}),
    (Letter, {"application_id": "application"}, {"dispatch_number": "dispatch", "dispatch_key": "dispatch"}),
    (
        Deadline,
        {"application_id": "application", "award_id": "award", "instalment_id": "instalment"},
        {"subject_key": "key"},
    ),
    (Debt, {"award_id": "award"}, {}),
)
# What no list, queue or figure reads: most of the bytes. Cases without them are filled in minutes, and their own pages say less.
_OF_ONE_CASE = (
    BudgetLine,
    Justification,
    Document,
    ApplicationVersion,
    StoredEvaluation,
    ChecklistAnswer,
    AwardLine,
    ProposedLine,
    SettlementDocument,
)


def organisations(copies: int = ORGANISATIONS) -> None:
    """Let there be so many of each association of the demonstration: copies without what exists once."""
    names = {
        "name": "t.name || copy",
        "folded_name": "CASE WHEN t.folded_name = '' THEN '' ELSE t.folded_name || copy END",
        "village": "t.village || copy",
        "tax_id": "''",
        "registration_number": "t.registration_number || copy",
    }
    _execute("CREATE TABLE IF NOT EXISTS bench_organisation (old bigint, new bigint, copy int)")
    if not _number("SELECT count(*) FROM bench_organisation"):
        _execute("INSERT INTO bench_organisation SELECT id, id, 0 FROM communities_organisation")
    made = _number("SELECT max(copy) FROM bench_organisation")
    _execute(
        f"""
        INSERT INTO bench_organisation
        SELECT old, nextval(pg_get_serial_sequence('communities_organisation', 'id')), more
        FROM bench_organisation, generate_series({made + 1}, {copies - 1}) AS more WHERE copy = 0
        """
    )
    table = Organisation._meta.db_table
    _insert(
        Organisation, {"id": "b.new", **names}, f"bench_organisation b JOIN {table} t ON t.id = b.old AND copy > {made}"
    )


def cases(total: int, *, thin: bool = False) -> None:
    """Copy cases until there are `total`. May be called again for more. If `thin`, without trail, budgets and papers."""
    _execute(
        "CREATE TABLE IF NOT EXISTS bench_seed AS SELECT id, status, number, county, scheme_id FROM grants_application"
    )
    _execute("CREATE TABLE IF NOT EXISTS bench_copies AS SELECT 0 AS made")
    seeds = _number("SELECT count(*) FROM bench_seed")
    made = _number("SELECT made FROM bench_copies")
    missing = total - _number("SELECT count(*) FROM grants_application")
    copies = range(made + 1, made + 1 + -(-missing // max(1, seeds - 5)))
    organisations(min(MOST_COPIES, ORGANISATIONS + total // A_COPY_FOR))
    _execute("UPDATE bench_copies SET made = %s", [copies[-1]])
    for model in (Application, *(model for model, _own, _new in _PARTS)):
        _execute(f"DROP TABLE IF EXISTS bench_{model._meta.model_name}")
    with transaction.atomic(), _unchecked(), _without_indexes():
        _envelopes(copies)
        _applications(copies, missing)
        left_out = _OF_ONE_CASE if thin else ()
        names = {model._meta.model_name for model in left_out}
        for model, own, new in _PARTS:
            if model not in left_out:
                _clone(model, {column: other for column, other in own.items() if other not in names}, new)
        if not thin:
            _trail()
    _execute("SELECT grants_sums_anew()")


@contextmanager
def _unchecked() -> Iterator[None]:
    """Without foreign keys and triggers, row by row: what is copied has passed them. Needs a superuser."""
    _execute("SET LOCAL session_replication_role = replica")
    _execute("SET LOCAL synchronous_commit = off")
    yield
    _execute("SET LOCAL session_replication_role = origin")


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Without the plain indexes of what is copied: each is built at the end at once, which is much less than row by row."""
    tables = [model._meta.db_table for model in (Application, *(model for model, _own, _new in _PARTS))]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
            WHERE NOT indisunique AND indrelid = ANY(%s::regclass[])""",
            [tables],
        )
        indexes = cursor.fetchall()
    _execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name, _made in indexes:
        _execute(f"DROP INDEX {name}")
    yield
    for _name, made in indexes:
        _execute(made)


def tidy() -> None:
    """Let the database know how much was written; it cannot be done within a transaction."""
    _execute("VACUUM ANALYZE")


def _envelopes(copies: range) -> None:
    """Each year has as much money as its copies of the demonstration need."""
    for scheme in Scheme.objects.all():
        for year in YEARS:
            EnvelopeFactory(scheme=scheme, year=year)
    _execute("UPDATE grants_envelope SET amount = greatest(amount, %s)", [AMOUNT_A_COPY * (copies[-1] + 1)])


def _applications(copies: range, missing: int) -> None:
    once = ", ".join(f"'{status}'" for status in ONCE_AN_ORGANISATION)
    bodies = _number("SELECT max(copy) FROM bench_organisation")
    _execute("CREATE TABLE bench_application (old bigint, new bigint, copy int, number text, organisation bigint)")
    _execute(
        f"""
        INSERT INTO bench_application
        SELECT s.id, nextval(pg_get_serial_sequence('grants_application', 'id')), copy, '', 0
        FROM generate_series({copies[0]}, {copies[-1]}) AS copy, bench_seed s
        WHERE s.status NOT IN ({once}) OR copy BETWEEN {OWN_COPIES + 1} AND {OWN_COPIES + bodies}
        ORDER BY copy, s.id LIMIT {missing}
        """
    )
    _execute("ANALYZE bench_application")
    _number_them()
    _execute(
        f"""
        UPDATE bench_application b SET organisation = o.new
        FROM grants_application t JOIN bench_organisation o ON o.old = t.organisation_id
        WHERE t.id = b.old
        AND o.copy = CASE WHEN b.copy <= {OWN_COPIES} THEN 0 ELSE 1 + (b.copy - {OWN_COPIES + 1}) % {bodies} END
        """
    )
    # An association that was given a draft since, by what was measured, keeps it.
    _execute(
        f"""
        DELETE FROM bench_application b USING grants_application t, grants_application d
        WHERE t.id = b.old AND t.status IN ({once}) AND d.status IN ({once})
        AND d.organisation_id = b.organisation AND d.programme_id = t.programme_id
        """
    )
    _indexed("bench_application")
    days = ("status_since", "filed_on", "first_filed_on", "created_on", "starts_on", "ends_on")
    new = {name: f"(t.{name} - make_interval(years => b.copy % {len(YEARS)}))::date" for name in days}
    new |= {"id": "b.new", "number": "b.number", "organisation_id": "b.organisation", "officer_id": _officer()}
    # The words by which the case is found, with its own number in place of the seed's: bigrams.of for a number.
    words = "string_to_array(lower({}.number), '-')"
    new["search"] = f"ts_delete(t.search, {words.format('t')}) || array_to_tsvector({words.format('b')})"
    _insert(Application, new, "bench_application b JOIN grants_application t ON t.id = b.old")


def _number_them() -> None:
    """Numbers as `drafts` gives them: each scheme and year counts on."""
    year = f"{YEARS[0]} - b.copy % {len(YEARS)}"
    _execute(
        f"""
        WITH counted AS (
            SELECT b.new, s.number_prefix, t.scheme_id, {year} AS year,
                   row_number() OVER (PARTITION BY t.scheme_id, {year} ORDER BY b.new) AS place
            FROM bench_application b JOIN grants_application t ON t.id = b.old JOIN grants_scheme s ON s.id = t.scheme_id
        ), serial AS (
            SELECT c.*, place + coalesce(n.last, 0) AS serial
            FROM counted c LEFT JOIN grants_numberseries n ON n.scheme_id = c.scheme_id AND n.year = c.year
        )
        UPDATE bench_application b
        SET number = number_prefix || '-' || lpad((year - 1911)::text, 3, '0') || '-'
                     || lpad(serial::text, greatest(4, length(serial::text)), '0')
        FROM serial WHERE serial.new = b.new
        """
    )
    _execute(
        f"""
        INSERT INTO grants_numberseries (scheme_id, year, last)
        SELECT t.scheme_id, {year}, max(substring(b.number from '[0-9]+$')::int)
        FROM bench_application b JOIN grants_application t ON t.id = b.old GROUP BY 1, 2
        ON CONFLICT (scheme_id, year) DO UPDATE SET last = greatest(grants_numberseries.last, excluded.last)
        """
    )


def _officer() -> str:
    """The county's officer keeps every fourth copy of a case, a colleague the others."""
    colleague, _new = User.objects.get_or_create(
        username="colleague", defaults={"email": "colleague@example.org", "display_name": "同事"}
    )
    return f"CASE WHEN b.copy % 4 = 0 OR t.officer_id IS NULL THEN t.officer_id ELSE {colleague.pk} END"


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
            f"JOIN grants_envelope e ON e.scheme_id = e0.scheme_id AND e.year = {YEARS[0]} - b.copy % {len(YEARS)}"
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


def _insert(model: type[models.Model], new: dict[str, str], source: str) -> None:
    names = [field.column for field in model._meta.concrete_fields if not field.generated]
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(new.get(name, f't."{name}"') for name in names)
    # In the order of their keys, as rows lie that were written one after the other.
    order = f"ORDER BY {new['id']}" if "id" in new else ""
    _execute(f'INSERT INTO "{model._meta.db_table}" ({quoted}) SELECT {values} FROM {source} {order}')


def _indexed(table: str) -> None:
    _execute(f"CREATE INDEX ON {table} (old, copy)")
    _execute(f"ANALYZE {table}")


def _execute(sql: str, values: Iterable[object] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values) or None)


def _number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0] or 0
