"""People of associations, at courses and at the counter, and those who help."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from communities.models import (
    AllianceCoach,
    AssociationPerson,
    CounterVisit,
    CourseFeedback,
    Enrolment,
    OfficeTerm,
    Partner,
    ServiceHours,
    Volunteer,
)
from miaoli_kaohsiung.accounts.models import Post

from .base import GONE, Rule, before, blank, numbered, of_body, some, with_body


def _ended_offices(day: dt.date) -> QuerySet[OfficeTerm]:
    rows = OfficeTerm.objects.filter(some("phone", "email"), valid_to__lte=before(day, "ended_office"))
    return rows.select_related("organisation")


def _visits(day: dt.date) -> QuerySet[CounterVisit]:
    rows = CounterVisit.objects.filter(some("person_name", "said"), day__lte=before(day, "counter_visit"))
    return rows.select_related("organisation", "post")


def _empty_visit(visit: CounterVisit) -> None:
    blank("person_name", "said")(visit)
    Post.objects.filter(pk=visit.post_id).exclude(counter_for="").update(counter_for=GONE)


def _learners(day: dt.date) -> QuerySet[AssociationPerson]:
    last = before(day, "learner")
    whose = {"person": OuterRef("pk")}
    after = (
        Enrolment.objects.filter(course__day__gt=last, **whose),
        Volunteer.objects.filter(Q(left_on=None) | Q(left_on__gt=last), **whose),
        ServiceHours.objects.filter(day__gt=last, volunteer__person=OuterRef("pk")),
    )
    rows = AssociationPerson.objects.exclude(folded_name__startswith=GONE).select_related("organisation")
    return rows.filter(*(~Exists(found) for found in after))


def _empty_learner(row: AssociationPerson) -> None:
    # Two people of a body are never of one name, so the key keeps them apart.
    AssociationPerson.objects.filter(pk=row.pk).update(name=GONE, folded_name=f"{GONE}{row.pk}")


def _opinions(day: dt.date) -> QuerySet[CourseFeedback]:
    rows = CourseFeedback.objects.filter(some("words"), given_on__lte=before(day, "feedback"))
    return rows.select_related("enrolment__course")


def _partners(day: dt.date) -> QuerySet[Partner]:
    held = some("contact_name", "contact_phone")
    return Partner.objects.filter(held, ended_on__lte=before(day, "partner"))


def _coaches(day: dt.date) -> QuerySet[AllianceCoach]:
    rows = AllianceCoach.objects.exclude(name__in=["", GONE]).filter(ended_on__lte=before(day, "coach"))
    return rows.select_related("alliance")


RULES = (
    Rule(
        "ended_office",
        OfficeTerm,
        {"communities.OfficeTerm": ("phone", "email")},
        _ended_offices,
        of_body,
        with_body,
        blank("phone", "email"),
    ),
    Rule(
        "counter_visit",
        CounterVisit,
        {"communities.CounterVisit": ("person_name", "said"), "accounts.Post": ("counter_for",)},
        _visits,
        of_body,
        with_body,
        _empty_visit,
    ),
    Rule(
        "learner",
        AssociationPerson,
        {"communities.AssociationPerson": ("name", "folded_name")},
        _learners,
        of_body,
        with_body,
        _empty_learner,
    ),
    Rule(
        "feedback",
        CourseFeedback,
        {"communities.CourseFeedback": ("words",)},
        _opinions,
        lambda row: str(row.enrolment.course.county),
        lambda row: f"{numbered(row)}　{row.enrolment.course.title}",
        blank("words"),
    ),
    Rule(
        "partner",
        Partner,
        {"communities.Partner": ("contact_name", "contact_phone")},
        _partners,
        lambda row: str(row.county),
        lambda row: f"{numbered(row)}　{row.name}",
        blank("contact_name", "contact_phone"),
    ),
    Rule(
        "coach",
        AllianceCoach,
        {"communities.AllianceCoach": ("name",)},
        _coaches,
        lambda row: str(row.alliance.county),
        lambda row: f"{numbered(row)}　{row.alliance.name}",
        blank("name", value=GONE),
    ),
)
