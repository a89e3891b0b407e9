import datetime as dt

import pytest

from communities.enums import Office
from communities.models import OfficeTerm
from communities.queries import term_state
from communities.services import terms
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Invitation, Post
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.accounts.services import InvitationError, open_invitation, withdraw_invitation
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
START, END = dt.date(2009, 3, 1), dt.date(2013, 2, 28)


def chair(organisation, by, **fields):
    values = {"office": Office.CHAIRPERSON, "person_name": "示範長", "valid_from": START, "valid_to": END}
    return terms.record_term(by, organisation, **values | fields)


def test_a_term_with_an_account_gives_the_post_of_the_same_days(organisation, by):
    user = UserFactory()
    chair(organisation, by, user=user)
    (post,) = posts_of(user)
    assert (post.role, post.organisation_id, post.office) == (Role.MEMBER, organisation.pk, Office.CHAIRPERSON)
    assert (post.valid_from, post.valid_to) == (START, END)
    assert post.label == f"{organisation.name} 理事長"


def test_ending_a_term_ends_the_post_on_the_day_after(organisation, by):
    user = UserFactory()
    term = chair(organisation, by, user=user)
    terms.end_term(by, term, dt.date(2010, 6, 1))
    user = type(user).objects.get(pk=user.pk)
    assert len(posts_of(user, dt.date(2010, 6, 1))) == 1
    assert posts_of(user, dt.date(2010, 6, 2)) == []


def test_a_term_does_not_end_before_it_began(organisation, by):
    term = chair(organisation, by)
    with pytest.raises(terms.TermError, match="98年3月1日"):
        terms.end_term(by, term, dt.date(2009, 2, 28))
    assert OfficeTerm.objects.get().valid_to == END


def test_there_is_one_chairperson_on_a_day(organisation, by):
    chair(organisation, by)
    with pytest.raises(terms.TermError, match="示範長"):
        chair(organisation, by, person_name="另一人", valid_from=END, valid_to=dt.date(2017, 2, 28))
    chair(organisation, by, person_name="下一任", valid_from=dt.date(2013, 3, 1), valid_to=dt.date(2017, 2, 28))
    terms.record_term(by, organisation, office=Office.STAFF, person_name="承辦", valid_from=START)
    assert OfficeTerm.objects.count() == 3


def test_a_term_is_not_lengthened_into_the_next_chairs(organisation, by):
    first = chair(organisation, by)
    chair(organisation, by, person_name="下一任", valid_from=dt.date(2013, 3, 1), valid_to=dt.date(2017, 2, 28))
    with pytest.raises(terms.TermError, match="下一任"):
        terms.end_term(by, first, dt.date(2013, 3, 1))
    first.refresh_from_db()
    assert first.valid_to == END
    terms.end_term(by, first, dt.date(2013, 2, 28))


@pytest.mark.parametrize(
    ("last_day", "state"),
    [
        (dt.date(2010, 5, 31), "expired"),
        (dt.date(2010, 6, 1), "expiring"),
        (dt.date(2010, 8, 30), "expiring"),
        (dt.date(2010, 8, 31), "current"),
        (None, "current"),
    ],
)
def test_a_term_is_flagged_ninety_days_ahead(last_day, state):
    assert term_state(OfficeTerm(valid_from=START, valid_to=last_day)) == state


def token_of(mail):
    return mail.body.split("/accounts/invitations/")[1].split("/")[0]


def test_an_invited_chair_gets_an_account_with_the_post_of_the_term(organisation, by, mailoutbox):
    term = chair(organisation, by)
    terms.invite(by, term, "Chair@example.org")
    token = token_of(mailoutbox[0])
    assert mailoutbox[0].to == ["chair@example.org"]
    assert token not in str(Invitation.objects.values())
    user = terms.accept_invitation(token, username="new-chair", password="長長的密碼-88-2010")
    term.refresh_from_db()
    assert term.user == user
    assert [(post.office, post.valid_to) for post in posts_of(user)] == [(Office.CHAIRPERSON, END)]
    with pytest.raises(InvitationError, match="已經用過"):
        terms.accept_invitation(token, username="second", password="長長的密碼-88-2010")
    assert Post.objects.filter(role=Role.MEMBER).count() == 1


def test_a_link_is_good_until_its_last_day(organisation, by, mailoutbox):
    terms.invite(by, chair(organisation, by), "chair@example.org")
    token = token_of(mailoutbox[0])
    with clock.travel(dt.date(2010, 6, 15)):
        assert open_invitation(token).email == "chair@example.org"
    with clock.travel(dt.date(2010, 6, 16)), pytest.raises(InvitationError, match="過期"):
        open_invitation(token)


def test_a_link_taken_back_or_misspelt_opens_nothing(organisation, by, mailoutbox):
    invitation = terms.invite(by, chair(organisation, by), "chair@example.org")
    withdraw_invitation(by, invitation)
    for token in (token_of(mailoutbox[0]), "misspelt"):
        with pytest.raises(InvitationError):
            open_invitation(token)


def test_mail_that_cannot_be_handed_over_leaves_no_invitation(organisation, by, settings):
    settings.EMAIL_BACKEND = "tests.communities.test_services_terms.Broken"
    with pytest.raises(InvitationError, match="寄不出去"):
        terms.invite(by, chair(organisation, by), "chair@example.org")
    assert not Invitation.objects.exists()


class Broken:
    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise OSError("no route")


def test_who_has_an_account_or_whose_term_is_over_is_not_invited(organisation, by):
    with pytest.raises(terms.TermError, match="已經有帳號"):
        terms.invite(by, chair(organisation, by, user=UserFactory()), "a@example.org")
    old = terms.record_term(
        by, organisation, office=Office.STAFF, person_name="前任", valid_from=START, valid_to=dt.date(2010, 5, 31)
    )
    with pytest.raises(terms.TermError, match="已經結束"):
        terms.invite(by, old, "b@example.org")
