import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from communities import actions
from communities.enums import Office
from communities.models import OfficeTerm, Organisation
from miaoli_kaohsiung.accounts import entry_codes, services
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Invitation, Post, User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock, roc_date
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.services import close

# About three months.
EXTENSION_DAYS = 92
# A board serves four years at most (人民團體法 第20條).
BOARD_YEARS = 4


class TermError(Refused):
    """A term that cannot be recorded or used."""


def last_day_of(valid_from: dt.date) -> dt.date:
    """Return the last day on which a term that begins then may end: four years; 29 February counts as 1 March."""
    try:
        after = valid_from.replace(year=valid_from.year + BOARD_YEARS)
    except ValueError:
        after = dt.date(valid_from.year + BOARD_YEARS, 3, 1)
    return after - dt.timedelta(days=1)


def record_term(
    by: Actor,
    organisation: Organisation,
    *,
    office: str,
    person_name: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    user: User | None = None,
    board_term_number: int | None = None,
    phone: str = "",
    email: str = "",
) -> OfficeTerm:
    """Record who holds an office; with an account, its post goes with it. Raises TermError, accounts PostError.

    There is one chairperson on any day.
    """
    with trail.unit_of_work(by):
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        if office == Office.CHAIRPERSON:
            _refuse_second_chair(organisation, valid_from, valid_to)
        term = OfficeTerm.objects.create(
            organisation=organisation,
            office=office,
            person_name=person_name,
            user=user,
            board_term_number=board_term_number,
            valid_from=valid_from,
            valid_to=valid_to,
            phone=phone,
            email=email,
        )
        if office == Office.CHAIRPERSON:
            before = OfficeTerm.objects.filter(organisation=organisation, office=office).exclude(pk=term.pk)
            close(f"term:{pk}" for pk in before.values_list("pk", flat=True))
        after = trail.snapshot(term, "office", "person_name", "board_term_number", "valid_from", "valid_to")
        trail.record(actions.RECORD_TERM, term, after=after | {"organisation": organisation.name})
        if user:
            _give_post(term, user)
    return term


def end_term(by: Actor, term: OfficeTerm, last_day: dt.date) -> None:
    """Make `last_day` the last day in office; the post ends with it.

    Raises TermError before the first day, and for a chairperson if another one holds the office by then.
    """
    with trail.unit_of_work(by):
        Organisation.objects.select_for_update().get(pk=term.organisation_id)
        term = OfficeTerm.objects.select_for_update().get(pk=term.pk)
        if last_day < term.valid_from:
            raise TermError(_("結束日不能早於任期開始日%(day)s。") % {"day": roc_date.format_roc(term.valid_from)})
        if term.office == Office.CHAIRPERSON:
            _refuse_second_chair(term.organisation, term.valid_from, last_day, but=term)
        before = {"valid_to": term.valid_to}
        term.valid_to = last_day
        term.save(update_fields=["valid_to"])
        trail.record(actions.END_TERM, term, before=before, after={"valid_to": last_day})
        if term.user:
            for post in _posts_of_term(term, term.user):
                services.change_post_days(post, post.valid_from, last_day)


def extend_term(by: Actor, term: OfficeTerm, until: dt.date, memo_number: str) -> None:
    """Let the holder act until the next election, as the county allows by its memo; the post is extended too.

    Each extension is EXTENSION_DAYS at most, counted from today or from the end of the term, whichever is later. Raises
    TermError, for a chairperson also if somebody else holds the office by then.
    """
    with trail.unit_of_work(by):
        Organisation.objects.select_for_update().get(pk=term.organisation_id)
        term = OfficeTerm.objects.select_for_update(of=("self",)).select_related("user").get(pk=term.pk)
        if term.valid_to is None:
            raise TermError(_("這個任期沒有訂最後一天，不用延任。"))
        last = max(term.valid_to, clock.today()) + dt.timedelta(days=EXTENSION_DAYS)
        if until < clock.today() or until <= term.valid_to or until > last:
            days = {"first": roc_date.format_roc(max(term.valid_to, clock.today())), "last": roc_date.format_roc(last)}
            raise TermError(_("延任的最後一天要在 %(first)s 之後，最晚 %(last)s。") % days)
        if term.office == Office.CHAIRPERSON:
            _refuse_second_chair(term.organisation, term.valid_from, until, but=term)
        posts = _posts_of_term(term, term.user) if term.user else []
        before, term.valid_to = {"valid_to": term.valid_to}, until
        term.save(update_fields=["valid_to"])
        trail.record(actions.EXTEND_TERM, term, before=before, after={"valid_to": until, "memo_number": memo_number})
        for post in posts:
            services.change_post_days(post, post.valid_from, until)
        close([f"term:{term.pk}"])


