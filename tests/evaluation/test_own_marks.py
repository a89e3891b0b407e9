"""An association says how it stands: until its last day, with papers, and nobody reads them who must stay away."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from evaluation.models import Indicator, OwnMark
from evaluation.queries.carried import carried_of
from evaluation.services.own_marks import Said, assess
from evaluation.services.sheets import assign
from grants.models import Duty
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


def owed(entry, key: str, due_on: dt.date, held_on: dt.date | None = None) -> None:
    done = {"held_on": held_on, "done_on": held_on, "done_by": entry.round.opened_by} if held_on else {}
    Duty.objects.create(
        organisation=entry.organisation, key=key, period="2010", due_on=due_on, county=entry.round.county,
        clause="M5.5a", opened_on=dt.date(2010, 1, 4), **done,
    )  # fmt: skip


def test_the_record_of_the_year_stands_at_its_indicators_until_the_association_says_something(client, entry):
    assert carried_of(entry) == {}
    owed(entry, "assembly", dt.date(2010, 4, 30), dt.date(2010, 4, 30))
    owed(entry, "board_meeting", dt.date(2010, 4, 30), dt.date(2010, 5, 3))
    owed(entry, "accounts", dt.date(2010, 4, 30))
    owed(entry, "property_list", dt.date(2010, 6, 30))
    found = {row.indicator.position: (row.in_time, row.points, row.words) for row in carried_of(entry).values()}
    first, accounts = entry.round.indicators.all()[0], entry.round.indicators.all()[3]
    assert found == {
        first.position: (1, Decimal(4), "會員大會 99年4月30日（按時）；理監事會議 99年5月3日（晚了 3 天）"),
        accounts.position: (0, Decimal(0), "財務報表還沒辦，已逾 32 天"),
    }
    Indicator.objects.filter(pk=first.pk).update(points=7)
    assert carried_of(entry)[first.pk].points == Decimal("3.5")
    member = member_of(entry.organisation)
    client.force_login(member)
    form = client.get(reverse("evaluation:own-marks", args=[entry.pk])).context["form"]
    assert [form[f"{part}_{first.pk}"].initial for part in ("points", "words")] == [
        Decimal("3.5"), carried_of(entry)[first.pk].words,
    ]  # fmt: skip
    assess(member, entry, {first.pk: Said(Decimal(6), "補開過")}, edition=0)
    form = client.get(reverse("evaluation:own-marks", args=[entry.pk])).context["form"]
    assert form[f"points_{first.pk}"].initial == Decimal(6)
    judge = person(Role.REVIEWER)
    sheet = reverse("evaluation:sheet", args=[a_sheet(entry, judge).pk])
    client.force_login(judge)
    assert "照紀錄是 3.5 分" in client.get(sheet).content.decode()


def test_a_chosen_paper_is_kept_while_another_field_is_wrong(client, entry):
    first, second = entry.round.indicators.all()[:2]
    client.force_login(member_of(entry.organisation))
    typed = {f"points_{first.pk}": "8", f"points_{second.pk}": "999", f"file_{first.pk}": paper(), "edition": "0"}
    answer = client.post(reverse("evaluation:own-marks", args=[entry.pk]), typed)
    assert (answer.status_code, "會員大會.pdf" in answer.content.decode()) == (422, True)
