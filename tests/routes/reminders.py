from grants.enums import DeadlineKind
from grants.services.reminders.rows import unsaved
from miaoli_kaohsiung.accounts.channels import renew_feed
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories.money import approved
from tests.factories.notices import failed_mail, failed_sms

from . import Route, World


def a_reminder(world: World) -> dict:
    return {"county": "kaohsiung", "code": "settlement.asked"}


def a_deadline(world: World) -> dict:
    award = approved(organisation=world.organisation)
    row = unsaved(DeadlineKind.SETTLEMENT, award, clause="K7.2a", due_on=clock.today(), opened_on=clock.today())
    row.save()
    return {"pk": row.pk}


def undelivered(world: World) -> dict:
    """The page with an SMS and a mail that did not arrive."""
    failed_sms(world[Role.MEMBER])
    failed_mail(world[Role.MEMBER])
    return {}


def a_feed(world: World) -> dict:
    return {"token": renew_feed(world[Role.MEMBER]).token}


ROUTES = {
    "grants:reminders": Route(),
    "grants:deliveries": Route(shows=((Role.CASE_OFFICER, undelivered),)),
    "grants:reminder": Route(a_reminder),
    "grants:reminder_edit": Route(a_reminder),
    "grants:calls": Route(),
    "grants:calls_csv": Route(),
    "grants:call": Route(a_deadline),
    "grants:calendar": Route(a_feed),
}
