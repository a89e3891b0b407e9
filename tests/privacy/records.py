"""One record for each term of a disposal list, of which the term began on a day."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.timezone import make_aware

from communities.enums import CounterWay, Office
from communities.models import (
    Alliance,
    AllianceCoach,
    AssociationPerson,
    CounterVisit,
    Course,
    CourseFeedback,
    Enrolment,
    OfficeTerm,
    Organisation,
    Partner,
)
from grants.enums import AwardStatus, SettlementStatus
from grants.models import (
    AgendaItem,
    Application,
    Award,
    ChairCode,
    Conflict,
    PresentationSession,
    PropertyItem,
    ReviewerDetails,
    RosterRow,
    Settlement,
    SettlementLine,
    Voucher,
)
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import IdentityChange, Invitation, User
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.notices.models import Reach
from tests.factories import money
from tests.factories.accounts import KAOHSIUNG, PostFactory, UserFactory, person
from tests.factories.communities import OrganisationFactory
from tests.factories.training import announced

NAME = "陳稀有"


def at(day: dt.date) -> dt.datetime:
    return make_aware(dt.datetime.combine(day, dt.time(10)))


def closed_account(day: dt.date) -> User:
    user = UserFactory(display_name=NAME, phone="0910000001", is_active=False, last_login=at(day))
    PostFactory(user=user, valid_from=dt.date(1990, 1, 1), valid_to=day)
    User.objects.filter(pk=user.pk).update(date_joined=at(day))
    Reach.objects.create(user=user, phone="0910000001")
    return user


def invitation(day: dt.date) -> Invitation:
    return Invitation.objects.create(
        email="rare@example.org", display_name=NAME, token_sha256="a" * 64, role=Role.CASE_OFFICER, county=KAOHSIUNG,
        invited_by=UserFactory(), created_at=at(day), expires_on=day,
    )  # fmt: skip


def identity_change(day: dt.date) -> IdentityChange:
    return IdentityChange.objects.create(
        kind="address", user=UserFactory(), county=KAOHSIUNG, data={"email": "rare@example.org"}, summary=NAME,
        proposed_by=UserFactory(), proposed_at=at(day), expires_on=day, decided_by=UserFactory(), decided_at=at(day),
        confirmed=True,
    )  # fmt: skip


def record_change(day: dt.date) -> Change:
    body = OrganisationFactory()
    data = {"person_name": NAME, "phone": "0910000001", "email": "", "valid_from": "2000-01-01"}
    return Change.objects.create(
        kind="organisation.chair", county=KAOHSIUNG, subject=str(body.pk), title="理事長改選", data=data,
        before={"person_name": "前理事長"}, proposed_by=UserFactory(), proposed_on=day, decided_by=UserFactory(),
        decided_on=day, status=ChangeStatus.CONFIRMED,
    )  # fmt: skip


def reviewer(day: dt.date) -> ReviewerDetails:
    user = UserFactory()
    PostFactory(user=user, role=Role.REVIEWER, valid_from=dt.date(1990, 1, 1), valid_to=day)
    return ReviewerDetails.objects.create(
        reviewer=user, address="旗山鎮稀有路1號", phone="0910000001", tax_id="04595257", bank_account="1",
        updated_on=dt.date(1995, 1, 1),
    )  # fmt: skip


def ended_office(day: dt.date) -> OfficeTerm:
    return OfficeTerm.objects.create(
        organisation=OrganisationFactory(), office=Office.STAFF, person_name=NAME, phone="0910000001", email="rare@example.org",
        valid_from=dt.date(1990, 1, 1), valid_to=day,
    )  # fmt: skip


def counter_visit(day: dt.date) -> CounterVisit:
    body, clerk = OrganisationFactory(), person(Role.TOWNSHIP_OFFICER, township_code="64000300", place_name="公所")
    post = PostFactory(
        user=clerk, role=Role.MEMBER, organisation_id=body.pk, valid_from=day, valid_to=day, counter_for=NAME
    )
    return CounterVisit.objects.create(
        organisation=body, clerk=clerk, post=post, way=CounterWay.values[0], person_name=NAME, office=Office.STAFF,
        said="問補正", began_at=at(day), day=day, ended_at=at(day),
    )  # fmt: skip


def _enrolment(day: dt.date) -> Enrolment:
    course = announced(person(Role.CASE_OFFICER))
    Course.objects.filter(pk=course.pk).update(day=day, enrol_until=day)
    row = AssociationPerson.objects.create(organisation=OrganisationFactory(), name=NAME, folded_name=NAME)
    return Enrolment.objects.create(
        course=course, person=row, pass_code="123456", enrolled_by=UserFactory(), enrolled_at=at(day)
    )


def learner(day: dt.date) -> AssociationPerson:
    return _enrolment(day).person


def feedback(day: dt.date) -> CourseFeedback:
    marks = {"content": 3, "arrangement": 3, "useful": 3}
    return CourseFeedback.objects.create(enrolment=_enrolment(day), words=f"{NAME}老師很好", given_on=day, **marks)


def partner(day: dt.date) -> Partner:
    return Partner.objects.create(
        county=KAOHSIUNG, kind="school", name="示範學校", offers="場地", contact_name=NAME, contact_phone="0910000001",
        entered_on=dt.date(1990, 1, 1), ended_on=day,
    )  # fmt: skip


def coach(day: dt.date) -> AllianceCoach:
    first = dt.date(1990, 1, 1)
    alliance = Alliance.objects.create(
        name="示範結盟", county=KAOHSIUNG, lead=OrganisationFactory(), purpose="學送餐", starts_on=first, ends_on=day,
        proposed_by=UserFactory(), proposed_on=first,
    )  # fmt: skip
    return AllianceCoach.objects.create(
        alliance=alliance, kind="mentor", name=NAME, post="示範大學", field="送餐", starts_on=first, ended_on=day
    )


def _award(day: dt.date, body: Organisation | None = None) -> Award:
    award = money.approved(organisation=body)
    Award.objects.filter(pk=award.pk).update(status=AwardStatus.CLOSED)
    Settlement.objects.filter(award=award).update(accepted_on=day, status=SettlementStatus.ACCEPTED)
    if not Settlement.objects.filter(award=award).exists():
        Settlement.objects.create(award=award, number=award.number, accepted_on=day, status=SettlementStatus.ACCEPTED)
    return award


def case(day: dt.date) -> Application:
    found = _award(day).application
    found.lines.update(person=NAME)
    Conflict.objects.create(application=found, person=UserFactory(), ground="declared", words=NAME, found_on=day)
    names = {"contact_name": NAME, "contact_phone": "0910000001", "contact_email": "rare@example.org"}
    Application.objects.filter(pk=found.pk).update(**names)
    return found


def chair_code(day: dt.date) -> ChairCode:
    case = money.approved().application
    return ChairCode.objects.create(
        application=case, contents="a", chair=NAME, phone="0910000001", code_hash="x", made_by=UserFactory(),
        made_at=at(day), expires_on=day,
    )  # fmt: skip


def accounting(day: dt.date) -> Settlement:
    settlement = _award(day).settlement
    line = settlement.lines.first() or SettlementLine.objects.create(
        settlement=settlement, line=settlement.award.lines.first()
    )
    voucher = Voucher.objects.create(
        settlement=settlement, line=line, position=1, kind="roster", issued_on=day, payee=NAME, payee_tax_id="04595257",
        title="own", amount=1000, purpose="講師", added_by=UserFactory(), added_on=day,
    )  # fmt: skip
    RosterRow.objects.create(
        voucher=voucher, position=1, name=NAME, folded=NAME, month="2000-01", count=Decimal(1), rate=1000, pay=1000
    )
    return settlement


def session_speaker(day: dt.date) -> AgendaItem:
    found = money.approved().application
    session = PresentationSession.objects.create(
        scheme=found.scheme, meeting="簡報", held_on=day, begins_at=dt.time(9), place="縣府", minutes_each=10,
        planned_by=UserFactory(), planned_on=day,
    )  # fmt: skip
    return AgendaItem.objects.create(session=session, application=found, turn=1, came=True, speakers=NAME)


def keeper(day: dt.date) -> PropertyItem:
    settlement = accounting(dt.date(1999, 1, 1))
    return PropertyItem.objects.create(
        organisation=settlement.award.application.organisation, award=settlement.award, line=settlement.lines.first(),
        number="P-1", name="投影機", amount=1000, acquired_on=dt.date(1990, 1, 1), keeper=NAME, written_off_on=day,
        written_off_because="壞了",
    )  # fmt: skip


RECORDS: dict[str, Callable[[dt.date], Any]] = {
    made.__name__: made
    for made in (
        closed_account, invitation, identity_change, record_change, reviewer, ended_office, counter_visit, learner,
        feedback, partner, coach, case, chair_code, accounting, session_speaker, keeper,
    )
}  # fmt: skip
