import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import TierDecision
from evaluation.forms import RoundForm
from evaluation.models import Entry, Round
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.evaluation import a_round, score_fully

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"evaluation:{name}", args=args)


def filled(**changes):
    """The form as the page offers it, with changes."""
    form = RoundForm()
    offered = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in (offered | {"year": "99"} | changes).items() if value is not None}


def test_an_officer_opens_scores_and_an_approver_publishes(client):
    OrganisationFactory()
    officer, head = person(Role.CASE_OFFICER), person(Role.APPROVER)
    client.force_login(officer)
    values = filled(excellent_from="85")
    assert client.post(url("open"), values).url == url("round", 99)
    round_ = Round.objects.get()
    entry = Entry.objects.get()
    points = {f"points_{indicator.pk}": indicator.points for indicator in round_.indicators.all()}
    client.post(url("entry", entry.pk), points | {"comment": "很好"})
    assert client.post(url("publish", 99)).status_code == 403
    client.force_login(head)
    assert client.post(url("publish", 99)).url == reverse("communities:tier-proposals")
    assert (Entry.objects.get().total, TierDecision.objects.get().tier) == (100, "excellent")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"year": "100"}, "year"),
        ({"year": "九十九"}, "year"),
        ({"excellent_from": "60"}, "excellent_from"),
        ({"excellent_from": "101"}, "excellent_from"),
        ({"points_1": "9"}, "points_1"),
        ({"points_1": "7"}, "points_1"),
        ({"points_3": "0"}, "points_3"),
        ({"points_3": ""}, "points_3"),
        ({"name_3": ""}, "name_3"),
        ({"dimension_3": "money"}, "dimension_3"),
        ({"dimension_3": ""}, "dimension_3"),
        ({f"dimension_{number}": "governance" for number in range(1, 13)}, "dimension_1"),
    ],
)
def test_a_wrong_round_is_refused_at_its_field(client, values, field):
    client.force_login(person(Role.CASE_OFFICER))
    answer = client.post(url("open"), filled(**values))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Round.objects.exists()


def test_the_county_sets_its_own_indicators(client):
    client.force_login(person(Role.CASE_OFFICER))
    other = {"name_10": "", "points_10": "", "name_11": "防災演練", "points_11": "4", "points_1": "14"}
    assert (
        "各項配分加起來要剛好100分，現在是99分。"
        in client.post(url("open"), filled(**other | {"points_1": "13"})).content.decode()
    )
    assert client.post(url("open"), filled(**other)).status_code == 302
    indicators = list(Round.objects.get().indicators.order_by("position").values_list("dimension", "name", "points"))
    assert (len(indicators), sum(points for *_rest, points in indicators)) == (10, 100)
    assert indicators[-1] == ("services", "防災演練", 4)


@pytest.mark.parametrize(
    ("typed", "words"), [("9", "這一項最高"), ("7.5", "分數請填整數"), ("100000", "這一項最高"), ("-1", "負數")]
)
def test_errors_of_points_speak_of_points(client, typed, words):
    OrganisationFactory()
    round_ = a_round()
    client.force_login(round_.opened_by)
    name = f"points_{round_.indicators.order_by('position').first().pk}"
    errors = client.post(url("entry", Entry.objects.get().pk), {name: typed}).context["form"].errors
    assert words in str(errors[name])
    assert "元" not in str(errors[name])


def test_after_scoring_the_round_of_the_same_county_comes_back(client):
    OrganisationFactory()
    round_ = a_round()
    client.force_login(round_.opened_by)
    entry = Entry.objects.get()
    answer = client.post(url("entry", entry.pk), {"comment": "很好"})
    assert answer.url == f"{url('round', 99)}?county={round_.county}"


@pytest.mark.parametrize("typed", ["-1", "9", "x", "1e1"])
def test_points_stay_within_the_indicator(client, typed):
    OrganisationFactory()
    round_ = a_round()
    client.force_login(round_.opened_by)
    name = f"points_{round_.indicators.order_by('position').first().pk}"
    answer = client.post(url("entry", Entry.objects.get().pk), {name: typed})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])


def test_members_see_their_result_only_once_published(client):
    organisation = OrganisationFactory()
    round_ = a_round()
    entry = Entry.objects.get()
    score_fully(entry, 70)
    client.force_login(member_of(organisation))
    page = client.get(url("entry", entry.pk))
    assert (page.context["shown"], page.context["dimensions"]) == (False, [])
    client.post(url("difficulties", entry.pk), {"difficulties": "缺少志工"})
    client.force_login(person(Role.APPROVER))
    client.post(url("publish", round_.roc_year))
    client.force_login(member_of(organisation))
    page = client.get(url("entry", entry.pk))
    assert (page.context["shown"], page.context["total"]) == (
        True,
        sum(i.points * 70 // 100 for i in round_.indicators.all()),
    )
    assert client.get(url("round", round_.roc_year)).status_code == 403


def test_another_association_and_another_county_find_nothing(client):
    OrganisationFactory()
    round_ = a_round()
    entry = Entry.objects.get()
    for user in (member_of(OrganisationFactory()), person(Role.REVIEWER, MIAOLI)):
        client.force_login(user)
        assert client.get(url("entry", entry.pk)).status_code == 404
    client.force_login(person(Role.CASE_OFFICER, MIAOLI))
    assert client.get(url("round", round_.roc_year)).status_code == 404
    assert client.get(url("round", round_.roc_year), {"county": "kaohsiung"}).status_code == 404


def test_the_round_asks_the_same_at_one_and_at_thirty(client):
    OrganisationFactory()
    few, many = a_round(year=2009), None
    OrganisationFactory.create_batch(29)
    many = a_round(year=2010)
    client.force_login(person(Role.AUDITOR))

    def ask(round_):
        with CaptureQueriesContext(connection) as asked:
            page = client.get(url("round", round_.roc_year))
        return len(asked), len(page.context["page"].object_list)

    ask(few)
    (one, shown), (thirty, shown_many) = ask(few), ask(many)
    assert (shown, shown_many) == (1, 15)
    assert thirty == one
