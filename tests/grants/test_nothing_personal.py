"""No page that anybody can open, and no dataset, shows anything personal: every personal field of every row holds a mark of
its own, every public address is opened, and no mark is found.
"""

import io
import re

import pytest
import tablib
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from communities.enums import Office
from communities.models import OfficeTerm
from communities.services.training import courses, enrolments
from grants.queries.open_data.datasets import DATASETS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import PUBLIC
from miaoli_kaohsiung.privacy import register
from tests.communities.test_account_requests import asked
from tests.factories import money
from tests.factories.training import announced
from tests.grants import settling
from tests.grants.vouchers import entered
from tests.routes import World
from tests.test_routes import ADDRESSES, ROUTES

pytestmark = pytest.mark.django_db
# What is personal, or must not leave for another reason, and what only sounds so: miaoli_kaohsiung/privacy/register.toml.
PERSONAL = register.personal()
OTHERWISE = register.otherwise()
SORTED = register.personal(within=True)
SOUNDS_PERSONAL = re.compile(
    r"name|phone|mail|person|payee|account|address|tax_id|national|holder|said|words|contact|who|facts|cells|born|keeper"
    r"|chair|speakers|line_id|snapshot|sealed|user_agent"
)
OURS = ("communities.", "grants.", "evaluation.", "miaoli_kaohsiung.")
# Texts that hold personal data beside other things, and may be replaced by a mark without breaking a page.
BESIDE = {"chair", "speakers", "line_id", "user_agent", "text", "summary", "originals"}
# Rows that the scene must have, so that their marks are looked for in earnest.
PRESENT = {
    "accounts.User", "communities.OfficeTerm", "communities.AssociationPerson", "communities.AccountRequest",
    "communities.CourseFeedback", "grants.Application", "grants.Instalment", "grants.Voucher", "grants.RosterRow",
}  # fmt: skip
MARK = "zq{:02d}x"


def sounding() -> dict[str, set[str]]:
    """Every text of the portal's own models whose name sounds personal."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models():
        if not model.__module__.startswith(OURS) or model.__module__.startswith("tests."):
            continue
        for field in model._meta.concrete_fields:
            text = isinstance(field, models.CharField | models.TextField | models.JSONField)
            if text and not field.choices and SOUNDS_PERSONAL.search(field.name):
                found.setdefault(model._meta.label, set()).add(field.name)
    return found


def test_every_field_that_sounds_personal_is_sorted():
    left = {
        label: names - set(SORTED.get(label, ())) - set(OTHERWISE.get(label, ())) for label, names in sounding().items()
    }
    assert {label: names for label, names in left.items() if names} == {}


def scene(world: World) -> None:
    """An award with vouchers and a roster, people at a course with their opinion, a volunteer, a request."""
    body, member, officer = world.organisation, world[Role.MEMBER], world[Role.CASE_OFFICER]
    OfficeTerm.objects.create(
        organisation=body, office=Office.STAFF, person_name="新承辦", phone="1", valid_from="2010-01-01"
    )
    made = announced(officer)
    (row,) = enrolments.enrol(member, made, body, ["王示範"])
    enrolments.note(officer, made, [row.pk], present=True)
    courses.hold(officer, made)
    enrolments.give_feedback(made, row.pass_code, content=5, arrangement=4, useful=3, words="很好")
    award = money.approved(staff=money.county(), organisation=body)
    settlement = settling.opened(award, member)
    entered(settlement, member, 1_200, payee="示範商行")
    entered(settlement, member, 900, place=2, kind="roster", title="")
    asked()


def mark_everything() -> dict[str, str]:
    """Put a mark into every personal field of every row; return what each mark stands for."""
    marks = {}
    beside = {label: tuple(BESIDE.intersection(names)) for label, names in SORTED.items()}
    for number, label in enumerate(SORTED):
        names = (*PERSONAL.get(label, ()), *sorted(set(beside[label]) - set(PERSONAL.get(label, ()))))
        model = apps.get_model(label)
        manager = getattr(model, "every_record", model._base_manager)
        assert label not in PRESENT or manager.exists(), label
        for place, name in enumerate(names):
            mark = MARK.format(number) + chr(97 + place)
            field = model._meta.get_field(name)
            value = Value({"mark": mark}, models.JSONField())
            if not isinstance(field, models.JSONField):
                value = Concat(Value(mark), Cast(F("pk"), CharField()))
            try:
                with transaction.atomic():
                    manager.update(**{name: value})
            except DatabaseError:
                continue  # the trail and what was approved are frozen
            marks[mark] = f"{label}.{name}"
    return marks


def public() -> list[str]:
    return sorted(name for name, address in ADDRESSES.items() if getattr(address.view, "audience", None) == PUBLIC)


def found_in(marks: dict[str, str], text: str) -> list[str]:
    return sorted(what for mark, what in marks.items() if mark in text)


def test_no_mark_on_any_public_page(client):
    world = World()
    scene(world)
    addresses = {name: reverse(name, kwargs=dict(ROUTES[name].kwargs(world))) for name in public() if name in ROUTES}
    body = world.organisation
    addresses |= {"the association": reverse("communities:community", args=[body.pk])}
    marks = mark_everything()
    assert len(marks) > 40
    found, opened = {}, 0
    for name, address in addresses.items():
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        opened += answer.status_code == 200
        if leaks := found_in(marks, content.decode("utf-8", "replace")):
            found[name] = leaks
    assert (found, opened > 20) == ({}, True)


@pytest.mark.parametrize("slug", DATASETS)
def test_no_mark_in_a_dataset(client, slug):
    world = World()
    scene(world)
    marks = mark_everything()
    for kind in ("csv", "json", "ods"):
        content = b"".join(client.get(f"/open-data/{slug}.{kind}").streaming_content)
        text = content.decode("utf-8", "replace")
        if kind == "ods":
            text = tablib.Databook().load(io.BytesIO(content), "ods").sheets()[0].export("csv")
        assert (found_in(marks, text), len(text) > 20) == ([], True)
