from .alliances import Alliance, AllianceCoach, AllianceMember, LearningEntry, MentorVisit, VisitPhoto
from .centres import ActivityCentre, CentreItem, CentreRecord
from .partners import Partner, PartnerHelp
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
    "ActivityCentre",
    "Alliance",
    "AllianceCoach",
    "AllianceMember",
    "AssociationPerson",
    "CentreItem",
    "CentreRecord",
    "CounterVisit",
    "Course",
    "CourseFeedback",
    "CourseFile",
    "Enrolment",
    "ImportRow",
    "KeptPaper",
    "LearningEntry",
    "MentorVisit",
    "OfficeTerm",
    "Organisation",
    "Partner",
    "PartnerHelp",
    "RegistryImport",
    "RequestPaper",
    "ServiceHours",
    "TierDecision",
    "Township",
    "TownshipName",
    "VisitPhoto",
    "Volunteer",
    "VolunteerTeam",
]
