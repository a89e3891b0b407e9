"""A board whose term is over goes on where the county allows it: until a day, by a memo, and on record."""

import datetime as dt

import pytest
from django.urls import reverse

from communities.models import OfficeTerm
from communities.queries import lapsed_posts
from communities.services.terms import EXTENSION_DAYS, TermError, extend_term
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of

pytestmark = pytest.mark.django_db
YESTERDAY, LAST = dt.date(2010, 5, 31), dt.date(2010, 6, 1) + dt.timedelta(days=EXTENSION_DAYS)


@pytest.fixture
def term():
    chair = chair_of(OrganisationFactory())
    Post.objects.filter(user=chair).update(valid_to=YESTERDAY)
    OfficeTerm.objects.filter(user=chair).update(valid_to=YESTERDAY)
    return OfficeTerm.objects.get(user=chair)


def extend(term, until=LAST):
    extend_term(Actor.system("test"), term, until, "府社字第0990000001號")


def test_the_chair_acts_again_until_the_day_allowed(term):
    before = User.objects.get(pk=term.user_id)
    assert (posts_of(before), len(lapsed_posts(before))) == ([], 1)
    extend(term)
    after = User.objects.get(pk=term.user_id)
    assert ([post.valid_to for post in posts_of(after)], lapsed_posts(after)) == ([LAST], [])
    entry = AuditEntry.objects.get(action="term.extend")
    assert entry.after == {"valid_to": LAST.isoformat(), "memo_number": "府社字第0990000001號"}


@pytest.mark.parametrize("until", [YESTERDAY, dt.date(2010, 5, 30), LAST + dt.timedelta(days=1)])
def test_not_longer_than_three_months_and_not_backwards(term, until):
    with pytest.raises(TermError, match="延任的最後一天"):
        extend(term, until)


def test_not_where_a_successor_is_elected(client, term):
    client.force_login(person(Role.CASE_OFFICER))
    OfficeTerm.objects.create(
        organisation=term.organisation, office=Office.CHAIRPERSON, person_name="新示範", valid_from=dt.date(2010, 6, 1)
    )
    with pytest.raises(TermError, match="新示範"):
        extend(term)
    way = reverse("communities:term-extend", args=[term.organisation_id, term.pk])
    assert way not in client.get(f"/registry/{term.organisation_id}/").content.decode()


def test_not_where_there_is_no_last_day():
    term = OfficeTerm.objects.get(user=chair_of(OrganisationFactory()))
    with pytest.raises(TermError, match="不用延任"):
        extend(term)


def test_the_officer_does_it_on_the_page_with_the_longest_day_filled_in(client, term):
    client.force_login(person(Role.CASE_OFFICER))
    at = (term.organisation_id, term.pk)
    assert reverse("communities:term-extend", args=at) in client.get(f"/registry/{at[0]}/").content.decode()
    page = client.get(reverse("communities:term-extend", args=at)).content.decode()
    assert 'value="99/9/1"' in page
    posted = {"until": "99年9月1日", "memo_number": ""}
    assert client.post(reverse("communities:term-extend", args=at), posted).status_code == 422
    answer = client.post(reverse("communities:term-extend", args=at), posted | {"memo_number": "府社字第1號"})
    assert answer.status_code == 302
    term.refresh_from_db()
    assert term.valid_to == LAST
