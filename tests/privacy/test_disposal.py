"""What is over is put on a list on its day, by nobody's leave but two people's, and leaves no trace of what it was."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.serializers import serialize
from django.urls import reverse
from django.utils.timezone import make_aware

from grants.rules.days import anniversary
from grants.services import daily
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.services import confirm
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from miaoli_kaohsiung.privacy import register, services
from miaoli_kaohsiung.privacy.models import DisposalItem, DisposalList
from miaoli_kaohsiung.privacy.register import End
from miaoli_kaohsiung.privacy.rules import BY_TERM, RULES
from tests.factories.accounts import MIAOLI, person

from .records import NAME, RECORDS, ended_office

pytestmark = pytest.mark.django_db
ENDED = dt.date(2000, 3, 15)
# These are reckoned in whole years after the year in which they ended.
WHOLE_YEARS = {"case", "accounting"}


def over_on(term: str) -> dt.date:
    years = register.terms()[term].number
    return dt.date(ENDED.year + years + 1, 1, 1) if term in WHOLE_YEARS else anniversary(ENDED, years)


def test_every_term_of_a_list_has_its_rule_and_its_columns():
    promised: dict[str, set[tuple[str, str]]] = {}
    for held in register.every():
        if held.term.end == End.LIST:
            promised.setdefault(held.term.code, set()).update((held.label, name) for name in held.names)
    done = {rule.term: {(label, name) for label, names in rule.columns.items() for name in names} for rule in RULES}
    assert done == promised
    assert set(RECORDS) == set(done)


@pytest.mark.parametrize("term", RECORDS)
def test_a_record_is_over_on_its_day_and_empty_afterwards(term):
    rule, record = BY_TERM[term], RECORDS[term](ENDED)
    day = over_on(term)
    assert record in rule.due(day)
    assert record not in rule.due(day - dt.timedelta(days=1))
    assert NAME not in rule.title(record)
    assert rule.county(record) == "kaohsiung"
    rule.empty(record)
    assert record not in rule.due(day)
    for label, names in rule.columns.items():
        rows = list(apps.get_model(label)._base_manager.values(*names))
        assert NAME not in str(rows)
        assert "0910000001" not in str(rows)
        assert "rare@example.org" not in str(rows)


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


@pytest.fixture
def head():
    return person(Role.APPROVER)


@pytest.fixture
def drawn_up(officer) -> DisposalList:
    """A list with the telephone of somebody whose term ended on the day, five years ago."""
    ended_office(dt.date(2005, 6, 1))
    assert services.draw_up(dt.date(2010, 6, 1)) == 1
    return DisposalList.objects.get()


def test_the_daily_jobs_draw_it_up_and_notify_the_officer_once(officer):
    ended_office(dt.date(2005, 6, 2))
    assert daily.run(dt.date(2010, 6, 1))["disposal"] == 0
    assert daily.run(dt.date(2010, 6, 2))["disposal"] == 1
    assert daily.run(dt.date(2010, 6, 3))["disposal"] == 0
    assert Notice.objects.filter(kind="privacy.disposal", recipient=officer).count() == 1
    assert DisposalItem.objects.get().term == "ended_office"


def test_two_people_carry_it_out_and_the_trail_does_not_say_what_it_was(drawn_up, officer, head):
    term = ended_office(dt.date(2009, 6, 1))
    over = BY_TERM["ended_office"].due(dt.date(2010, 6, 1)).get()
    change = services.put_forward(officer, drawn_up)
    with pytest.raises(Refused):
        confirm(officer, change)
    over.refresh_from_db()
    assert over.phone == "0910000001"
    confirm(head, change)
    over.refresh_from_db()
    assert (over.phone, over.person_name) == ("", NAME)
    term.refresh_from_db()
    assert term.phone == "0910000001"
    drawn_up.refresh_from_db()
    assert (drawn_up.carried_out_on, drawn_up.items.get().carried_out) == (dt.date(2010, 6, 1), True)
    entry = AuditEntry.objects.get(action="privacy.disposal.item")
    assert entry.after == {
        "columns": ["communities.OfficeTerm.phone", "communities.OfficeTerm.email"],
        "record": over.pk,
    }
    written = serialize("json", [*AuditEntry.objects.all(), *DisposalItem.objects.all(), *Notice.objects.all()])
    assert "0910000001" not in written
    assert NAME not in written


def test_what_is_still_needed_stays_and_comes_back_a_year_later(drawn_up, officer, head):
    kept = drawn_up.items.get()
    other = ended_office(dt.date(2005, 5, 1))
    services.draw_up(dt.date(2010, 6, 1))
    assert drawn_up.items.count() == 2
    assert services.leave_out(officer, drawn_up, {kept.pk: "訴願中"}) == 1
    confirm(head, services.put_forward(officer, drawn_up))
    other.refresh_from_db()
    assert other.phone == ""
    assert BY_TERM["ended_office"].due(dt.date(2010, 6, 1)).get().pk == kept.key
    assert services.draw_up(dt.date(2011, 5, 31)) == 0
    assert services.draw_up(dt.date(2011, 6, 1)) == 1


def test_nothing_is_put_forward_from_an_empty_list(drawn_up, officer):
    services.leave_out(officer, drawn_up, {drawn_up.items.get().pk: "訴願中"})
    with pytest.raises(Refused, match="沒有要銷毀"):
        services.put_forward(officer, drawn_up)


def test_a_list_that_waits_is_not_changed(drawn_up, officer):
    services.put_forward(officer, drawn_up)
    ended_office(dt.date(2005, 5, 1))
    assert services.draw_up(dt.date(2010, 6, 1)) == 0
    with pytest.raises(Refused, match="正在等"):
        services.leave_out(officer, drawn_up, {drawn_up.items.get().pk: "訴願中"})


def test_a_record_that_began_anew_is_left_alone(drawn_up, officer, head):
    change = services.put_forward(officer, drawn_up)
    over = BY_TERM["ended_office"].due(dt.date(2010, 6, 1)).get()
    type(over).objects.filter(pk=over.pk).update(valid_to=dt.date(2010, 1, 1))
    confirm(head, change)
    over.refresh_from_db()
    assert (over.phone, drawn_up.items.get().carried_out) == ("0910000001", False)


def test_another_county_neither_proposes_nor_sees_it(drawn_up, client):
    stranger = person(Role.CASE_OFFICER, MIAOLI)
    with pytest.raises(Refused):
        services.put_forward(stranger, drawn_up)
    client.force_login(stranger)
    assert client.get(services._url(drawn_up)).status_code == 404


def test_a_draft_is_over_after_three_years_and_a_refused_case_after_ten_whole_ones():
    draft, refused = RECORDS["case"](dt.date(2010, 6, 1)), RECORDS["case"](dt.date(2010, 6, 1))
    cases, due = type(draft).objects, BY_TERM["case"].due
    cases.filter(pk=draft.pk).update(status="draft", updated_at=make_aware(dt.datetime(2007, 6, 1, 9)))
    cases.filter(pk=refused.pk).update(status="rejected", status_since=dt.date(2000, 1, 1))
    assert draft not in due(dt.date(2010, 5, 31))
    assert set(due(dt.date(2010, 6, 1))) == {draft}
    assert refused not in due(dt.date(2010, 12, 31))
    assert set(due(dt.date(2011, 1, 1))) == {draft, refused}


def test_the_pages_show_whose_it_is_until_it_is_gone(drawn_up, officer, head, client):
    client.force_login(officer)
    address = services._url(drawn_up)
    page = client.get(address).content.decode()
    assert NAME in page
    item = drawn_up.items.get()
    answer = client.post(address, {f"reason_{item.pk}": "訴願中"})
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.left_out == "訴願中"
    client.post(address, {f"reason_{item.pk}": ""})
    answer = client.post(reverse("privacy:disposal-propose", args=[drawn_up.pk]))
    assert "卸任滿5年" in client.get(answer.url).content.decode()
    confirm(head, Change.objects.get())
    page = client.get(address).content.decode()
    assert "已刪除" in page
    assert NAME not in page
