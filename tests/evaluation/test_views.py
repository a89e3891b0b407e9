import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import TierDecision
from communities.services.organisations import index
from evaluation.forms.rounds import RoundForm
from evaluation.models import Entry, Round, Sheet
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.evaluation import a_round, a_sheet, published, score_fully

pytestmark = pytest.mark.django_db

DAYS = {"self_until": "99/6/30", "visits_until": "99/7/31", "closes_on": "99/8/15"}
FIRST = "points_%s"


def url(name, *args):
    return reverse(f"evaluation:{name}", args=args)


def filled(**changes):
    """The form as the page offers it, with changes."""
    form = RoundForm()
    offered = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    values = offered | DAYS | {"year": "99", "rows": str(len(form.numbers))} | changes
    return {name: value for name, value in values.items() if value is not None}


def marks(sheet, value, **more):
    """What the page of a sheet posts, with `value` for the first indicator."""
    first = sheet.entry.round.indicators.first()
    return {f"points_{first.pk}": value, "edition": str(Sheet.objects.get(pk=sheet.pk).edition), "seen": "", **more}


def test_from_opening_to_published_tiers(client):
    organisation = OrganisationFactory()
    officer, judge, head = (person(role) for role in (Role.CASE_OFFICER, Role.REVIEWER, Role.APPROVER))
    client.force_login(officer)
    assert client.post(url("open"), filled(excellent_from="85")).url == f"{url('panel', 99)}?county=kaohsiung"
    page = client.post(url("panel", 99), {"judges": [judge.pk], "townships": [organisation.township_id]})
    assert page.status_code == 302
    sheet = Sheet.objects.get()
    client.force_login(judge)
    assert client.post(url("interest", sheet.pk), {"interest": "none"}).url == url("sheet", sheet.pk)
    points = {f"points_{indicator.pk}": indicator.points for indicator in Round.objects.get().indicators.all()}
    answer = client.post(url("sheet", sheet.pk), points | {"comment": "很好", "edition": "0", "command": "submit"})
    assert answer.url == f"{url('round', 99)}?county=kaohsiung"
    client.force_login(head)
    assert client.post(url("publish", 99)).status_code == 403
    client.force_login(officer)
    client.post(url("close", 99))
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
        ({"decimals": "3"}, "decimals"),
        ({"self_until": "99/5/31"}, "self_until"),
        ({"visits_until": "99/6/29"}, "visits_until"),
        ({"closes_on": "99/7/30"}, "closes_on"),
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


def test_the_county_sets_its_own_indicators_as_many_as_it_likes_and_finds_them_again_next_year(client):
    client.force_login(person(Role.CASE_OFFICER))
    more = client.post(url("open"), filled(more="1", points_1="1"))
    assert (more.status_code, len(more.context["form"].numbers)) == (200, 17)
    assert more.context["form"]["points_1"].value() == "1"
    many = {"rows": "25", "points_7": "5"} | {
        f"{part}_{number}": value
        for number in range(11, 26)
        for part, value in (("dimension", "services"), ("name", f"指標{number}"), ("points", "1"))
    }
    wrong = client.post(url("open"), filled(**many | {"points_1": "7"})).content.decode()
    assert "各項配分加起來要剛好100分，現在是99分。" in wrong
    assert client.post(url("open"), filled(**many, year="98", excellent_from="77")).status_code == 302
    assert Round.objects.get().indicators.count() == 25
    offered = client.get(url("open")).context["form"]
    assert (offered["name_25"].value(), offered["excellent_from"].value()) == ("指標25", "77")


def test_days_are_changed_and_stay_in_order(client):
    round_ = a_round()
    client.force_login(round_.opened_by)
    answer = client.post(url("days", 99), DAYS | {"closes_on": "99/7/1"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["closes_on"])
    assert client.post(url("days", 99), DAYS).url == f"{url('round', 99)}?county=kaohsiung"
    assert str(Round.objects.get().closes_on) == "2010-08-15"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("9", "這一項最高8分"),
        ("7.3", "半分為單位"),
        ("100000", "這一項最高"),
        ("-1", "負數"),
        ("x", "阿拉伯數字"),
        ("1e1", "阿拉伯數字"),
    ],
)
def test_points_that_cannot_be_read_are_refused_at_their_field_and_the_rest_is_kept(client, typed, words):
    OrganisationFactory()
    sheet = a_sheet(a_round().entries.get())
    client.force_login(sheet.judge)
    answer = client.post(url("sheet", sheet.pk), marks(sheet, typed, comment="看過帳冊"))
    errors = answer.context["form"].errors
    first = sheet.entry.round.indicators.first()
    assert (answer.status_code, list(errors)) == (422, [f"points_{first.pk}"])
    assert words in str(errors)
    assert "元" not in str(errors)
    sheet.refresh_from_db()
    assert (sheet.comment, sheet.scores.count()) == ("看過帳冊", 0)


