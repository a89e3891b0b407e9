"""Who stands before a case in which post."""

import datetime as dt

import pytest

from grants.enums import ApplicationStatus
from grants.permissions import holds, post_for
from grants.services.awards import decisions
from grants.services.reviews import checks, reviewers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import reviews
from tests.factories.accounts import PostFactory
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.grants import EnvelopeFactory

pytestmark = pytest.mark.django_db


def joins(user, case):
    member_of(case.organisation, user=user)
    # As with the next request: the posts are read anew.
    user.__dict__.pop("_posts", None)


def test_who_belongs_to_the_association_is_a_member_before_its_case_and_nothing_else(people):
    own, other = reviews.filed(), reviews.filed(organisation=OrganisationFactory())
    joins(people.officer, own)
    assert post_for(people.officer, own).role == Role.MEMBER
    refused = holds(people.officer, own, (Role.CASE_OFFICER,))
    assert (bool(refused), "迴避" in refused.reason) == (False, True)
    assert holds(people.officer, other, (Role.CASE_OFFICER,))
    with pytest.raises(Refused, match="迴避"):
        checks.receive(people.officer, own)
    assert checks.receive(people.officer, other).status == ApplicationStatus.COMPLETENESS_CHECK


def test_no_head_approves_the_own_association(people):
    proposal = reviews.proposed(people)
    EnvelopeFactory(scheme=proposal.application.scheme)
    joins(people.head, proposal.application)
    with pytest.raises(Refused, match="迴避"):
        decisions.approve(people.head, proposal.application)
    other = PostFactory(role=Role.APPROVER).user
    assert decisions.approve(other, proposal.application).approved_by == other


def test_no_reviewer_scores_the_own_association(people):
    case = reviews.checked(people)
    joins(people.reviewer, case)
    with pytest.raises(Refused, match="兩年內在申請單位任職"):
        reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 15))
