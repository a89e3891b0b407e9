import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from communities.enums import Office
from communities.models import AccountRequest, OfficeTerm
from communities.services import counter, papers, recoveries
from communities.services.account_requests import receive, refuse
from communities.services.organisations import set_seal
from communities.services.registry_import import imports
from communities.services.tiers import propose_tier
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import check
from tests.communities.registry_import.lists import as_csv, row, table
from tests.factories.accounts import person
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


def other_term(world: World) -> dict:
    """Of somebody without an account."""
    made = OfficeTerm.objects.create(
        organisation=world.organisation, office=Office.STAFF, person_name="新承辦", valid_from=dt.date(2010, 1, 1)
    )
    return {"pk": world.organisation.pk, "term": made.pk}


def a_recovery(world: World) -> dict:
    found = OfficeTerm.objects.get(organisation=world.organisation, office=Office.CHAIRPERSON)
    return {"pk": recoveries.ask(person(Role.CASE_OFFICER), found, "本人到場").pk}


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


def a_claim(world: World) -> dict:
    fields = {"county": "kaohsiung", "township_id": QISHAN, "office": "chairperson", "kind": "claim"}
    fields |= {"organisation": world.organisation, "organisation_name": world.organisation.name}
    upload = check(SimpleUploadedFile("當選證明書.pdf", samples.pdf()))
    made = receive({"election_certificate": upload}, person_name="王示範", phone="07-6610001", **fields)
    return {"pk": made.pk, "paper_id": made.papers.get().pk}


def a_refused_request(world: World) -> dict:
    made = AccountRequest.objects.get(pk=a_request(world)["pk"])
    refuse(Actor(world[Role.CASE_OFFICER]), made, "查無此單位")
    return {"pk": made.pk}


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
    "communities:alike": Route(),
    "communities:registry-alike": Route(),
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
    "communities:account-request-letter": Route(a_refused_request),
    "communities:account-request-paper": Route(a_claim),
    "communities:claim": Route(organisation),
    "communities:bulk-invitations": Route(),
    "communities:registration": Route(),
    "communities:directory": Route(),
    "communities:community": Route(organisation),
    "communities:registry": Route(),
    "communities:organisation-new": Route(),
    "communities:mine": Route(),
    "communities:tier-proposals": Route(),
    "communities:tier-heat": Route(),
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
    "communities:organisation-bank": Route(organisation),
    "communities:organisation-chair": Route(organisation),
    "communities:term-letter": Route(other_term),
    "communities:term-recover": Route(term),
    # The township finds its own requests alone.
    "communities:recovery-letter": Route(a_recovery, refused={Role.TOWNSHIP_OFFICER: 404}),
}