def invite(by: Actor, term: OfficeTerm, email: str) -> Invitation:
    """Send the office holder the link to an account. Raises TermError, accounts InvitationError."""
    if term.user_id:
        raise TermError(_("這位人員已經有帳號。"))
    if term.valid_to and term.valid_to < clock.today():
        raise TermError(_("這個任期已經結束，不能再邀請。"))
    return services.invite(
        by,
        email=email,
        display_name=term.person_name,
        office_term_id=term.pk,
        begins_on=term.valid_from,
        **_post_of(term),
    )


def link(by: Actor, term: OfficeTerm, user: User) -> OfficeTerm:
    """Let an account that the office holder has already go with the term. Raises accounts PostError."""
    with trail.unit_of_work(by):
        term = OfficeTerm.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=term.pk)
        _link(term, user)
        return term


def open_account(by: Actor, term: OfficeTerm) -> User:
    """Return the office holder's account, which is made if there is none: without address and password, with the post of
    the term. A link that was mailed before is void. Raises TermError, accounts PostError.
    """
    with trail.unit_of_work(by):
        term = OfficeTerm.objects.select_for_update(of=("self",)).select_related("user", "organisation").get(pk=term.pk)
        if term.valid_to and term.valid_to < clock.today():
            raise TermError(_("這個任期已經結束，不能再開帳號。"))
        if term.user is None:
            for invitation in Invitation.objects.filter(office_term_id=term.pk, used_at=None):
                services.withdraw_invitation(by, invitation)
            return _link(term, entry_codes.open_account(term.person_name, term.phone))
        return term.user


def accept_invitation(token: str, *, username: str, password: str) -> User:
    """Make the account; a person invited for a term of office gets the post of that term, as it stands today."""
    with trail.unit_of_work(Actor.system(_("帳號邀請"))):
        user, invitation = services.accept_invitation(token, username=username, password=password)
        if invitation.office_term_id is not None:
            term = OfficeTerm.objects.select_for_update().get(pk=invitation.office_term_id)
            if term.user_id is None:
                _link(term, user)
    return user


def _link(term: OfficeTerm, user: User) -> User:
    term.user = user
    term.save(update_fields=["user"])
    trail.record(actions.LINK_TERM, term, after={"user": str(user)})
    _give_post(term, user)
    return user


def _give_post(term: OfficeTerm, user: User) -> None:
    services.record_post(user, valid_from=term.valid_from, **_post_of(term))


def _post_of(term: OfficeTerm) -> dict[str, Any]:
    """Return the post that goes with an office, without its first day."""
    organisation = term.organisation
    return {
        "role": Role.MEMBER,
        "county": organisation.county,
        "organisation_id": organisation.pk,
        "office": term.office,
        "place_name": organisation.name,
        "valid_to": term.valid_to,
    }


def _posts_of_term(term: OfficeTerm, user: User) -> list[Post]:
    posts = Post.objects.filter(user=user, organisation_id=term.organisation_id, office=term.office)
    return list(posts.filter(valid_from=term.valid_from))


def _refuse_second_chair(
    organisation: Organisation, valid_from: dt.date, valid_to: dt.date | None, but: OfficeTerm | None = None
) -> None:
    chairs = OfficeTerm.objects.filter(organisation=organisation, office=Office.CHAIRPERSON)
    chairs = chairs.exclude(pk=but.pk) if but else chairs
    chairs = chairs.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from))
    if valid_to:
        chairs = chairs.filter(valid_from__lte=valid_to)
    if other := chairs.first():
        params = {"name": other.person_name, "head": organisation.head_word}
        raise TermError(_("這段期間已經登錄%(name)s擔任%(head)s，請先結束他的任期。") % params)
