"""A draft that was filled in with an older form is gone on with in the new one: nothing is lost, nothing breaks."""

import pytest
from django.urls import reverse

from grants.models import Application
from grants.queries.applications import completeness
from grants.services.applications import drafts, filing
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.grants import terms_of

from .filing import file, ready_case
from .test_scheme_data import PLACE, PLAN

pytestmark = pytest.mark.django_db

# What an older form asked: a question that is gone, one that was a list, one whose words were others.
OLDER = {"own_9": "十坪", "groups": "growth", "activity": "weekly", "course": None}


@pytest.fixture
def body():
    return OrganisationFactory()


@pytest.fixture
def chair(body):
    return chair_of(body)


@pytest.fixture
def draft(body, chair) -> Application:
    case = ready_case(body, chair)
    Application.objects.filter(pk=case.pk).update(answers=case.answers | OLDER)
    return Application.objects.get(pk=case.pk)


STEPS = ["application_edit", "application_project", "application_budget", "application_documents", "application_review"]


@pytest.mark.parametrize("step", ["application_detail", *STEPS])
def test_every_page_of_it_opens(client, chair, draft, step):
    client.force_login(chair)
    answer = client.get(reverse(f"grants:{step}", args=[draft.number]), follow=True)
    assert answer.status_code == 200


def test_what_the_new_form_does_not_ask_is_kept(chair, draft):
    saved = drafts.save_step(chair, draft, {"answers": {"activity": "regular"}}, edition=draft.edition)
    saved.refresh_from_db()
    assert (saved.answers["own_9"], saved.answers["activity"]) == ("十坪", "regular")


def test_a_question_and_a_paper_that_are_new_are_asked_before_filing(chair, draft):
    Application.objects.filter(pk=draft.pk).update(
        answers=draft.answers | {"groups": ["growth"], "activity": "regular", "course": False}
    )
    terms_of(draft.scheme, questions=[PLACE], papers=[PLAN])
    case = Application.objects.get(pk=draft.pk)
    words = " ".join(gap.message for gap in completeness.gaps(case))
    assert (PLACE["label"] in words, PLAN["name"] in words) == (True, True)
    with pytest.raises(filing.NotReadyError):
        file(chair, case)
    case.refresh_from_db()
    assert (case.status, case.goal, case.lines.get().requested) == ("draft", "讓長輩走出家門", 10_000)