def test_two_windows_lose_nothing(client):
    """The second window is asked about what both wrote; what only one wrote is kept."""
    OrganisationFactory()
    sheet = a_sheet(a_round().entries.get())
    client.force_login(sheet.judge)
    seen = client.get(url("sheet", sheet.pk)).context["seen"]
    client.post(url("sheet", sheet.pk), marks(sheet, "7.5", seen=seen))
    answer = client.post(url("sheet", sheet.pk), marks(sheet, "3", seen=seen, edition="0", comment="只有這邊寫"))
    assert answer.status_code == 409
    first = sheet.entry.round.indicators.first()
    conflict = answer.context["conflicts"][0]
    assert (conflict.name, conflict.mine, conflict.stored) == (f"points_{first.pk}", "3", "7.5")
    assert "只有這邊寫" in answer.content.decode()
    late = client.post(
        url("sheet", sheet.pk), marks(sheet, "3", seen=seen, edition="0"), headers={"Accept": "application/json"}
    )
    assert (late.status_code, "conflicts" in late.json()) == (409, True)
    assert sheet.scores.get().points == 7.5


def test_a_submitted_sheet_leads_to_the_next_that_waits(client):
    OrganisationFactory.create_batch(2)
    judge = person(Role.REVIEWER)
    first, second = (a_sheet(entry, judge) for entry in a_round().entries.order_by("organisation__name"))
    client.force_login(judge)
    whole = {f"points_{row.pk}": "1" for row in first.entry.round.indicators.all()} | {
        "edition": "0",
        "command": "submit",
    }
    assert client.post(url("sheet", first.pk), whole).url == url("sheet", second.pk)
    lacking = client.post(url("sheet", second.pk), marks(second, "1", command="submit"))
    assert (lacking.status_code, "還有9項沒有評分" in lacking.content.decode()) == (422, True)


