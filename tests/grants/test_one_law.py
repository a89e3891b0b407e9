"""One law speaks for one case: no clause, label or link of the one county's regulation reaches a case of the other."""

import ast
import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.urls import reverse

from grants.models import Application, Award, Deadline, Letter
from grants.rules import facts, laws
from grants.rules.cites import ROLES
from grants.rules.ruleset import load
from grants.services import daily, sanctions
from grants.services.awards import decisions
from grants.services.payments import instalments
from grants.services.reviews import checks, proposals, reviewers
from grants.services.sanctions import SanctionDraft
from grants.services.schemes.sync import sync
from grants.services.settlements import reports
from grants.services.settlements.reports import Report, Spent
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import letters, reviews
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of, yuanli
from tests.factories.grants import EnvelopeFactory

from .rulings import in_force
from .settling import add_papers, admit, tell

TODAY = dt.date(2010, 6, 1)
ROOMS = ("grants", "communities", "evaluation", "miaoli_kaohsiung", "templates", "static")
CLAUSE = re.compile(r"""["'`][KM]\d[\w.–]*["'`]""")
# Where laws may be named: the laws themselves, invented data, what migrations once said.
OWN = re.compile(r"^grants/rules/|/demo/|/migrations/")
STANDARDS = {"subsidy.unit_caps": {"printing": 500}, "subsidy.case_cap": 200_000, "subsidy.own_share": [0, 100]}


def test_no_clause_is_named_outside_the_laws():
    named = []
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*")):
            where = path.relative_to(settings.BASE_DIR).as_posix()
            if path.suffix in {".py", ".html", ".txt", ".js"} and not OWN.search(where):
                named += [f"{where}: {found}" for found in CLAUSE.findall(path.read_text(encoding="utf-8"))]
    assert named == []


def laws_imported(source: str) -> set[str]:
    """The laws whose folders the source imports by name."""
    parts: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            parts |= {part for alias in node.names for part in alias.name.split(".")}
        elif isinstance(node, ast.ImportFrom):
            parts |= {*(node.module or "").split("."), *(alias.name for alias in node.names)}
    return parts & set(laws.found())


@pytest.mark.parametrize(
    "source",
    ["import grants.rules.miaoli.plan", "from grants.rules import miaoli", "from ..miaoli.plan import ALL_ITEMS"],
)
def test_an_import_of_a_law_is_seen(source):
    assert laws_imported(source) == {"miaoli"}


def test_the_engine_knows_no_county_and_no_county_another():
    """The laws are found, not listed, so that a further one is a folder."""
    for path in sorted(laws.FOLDER.rglob("*.py")):
        assert laws_imported(path.read_text(encoding="utf-8")) <= {path.parent.name}, path


def test_the_engine_names_no_clause():
    """But for the two bans that a fact of the case may name (`facts.BANS`)."""
    named = {}
    for path in sorted(laws.FOLDER.glob("*.py")):
        if found := set(CLAUSE.findall(path.read_text(encoding="utf-8"))):
            named[path.name] = found
    del named["ruleset.py"]  # its docstring shows how a clause is read
    assert named == {"facts.py": {f'"{clause}"' for clause in facts.BANS}}


def test_a_law_cites_its_own_clauses_for_parts_that_the_portal_knows():
    for law in map(load, laws.found()):
        cites = law.head["cites"]
        assert set(cites) <= set(ROLES)
        assert set(cites.values()) <= set(law.clauses)
    assert {role for law in laws.found() for role in load(law).head["cites"]} == set(ROLES)


def test_a_part_nobody_knows_is_refused_and_one_that_the_law_lacks_is_nothing():
    assert load("miaoli").cite("settlement_due") == ""
    assert load("kaohsiung_88").cite("settlement_due") == "K7.2a"
    with pytest.raises(KeyError):
        load("miaoli").cite("settlement")


