"""The alliance belongs to an association of the world: of Kaohsiung, made excellent for it."""

from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile

from communities.enums import Tier
from communities.models import Alliance
from communities.services.alliances import coaching
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.files.services import check
from tests.factories.alliances import proposed, visited
from tests.factories.communities import OrganisationFactory, chair_of
from tests.files import samples

from . import Route, World


def around(world: World) -> SimpleNamespace:
    """The member's association leads; a neighbour of the same township joins."""
    lead, other = world.organisation, OrganisationFactory()
    lead.current_tier, lead.current_tier_year = Tier.EXCELLENT, 2009
    lead.save()
    return SimpleNamespace(lead=lead, chair=world[Role.MEMBER], others=[other], chairs=[chair_of(other)])


def a_lead(world: World) -> dict:
    around(world)
    return {"pk": world.organisation.pk}


def an_alliance(world: World) -> dict:
    return {"pk": visited(around(world)).pk}


def own_place(world: World) -> dict:
    return an_alliance(world) | {"body": world.organisation.pk}


def an_invitation(world: World) -> dict:
    """Where the member of the world is the one that is asked."""
    found = around(world)
    other, chair = found.others[0], found.chairs[0]
    other.current_tier, other.current_tier_year = Tier.EXCELLENT, 2009
    other.save()
    turned = SimpleNamespace(lead=other, chair=chair, others=[found.lead])
    return {"pk": proposed(turned).pk, "body": found.lead.pk}


def a_member(world: World) -> dict:
    found = around(world)
    other, chair = found.others[0], found.chairs[0]
    other.current_tier, other.current_tier_year = Tier.EXCELLENT, 2009
    other.save()
    turned = SimpleNamespace(lead=other, chair=chair, others=[found.lead], chairs=[found.chair])
    return {"pk": visited(turned).pk, "body": found.lead.pk}


def a_coach(world: World) -> dict:
    made = an_alliance(world)
    return made | {"coach": Alliance.objects.get(pk=made["pk"]).coaches.get().pk}


def a_visit(world: World) -> dict:
    made = a_coach(world)
    return {"pk": made["pk"], "visit": Alliance.objects.get(pk=made["pk"]).coaches.get().visits.get().pk}


def a_photo(world: World) -> dict:
    made = a_visit(world)
    visit = Alliance.objects.get(pk=made["pk"]).coaches.get().visits.select_related("member__alliance").get()
    upload = check(SimpleUploadedFile("廚房.jpg", samples.picture()))
    return made | {"photo": coaching.add_photo(world[Role.MEMBER], visit, upload, "示範廚房").pk}


ROUTES = {
    "communities:alliances-public": Route(),
    "communities:alliance-public": Route(an_alliance),
    "communities:alliances": Route(),
    "communities:alliance": Route(an_alliance),
    "communities:alliance-invite": Route(an_alliance),
    "communities:alliance-end": Route(an_alliance),
    "communities:alliance-answer": Route(an_invitation),
    "communities:alliance-leave": Route(a_member),
    "communities:alliance-learning": Route(own_place),
    "communities:alliance-coach-new": Route(an_alliance),
    "communities:alliance-coach-end": Route(a_coach),
    "communities:alliance-visit-new": Route(an_alliance),
    "communities:alliance-visit": Route(
        a_visit,
        post_refused=dict.fromkeys((Role.TOWNSHIP_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR), 403),
    ),
    "communities:alliance-photo": Route(a_photo),
    "communities:association-alliances": Route(a_lead),
    "communities:alliance-new": Route(a_lead),
}
