"""Whom to tell about an award's money, and the one way of telling them."""

from collections.abc import Iterable
from zlib import crc32

from grants.models import Application, Award
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices import services as notices


def members(case: Application) -> list[User]:
    """Everybody who holds an office of the association today."""
    return holders_of(Role.MEMBER, organisation_id=case.organisation_id)


def officers(case: Application) -> list[User]:
    """The case's own officer while that person holds the post, else all case officers of the county."""
    everybody = holders_of(Role.CASE_OFFICER, county=case.county)
    return [user for user in everybody if user.pk == case.officer_id] or everybody


def finance(case: Application) -> list[User]:
    return holders_of(Role.FINANCE_OFFICER, county=case.county)


def approvers(case: Application) -> list[User]:
    return holders_of(Role.APPROVER, county=case.county)


def tell(award: Award, people: Iterable[User], kind: str, key: str, subject: str, body: str, url: str) -> None:
    """Tell each of them today; the same (kind, key) with the same words on the same day is told once.

    Other words are another notice: what was sent back twice on one day had two reasons.
    """
    case = award.application
    key = f"{key[:90]}:{crc32(body.encode()):08x}"
    for person in people:
        notices.tell(
            person,
            kind,
            key,
            clock.today(),
            f"{subject}：{award.number} {case.organisation.name}",
            body,
            url,
        )


def tell_case(case: Application, people: Iterable[User], kind: str, subject: str, body: str, url: str = "") -> None:
    """Tell each of them about a case before there is an award; the same (kind, case) with the same words on the same
    day is told once.
    """
    for person in people:
        notices.tell(
            person,
            f"application.{kind}",
            f"application:{case.number}:{crc32(body.encode()):08x}",
            clock.today(),
            f"{subject}：{case.number} {case.organisation.name}",
            body,
            url or f"/applications/{case.number}/",
        )
