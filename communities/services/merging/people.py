"""The people of two records that become one: who is in both is one person."""

from communities.enums import OPEN_ENROLMENT, EnrolmentStatus
from communities.models import AssociationPerson, Course, Enrolment, Organisation, Volunteer
from communities.services.training.enrolments import move_up
from communities.workflow.training import move_enrolment
from miaoli_kaohsiung.lib.locks import lock

from . import parts


def _move(kept: Organisation, merged: Organisation) -> int:
    here, moved = {row.folded_name: row for row in kept.people.all()}, 0
    for row in merged.people.all():
        if same := here.get(row.folded_name):
            _join(same, row)
        else:
            AssociationPerson.objects.filter(pk=row.pk).update(organisation=kept)
            moved += 1
    return moved


def _join(kept: AssociationPerson, merged: AssociationPerson) -> None:
    """Give the living person the other one's courses. Where both have a place, a course that is over stays with the
    merged record, so that its hours count once, and the second place of a coming one is given back.
    """
    there = Enrolment.objects.filter(person=kept).exclude(status=EnrolmentStatus.WITHDRAWN).values("course")
    twice = list(Enrolment.objects.filter(person=merged, course__in=there).select_related("person"))
    for enrolment in twice:
        if enrolment.status in OPEN_ENROLMENT:
            enrolment.course = lock(Course.objects.all(), pk=enrolment.course_id)
            move_enrolment(enrolment, EnrolmentStatus.WITHDRAWN)
            move_up(enrolment.course)
    Volunteer.objects.filter(person=merged).update(person=kept)
    Enrolment.objects.filter(person=merged).exclude(pk__in=[row.pk for row in twice]).update(person=kept)


parts.register(parts.Part("communities.associationperson", move=_move))
