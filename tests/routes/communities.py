from django.core.files.uploadedfile import SimpleUploadedFile

from communities.enums import Office
from communities.models import OfficeTerm
from communities.services import counter, papers
from communities.services.account_requests import receive
from communities.services.organisations import set_seal
from communities.services.registry_import import imports
from communities.services.tiers import propose_tier
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import check
from tests.communities.registry_import.lists import as_csv, row, table
from tests.factories.communities import QISHAN
from tests.files import samples

from . import Route, World


def organisation(world: World) -> dict:
    return {"pk": world.organisation.pk}


def sealed(world: World) -> dict:
    upload = SimpleUploadedFile("seal.png", samples.picture("PNG"))
    set_seal(Actor.system("test"), world.organisation, check(upload))
    return organisation(world)


def term(world: World) -> dict:
    found = OfficeTerm.objects.get(organisation=world.organisation, office=Office.CHAIRPERSON)
    return {"pk": world.organisation.pk, "term": found.pk}


def proposal(world: World) -> dict:
    officer = world[Role.CASE_OFFICER]
    made = propose_tier(officer, world.organisation, year=2010, tier="basic", basis="decision", reason="初次")
    return {"pk": made.pk}


NOT_THE_APPROVER = {Role.CASE_OFFICER: 403, Role.FINANCE_OFFICER: 403, Role.AUDITOR: 403}


def a_request(world: World) -> dict:
    fields = {
        "county": "kaohsiung",
        "township_id": QISHAN,
        "organisation_name": "旗山鎮示範社區發展協會",
        "office": "staff",
    }
    return {"pk": receive(person_name="王示範", phone="07-6610001", email="new@example.org", **fields).pk}


def kept_paper(world: World) -> dict:
    upload = check(SimpleUploadedFile("立案證書.pdf", samples.pdf()))
    row = papers.add(Actor(world[Role.MEMBER]), world.organisation, "registration_certificate", upload)
    return {"pk": world.organisation.pk, "paper_id": row.pk}


def a_list(world: World) -> dict:
    upload = as_csv(table([row("旗山鎮名單示範社區發展協會")]))
    made = imports.start(Actor(world[Role.CASE_OFFICER]), "kaohsiung", upload)
    imports.preview(Actor(world[Role.CASE_OFFICER]), made, imports.guessed(made), [])
    return {"pk": made.pk}


def as_ods(world: World) -> dict:
    return {"extension": "ods"}


def a_visit(world: World) -> dict:
    visitor = counter.Visitor("林阿明", Office.STAFF, "counter")
    return {"pk": counter.begin(world[Role.TOWNSHIP_OFFICER], world.organisation, visitor).pk}


ROUTES = {
    "communities:registry-export": Route(as_ods, shared=True),
    "communities:registry-import": Route(),
    "communities:registry-import-columns": Route(a_list),
    "communities:registry-import-preview": Route(a_list),
    "communities:registry-import-confirm": Route(a_list),
    "communities:registry-import-discard": Route(a_list),
    "communities:counter": Route(organisation),
    "communities:counter-end": Route(a_visit, refused={Role.CASE_OFFICER: 404}),
    "communities:account-request": Route(),
    "communities:account-request-sent": Route(),
    "communities:account-requests": Route(),
    "communities:account-request-answer": Route(a_request),
    "communities:account-request-refuse": Route(a_request),
    "communities:directory": Route(),
    "communities:community": Route(organisation),
    "communities:registry": Route(),
    "communities:organisation-new": Route(),
    "communities:mine": Route(),
    "communities:tier-proposals": Route(),
    "communities:tier-decide": Route(proposal, post_refused=NOT_THE_APPROVER),
    "communities:organisation": Route(organisation),
    "communities:organisation-edit": Route(organisation),
    "communities:organisation-merge": Route(organisation),
    "communities:organisation-contact": Route(organisation),
    "communities:organisation-papers": Route(organisation),
    "communities:organisation-paper": Route(kept_paper),
    "communities:organisation-paper-set": Route(kept_paper),
    "communities:organisation-seal": Route(sealed),
    "communities:organisation-seal-new": Route(organisation),
    "communities:tier-propose": Route(organisation),
    "communities:term-new": Route(organisation),
    "communities:term-extend": Route(term),
    "communities:term-end": Route(term),
    "communities:term-invite": Route(term),
}