def test_members_see_their_result_only_once_published_and_never_who_gave_it(client):
    organisation = OrganisationFactory()
    round_ = a_round()
    entry = Entry.objects.get()
    sheet = score_fully(entry, 70)
    client.force_login(member_of(organisation))
    page = client.get(url("entry", entry.pk))
    assert (page.context["shown"], page.context["dimensions"], "資料齊全" in page.content.decode()) == (
        False,
        [],
        False,
    )
    client.post(url("difficulties", entry.pk), {"difficulties": "缺少志工"})
    assert Entry.objects.get().difficulties == "缺少志工"
    published(person(Role.APPROVER), round_)
    page = client.get(url("entry", entry.pk))
    assert (page.context["shown"], page.context["total"]) == (
        True,
        sum(i.points * 70 // 100 for i in round_.indicators.all()),
    )
    text = page.content.decode()
    assert ("資料齊全" in text, str(sheet.judge) in text) == (True, False)
    assert client.get(url("round", round_.roc_year)).status_code == 403


def test_another_association_judge_or_county_finds_nothing(client):
    OrganisationFactory()
    round_ = a_round()
    entry = Entry.objects.get()
    sheet = a_sheet(entry)
    for user in (member_of(OrganisationFactory()), person(Role.REVIEWER), person(Role.REVIEWER, MIAOLI)):
        client.force_login(user)
        assert client.get(url("entry", entry.pk)).status_code == 404
        assert client.get(url("sheet", sheet.pk)).status_code in (403, 404)
    client.force_login(person(Role.CASE_OFFICER, MIAOLI))
    assert client.get(url("round", round_.roc_year)).status_code == 404
    assert client.get(url("round", round_.roc_year), {"county": "kaohsiung"}).status_code == 404


def test_ticked_associations_are_assigned_and_the_list_narrows(client):
    OrganisationFactory.create_batch(3)
    round_ = a_round()
    client.force_login(round_.opened_by)
    ticked = [str(entry.pk) for entry in Entry.objects.order_by("pk")[:2]]
    leads = client.post(url("round", 99), {"act": "assign", "row": ticked}).url
    assert leads == f"{url('panel', 99)}?county=kaohsiung&entries={','.join(ticked)}"
    judge = person(Role.REVIEWER)
    assert "請勾選評鑑委員" in client.post(leads, {}).content.decode()
    assert client.post(leads, {"judges": [judge.pk]}).status_code == 302
    assert sorted(Sheet.objects.values_list("entry", flat=True)) == sorted(map(int, ticked))
    for state, count in (("without", 1), ("waiting", 2), ("complete", 0), ("not_evaluated", 0)):
        page = client.get(url("round", 99), {"state": state})
        assert page.context["list"].table.paginator.count == count, state


def test_the_round_asks_the_same_at_one_and_at_thirty(client):
    OrganisationFactory()
    few = a_round(year=2009)
    OrganisationFactory.create_batch(29)
    many = a_round(year=2010)
    client.force_login(person(Role.AUDITOR))

    def ask(round_):
        with CaptureQueriesContext(connection) as asked:
            page = client.get(url("round", round_.roc_year))
        return len(asked), page.context["list"].table.paginator.count

    ask(few)
    (one, shown), (thirty, shown_many) = ask(few), ask(many)
    assert (shown, shown_many) == (1, 30)
    assert thirty == one


def test_difficulties_are_counted_by_theme_listed_and_taken_away_as_a_file(client):
    bodies = OrganisationFactory.create_batch(2)
    round_ = a_round()
    for body, themes in zip(bodies, (["people", "money"], ["people"]), strict=True):
        client.force_login(member_of(body))
        entry = round_.entries.get(organisation=body)
        client.post(url("difficulties", entry.pk), {"difficulties": "志工都七十歲了", "themes": themes})
    client.force_login(round_.opened_by)
    page = client.get(url("difficulty-list", 99))
    assert [(code, count) for code, _label, count in page.context["themes"]] == [("people", 2), ("money", 1)]
    narrowed = client.get(url("difficulty-list", 99), {"theme": "money"})
    assert narrowed.context["list"].table.paginator.count == 1
    file = client.post(url("difficulty-list", 99) + "?theme=money", {"export": "csv"})
    text = b"".join(file.streaming_content if file.streaming else [file.content]).decode("utf-8-sig")
    assert ("人力、志工不足、經費不足" in text, bodies[0].name in text, bodies[1].name in text) == (True, True, False)


def test_the_page_of_results_shows_tiers_judges_who_is_apart_and_who_is_not_in_the_round(client):
    first, _second = OrganisationFactory.create_batch(2)
    round_ = a_round()
    entry = round_.entries.get(organisation=first)
    lenient, strict = score_fully(entry, 100), score_fully(entry, 60)
    later = OrganisationFactory()
    client.force_login(round_.opened_by)
    page = client.get(url("results", 99))
    text = page.content.decode()
    assert [(count, percent) for _label, count, percent in page.context["tiers"]] == [(0, 0), (1, 100), (0, 0)]
    assert [(str(line.leniency)) for line in page.context["spread"].judges if line.person == lenient.judge] == ["44.0"]
    assert page.context["spread"].apart[0].judges == sorted([str(lenient.judge), str(strict.judge)])
    assert later.name in text
    client.post(url("take-in", 99), {"organisation": later.pk})
    assert round_.entries.count() == 3


def test_days_are_not_moved_before_the_opening(client):
    OrganisationFactory()
    found = a_round()
    client.force_login(found.opened_by)
    address = f"{url('days', 99)}?county=kaohsiung"
    answer = client.post(address, DAYS | {"self_until": "99/5/31"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["self_until"])
    assert client.post(address, DAYS | {"self_until": "99/6/1"}).status_code == 302


def test_ticked_rows_that_are_gone_are_no_rows(client):
    OrganisationFactory()
    found = a_round()
    client.force_login(found.opened_by)
    answer = client.post(f"{url('round', 99)}?county=kaohsiung", {"act": "assign", "row": "999999"}, follow=True)
    assert "請先勾選要辦的列。" in answer.content.decode()


def test_the_list_is_sorted_by_the_points_that_it_shows_and_found_however_a_name_is_written(client):
    names = ("旗山鎮甲社區發展協會", "旗山鎮台糖社區發展協會", "旗山鎮乙社區發展協會", "旗山鎮丙社區發展協會")
    bodies = [OrganisationFactory(name=name) for name in names]
    index(bodies)
    found, judge = a_round(), person(Role.REVIEWER)
    entries = [found.entries.get(organisation=body) for body in bodies]
    for entry, percent in zip(entries, (50, 100, 80), strict=False):
        score_fully(entry, percent, judge)
    client.force_login(person(Role.APPROVER))

    def shown(**query):
        table = client.get(url("round", 99), {"county": "kaohsiung", **query}).context["list"].table
        return [row.record.organisation for row in table.rows]

    assert shown(sort="points") == [bodies[0], bodies[2], bodies[1], bodies[3]]
    assert shown(sort="-points") == [bodies[1], bodies[2], bodies[0], bodies[3]]
    assert shown(q="臺糖") == [bodies[1]]
    assert shown(q="旗山區台糖") == [bodies[1]]


def test_an_association_reads_what_it_got_of_how_many(client):
    body = OrganisationFactory()
    found, head = a_round(), person(Role.APPROVER)
    entry = found.entries.get()
    score_fully(entry, 50)
    published(head, found)
    client.force_login(member_of(body))
    page = client.get(url("entry", entry.pk)).content.decode()
    assert [words in page for words in ("10 分（滿分 20 分）", "30 分（滿分 60 分）")] == [True, True]
