from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, Value

from communities import actions, naming
from communities.models import Organisation, Township, TownshipName
from communities.places import load_townships as load
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files import services as files
from miaoli_kaohsiung.lib import bigrams, clock

SEARCHED = ("name", "village", "area_served", "tax_id")


def create_organisation(by: Actor, **fields: Any) -> Organisation:
    """Enter an organisation in the registry."""
    with trail.unit_of_work(by):
        folded = naming.fold(fields["name"], fields["county"])
        organisation = Organisation.objects.create(profile_updated_on=clock.today(), folded_name=folded, **fields)
        trail.record(actions.CREATE, organisation, after=trail.snapshot(organisation, *sorted(fields)))
        index([organisation])
    return organisation


def update_organisation(organisation: Organisation, by: Actor, *, action: str = actions.UPDATE, **fields: Any) -> None:
    """Change fields of an organisation; the day of the profile is today even when nothing differs (M5.5b)."""
    with trail.unit_of_work(by):
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        before = trail.snapshot(organisation, *sorted(fields))
        for name, value in fields.items():
            setattr(organisation, name, value)
        organisation.profile_updated_on = clock.today()
        organisation.folded_name = naming.fold(organisation.name, organisation.county)
        organisation.save(update_fields=[*fields, "folded_name", "profile_updated_on"])
        old, new = trail.changes(before, trail.snapshot(organisation, *sorted(fields)))
        trail.record(action, organisation, before=old, after=new)
        index([organisation])


def update_contact(organisation: Organisation, by: Actor, **fields: Any) -> None:
    """The organisation's own contact data."""
    update_organisation(organisation, by, action=actions.UPDATE_CONTACT, **fields)


def set_seal(organisation: Organisation, by: Actor, upload: files.Checked) -> None:
    """Keep the print of the seal against which papers are compared; the one before stays in the trail."""
    with trail.unit_of_work(by):
        stored = files.store(upload, actor=by, purpose=f"seal:{organisation.pk}")
        update_organisation(organisation, by, action=actions.SET_SEAL, seal=stored)


def index(organisations: list[Organisation]) -> None:
    """Fill the search column: the bigrams as they are, past PostgreSQL's parser, which knows no Chinese."""
    for organisation in organisations:
        text = " ".join(getattr(organisation, name) for name in SEARCHED)
        words = bigrams.of(naming.indexed(text, organisation.township_id or "", organisation.county))
        vector = Func(Value(words), function="array_to_tsvector", output_field=SearchVectorField())
        Organisation.objects.filter(pk=organisation.pk).update(search=vector)


def load_townships() -> None:
    """Put the places back where a test or a reset has emptied the tables."""
    load(Township, TownshipName)