def test_no_clause_belongs_to_two_laws():
    named = [clause for law in laws.found() for clause in load(law).clauses]
    assert len(named) == len(set(named))


@pytest.fixture
def people():
    staff = reviews.staff("miaoli")
    staff.cashier = person(Role.FINANCE_OFFICER, "miaoli")
    staff.body = OrganisationFactory(
        county="miaoli",
        township=yuanli(),
        name="苗栗縣苑裡鎮示範社區發展協會",
        registration_county="苗栗縣",
        address="苑裡鎮示範路1號",
    )
    staff.member, staff.chair = member_of(staff.body), chair_of(staff.body)
    return staff


@pytest.fixture
def seen(client, monkeypatch):
    """Everything that people read of the case: pages, papers, letters, notices, deadlines."""
    texts: dict[str, str] = {}
    monkeypatch.setattr(pdf, "render", lambda html, **_: texts.setdefault(f"pdf {len(texts)}", html) and b"%PDF-1.7")

    def look(stage: str, number: str, readers: list, *addresses: str) -> None:
        for reader in readers:
            client.force_login(reader)
            for address in addresses:
                answer = client.get(address)
                assert answer.status_code in (200, 302, 403, 404), address
                if answer.status_code == 200 and not answer.streaming:
                    texts[f"{stage} {reader} {address}"] = main_of(answer.content.decode(errors="replace"))
        for letter in Letter.objects.filter(application__number=number):
            texts[f"{stage} letter {letter.kind}"] = "\n".join(
                [letter.subject, *letter.explanation, str(letter.context)]
            )

    return SimpleNamespace(look=look, texts=texts)


def main_of(page: str) -> str:
    """What a page says of its own; below it every page leads to the laws of both counties."""
    return page[page.index("<main") : page.index("</main>")] if "<main" in page else page


def case_pages(number: str) -> list[str]:
    steps = (
        "",
        "budget/",
        "edit/organisation/",
        "edit/project/",
        "edit/documents/",
        "edit/review/",
        "check/",
        "proposal/",
        "decision/",
        "review/",
        "waivers/",
        "paper.pdf",
    )
    return [f"/applications/{number}/{step}" for step in steps]


def money_pages(award: Award) -> list[str]:
    number = award.number
    receipts = [reverse("grants:receipt_pdf", args=[number, row.number]) for row in award.instalments.all()]
    return [f"/awards/{number}/", f"/settlements/{number}/", f"/awards/{number}/sanction/", "/payments/", *receipts]


@pytest.mark.django_db
def test_a_case_of_miaoli_is_told_nothing_of_kaohsiungs_regulation(people, seen):
    case = filed(people)
    everybody = [
        people.member,
        people.chair,
        people.officer,
        people.head,
        people.finance,
        people.reviewer,
        people.auditor,
    ]
    seen.look("filed", case.number, everybody, *case_pages(case.number), "/desk/")
    award = decided(people, case, seen, everybody)
    settle(people, award, seen, everybody)
    award.refresh_from_db()
    assert award.status == "closed"
    for notice in Notice.objects.all():
        seen.texts[f"notice {notice.pk}"] = f"{notice.subject}\n{notice.body}\n{notice.url}"
    assert len(seen.texts) > 60
    assert {row.clause for row in Deadline.objects.filter(award=award)} == {""}
    assert set(award.instalments.values_list("clause", flat=True)) == {""}
    assert {what: found for what, text in seen.texts.items() if (found := foreign(text))} == {}


def foreign(text: str) -> list[str]:
    """Clauses, labels and links of the other regulation, and its name."""
    shared = {clause.label for clause in load("miaoli").clauses.values()}
    labels = {clause.label for clause in load("kaohsiung_88").clauses.values()} - shared
    found = re.findall(r"\bK\d\.[\w.–]+|clause=K\w+|高雄縣88\w*|kaohsiung-88", text)
    return found + sorted(label for label in labels if "、" in label and label in text)


