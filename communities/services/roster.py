"""The people of an association by name: entered once, chosen again for courses and teams."""

from communities import actions
from communities.models import AssociationPerson, Organisation
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import folding


def person_of(organisation: Organisation, name: str) -> AssociationPerson:
    """Return the association's person of this name, entered now if it has none. Call it in a unit of work; safe in
    parallel.
    """
    found, made = AssociationPerson.objects.get_or_create(
        organisation=organisation, folded_name=folding.key(name), defaults={"name": name}
    )
    if made:
        trail.record(actions.ENTER_PERSON, found, after={"name": name, "organisation": organisation.pk})
    return found
