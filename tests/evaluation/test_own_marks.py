"""An association says how it stands: until its last day, with papers, and nobody reads them who must stay away."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from evaluation.models import OwnMark
from evaluation.services.own_marks import Said, assess
from evaluation.services.sheets import assign
from grants.services.applications.drafts import StaleError
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.evaluation import a_round, a_sheet
from tests.files import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    OrganisationFactory()
    return a_round().entries.select_related("round", "organisation").get()


def paper() -> ContentFile:
    return ContentFile(samples.pdf(), "會員大會.pdf")


def test_what_is_said_is_kept_until_the_last_day_and_never_by_somebody_else(entry):
    member, first = member_of(entry.organisation), entry.round.indicators.first()
    said = {first.pk: Said(Decimal("7.5"), "三月開過會員大會")}
    for other in (member_of(OrganisationFactory()), entry.round.opened_by):
        with pytest.raises(Refused, match="協會自己填寫"):
            assess(other, entry, said, edition=0)
    assess(member, entry, said, edition=0)
    assert (OwnMark.objects.get().points, OwnMark.objects.count()) == (Decimal("7.5"), 1)
    with pytest.raises(StaleError):
        assess(member, entry, {first.pk: Said(Decimal(1))}, edition=0)
    with pytest.raises(Refused, match="半分"):
        assess(member, entry, {first.pk: Said(Decimal(first.points + 1))}, edition=1)
    with clock.travel(entry.round.self_until + dt.timedelta(days=1)), pytest.raises(Refused, match="截止"):
        assess(member, entry, said, edition=1)


def test_a_form_keeps_what_was_typed_and_its_file_stays_until_another_is_chosen(client, entry):
    first = entry.round.indicators.first()
    client.force_login(member_of(entry.organisation))
    url = reverse("evaluation:own-marks", args=[entry.pk])
    names = {part: f"{part}_{first.pk}" for part in ("points", "words", "file")}
    wrong = client.post(url, {names["points"]: "99", names["words"]: "三月開過大會", "edition": "0"})
    assert (wrong.status_code, "這一項最高8分" in wrong.content.decode()) == (422, True)
    assert "三月開過大會" in wrong.content.decode()
    values = {names["points"]: "8", names["words"]: "三月開過大會", "edition": "0"}
    assert client.post(url, values | {names["file"]: paper()}).status_code == 302
    kept = OwnMark.objects.get().file_id
    late = client.post(url, values | {names["words"]: "另一個視窗"})
    assert (late.status_code, "另一個視窗" in late.content.decode()) == (422, True)
    assert client.post(url, values | {names["words"]: "改過", "edition": "1"}).status_code == 302
    assert (OwnMark.objects.get().words, OwnMark.objects.get().file_id) == ("改過", kept)


def test_the_judge_reads_it_beside_the_sheet_only_after_declaring(client, entry):
    said = {entry.round.indicators.first().pk: Said(Decimal(3), "三月開過大會", paper())}
    assess(member_of(entry.organisation), entry, said, edition=0)
    file = reverse("evaluation:own-file", args=[OwnMark.objects.get().pk])
    judge = person(Role.REVIEWER)
    assign(entry.round.opened_by, entry.round, [entry], [judge])
    client.force_login(judge)
    sheet = reverse("evaluation:sheet", args=[entry.sheets.get().pk])
    for address in (sheet, reverse("evaluation:entry", args=[entry.pk])):
        assert "三月開過大會" not in client.get(address).content.decode()
    assert client.get(file).status_code == 404
    a_sheet(entry, judge)
    assert "三月開過大會" in client.get(sheet).content.decode()
    assert client.get(file).status_code == 200
    client.force_login(person(Role.REVIEWER))
    assert client.get(file).status_code == 404