def filed(people) -> Application:
    scheme = next(one for one in sync() if one.slug == "miaoli-welfare")
    for place, (name, value) in enumerate(STANDARDS.items()):
        in_force(scheme, parameter=name, value={"value": value}, on=TODAY, memo=f"府社字第099000010{place}號")
    EnvelopeFactory(scheme=scheme)
    return reviews.filed(
        (100_000,),
        lines=({"item": "printing", "quantities": {"quantity": 200}, "description": "講義"},),
        programme=scheme.programmes.get(code="welfare_services"),
        organisation=people.body,
        created_by=people.member,
        number="ML-099-0001",
        starts_on=TODAY,
        ends_on=dt.date(2010, 6, 30),
        service_area=[],
        township_code=people.body.township_id,
    )


def decided(people, case: Application, seen, everybody) -> Award:
    case = checks.receive(people.officer, case)
    assignments = reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 15))
    case = reviews.checked(people, case)
    seen.look("checked", case.number, everybody, *case_pages(case.number))
    assert assignments
    wanted = {line.pk: (line.requested, "") for line in case.lines.all()}
    proposal = proposals.propose(people.officer, case, wanted, note="", edition=case.edition)
    seen.look("proposed", case.number, everybody, *case_pages(case.number), "/desk/")
    award = decisions.approve(people.head, proposal.application)
    letters.issued(people.officer, award.application.letters.get(), "府社行字第0990000001號")
    seen.look("approved", case.number, everybody, *case_pages(case.number), *money_pages(award), "/notices/", "/tasks/")
    return award


def settle(people, award: Award, seen, everybody) -> None:
    with clock.travel(dt.date(2010, 7, 1)):
        settlement = reports.register_completion(people.member, award, dt.date(2010, 6, 30))
        add_papers(settlement, people.member)
        daily.run(clock.today())
        seen.look("running", award.number, everybody, *money_pages(award), "/notices/", "/desk/")
    with clock.travel(dt.date(2010, 8, 5)):
        daily.run(clock.today())
        spent = {line.pk: Spent(90_000, 3) for line in settlement.lines.all()}
        reports.submit(people.member, settlement, Report("辦理 20 場", 640, spent, own_funds=0))
        reports.check_sums(people.finance, settlement, admit(settlement, 90_000))
        reports.check_content(people.officer, settlement)
        seen.look("settling", award.number, everybody, *money_pages(award), "/desk/")
        reports.accept(people.head, settlement)
        tell(award, people)
        only = award.instalments.get()
        instalments.request_payment(people.officer, only, receipt_number="1")
        instalments.approve_payment(people.head, only)
        instalments.pay(people.cashier, only, voucher_number="1")
        seen.look("closed", award.number, everybody, *money_pages(award), *case_pages(award.number), "/notices/")


@pytest.mark.django_db
def test_a_decision_that_the_plan_does_not_know_is_not_offered(client, people):
    case = reviews.checked(people, checks.receive(people.officer, filed(people)))
    wanted = {line.pk: (line.requested, "") for line in case.lines.all()}
    proposal = proposals.propose(people.officer, case, wanted, note="", edition=case.edition)
    award = decisions.approve(people.head, proposal.application)
    letters.issued(people.officer, award.application.letters.get(), "府社行字第0990000001號")
    client.force_login(people.officer)
    page = main_of(client.get(f"/awards/{award.number}/sanction/").content.decode())
    assert re.findall(r'name="event" value="(\w+)"', page) == ["revoked"]
    assert foreign(page) == []
    row = sanctions.record(people.officer, award, SanctionDraft("revoked", TODAY, TODAY, "情事變更"))
    sanctions.confirm(people.head, row)
    letter = award.application.letters.get(kind="revocation")
    assert foreign("".join(letter.explanation)) == []
    assert "「苗栗縣政府社區發展工作計畫」及行政程序法第123條" in letter.explanation[0]
