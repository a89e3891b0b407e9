from .people import AssociationPerson
from .registry import (
    CounterVisit,
    ImportRow,
    KeptPaper,
    OfficeTerm,
    Organisation,
    RegistryImport,
    TierDecision,
    Township,
    TownshipName,
)
from .requests import AccountRequest, RequestPaper
from .training import Course, CourseFeedback, CourseFile, Enrolment
from .volunteers import ServiceHours, Volunteer, VolunteerTeam

__all__ = [
    "AccountRequest",
    "AssociationPerson",
    "CounterVisit",
    "Course",
    "CourseFeedback",
    "CourseFile",
    "Enrolment",
    "ImportRow",
    "KeptPaper",
    "OfficeTerm",
    "Organisation",
    "RegistryImport",
    "RequestPaper",
    "ServiceHours",
    "TierDecision",
    "Township",
    "TownshipName",
    "Volunteer",
    "VolunteerTeam",
]
