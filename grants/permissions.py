"""Who may do what with a case. Scope comes first: a post counts only for its own county, township or organisation."""

import datetime as dt
from dataclasses import dataclass
from typing import cast

from django.utils.translation import gettext as _

from communities.enums import Office
from communities.models import Organisation
from communities.queries import lapsed_posts
from grants.enums import EDITABLE
from miaoli_kaohsiung.accounts.audiences import EVERY_ROLE, Who, each
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import counter_posts, ever_held, posts_of
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny
from miaoli_kaohsiung.lib.roc_date import format_roc

from .enums import ApplicationStatus
from .models import Application, Conflict, Duty, Letter, Scheme


@dataclass(frozen=True)
class CountyGround:
    """Stands in for a case where there is none, as the ground of scope: a ruling or duty of a county or an association."""

    county: str
    number: str = ""
    organisation_id: int | None = None
    township_code: str = ""
    officer_id: int | None = None


def duty_ground(duty: Duty) -> Application:
    """Return the ground for acting on a duty: its case, else its association or the county in the place of a case."""
    if duty.application:
        return duty.application
    township = duty.organisation.township_id if duty.organisation else ""
    return cast("Application", CountyGround(duty.county, "", duty.organisation_id, township or ""))


def body_ground(organisation: Organisation) -> Application:
    """Return the ground for what belongs to an association itself, in the place of a case."""
    return cast("Application", CountyGround(organisation.county, "", organisation.pk, organisation.township_id or ""))


def letter_ground(letter: Letter) -> Application:
    """Return the ground for acting on a letter: its case, else its association or the county in the place of a case."""
    if letter.application:
        return letter.application
    township = letter.organisation.township_id if letter.organisation else ""
    return cast("Application", CountyGround(letter.county, "", letter.organisation_id, township or ""))


def in_scope(post: Post, case: Application) -> bool:
    """Return whether the post reaches this case: as the organisation's own, the township's, or the county's."""
    if post.role == Role.MEMBER:
        return post.organisation_id == case.organisation_id
    if post.role == Role.TOWNSHIP_OFFICER:
        return post.county == case.county and post.township_code == case.township_code
    if post.role == Role.ADMINISTRATOR:
        return False
    return post.county == case.county


def post_for(user: User, case: Application, who: Who = EVERY_ROLE) -> Post | None:
    """Return the post among `who` in which the user acts on this case, or None.

    A person who belongs to the association is only a member towards its case, whatever other posts they hold (行政程序法32:
    a party does not decide); so is somebody with an interest in it. A deputy of the case's officer acts as that; else
    one's own post comes before another's.
    """
    party = _belongs(user, case) or has_conflict(user, case)
    wanted = [role for role in each(who) if role == Role.MEMBER or not party]
    found = [post for post in posts_of(user) if post.role in wanted and in_scope(post, case)]
    return min(found, key=lambda post: not _stands_for_officer(post, case), default=None)


def _stands_for_officer(post: Post, case: Application) -> bool:
    return post.stands_for is not None and post.stands_for.user_id == case.officer_id


def officer_for(user: User, case: Application) -> User:
    """Return whose case it becomes when this case officer takes it: a deputy takes it for the absent one."""
    post = post_for(user, case, Role.CASE_OFFICER)
    return post.stands_for.user if post and post.stands_for else user


def _belongs(user: User, case: Application) -> bool:
    return any(post.role == Role.MEMBER and in_scope(post, case) for post in posts_of(user))


def has_conflict(user: User, case: Application) -> bool:
    """Return whether the person has an interest in this case, declared or found. Only reviewers are asked and compared."""
    if not isinstance(case, Application) or not ever_held(user, Role.REVIEWER):
        return False
    return Conflict.holding.filter(application=case, person=user.pk).exists()


def actor_for(user: User, case: Application, who: Who = EVERY_ROLE) -> Actor:
    """Return the user with the post that the trail shall name."""
    post = post_for(user, case, who)
    return Actor(user, post.label if post else "")


def holds(user: User, case: Application, who: Who) -> Answer:
    """Allow if one of the user's posts is among `who` and reaches the case."""
    wanted = each(who)
    if post_for(user, case, wanted):
        return ALLOW
    if Role.MEMBER in wanted and (post := _lapsed(user, case)):
        assert post.valid_to is not None
        params = {"day": format_roc(post.valid_to), "head": case.organisation.head_word}
        return deny(
            _("您的%(head)s任期到 %(day)s，現在只能看，不能辦理。請辦理改選，或請縣府承辦人登錄延任。") % params
        )
    if Role.MEMBER not in wanted and _belongs(user, case):
        return deny(_("您是申請單位的人員，要迴避，請由別的同仁辦理。"))
    if has_conflict(user, case):
        return deny(_("您和這一件有利害關係，要迴避，請由別的同仁辦理。"))
    names = "、".join(str(role.label) for role in wanted)
    return deny(_("這個步驟由%(roles)s辦理，您目前的職務不能代為辦理。") % {"roles": names})


def _lapsed(user: User, case: Application) -> Post | None:
    """Return the user's post as chairperson of the association if the term is over with nobody elected since."""
    return next((post for post in lapsed_posts(user) if post.organisation_id == case.organisation_id), None)


def is_chair(user: User, case: Application) -> Answer:
    """Allow the chairperson in office to confirm: it follows the term of office (Office.CHAIRPERSON), not the account."""
    if any(
        post.role == Role.MEMBER and post.office == Office.CHAIRPERSON and post.organisation_id == case.organisation_id
        for post in posts_of(user)
    ):
        return ALLOW
    params = {"head": case.organisation.head_word}
    return deny(_("送件要由現任%(head)s確認。請按「送請%(head)s確認」，由%(head)s登入後送件。") % params)


def taken_in(scheme: Scheme, day: dt.date) -> Answer:
    """Allow filing on a day on which the scheme takes in cases; else say when it does."""
    if scheme.window_on(day):
        return ALLOW
    ahead, closed = scheme.next_opening(day), scheme.closed_after(day)
    params = {
        "name": scheme.short_name,
        "from": format_roc(ahead.opens_on) if ahead else "",
        "to": format_roc(closed) if closed else "",
    }
    if closed and ahead:
        return deny(_("「%(name)s」的受理已在%(to)s截止，下一次從%(from)s起受理。") % params)
    if ahead:
        return deny(_("「%(name)s」從%(from)s起受理，現在還不能送件。") % params)
    return deny(_("「%(name)s」的受理已在%(to)s截止，下一次受理的日期還沒有公布。") % params)


# What the trail calls the putting of a scan to a case, and the printing of a letter with the chairperson's code.
SCANNED = ("application.attach", "application.sign_on_paper", "application.print_code")


def at_counter(user: User, case: Application) -> bool:
    """Return whether the user acts for the association at the counter now."""
    return any(post.counter_for and post.organisation_id == case.organisation_id for post in posts_of(user))


def helped_with(user: User, case: Application) -> Answer:
    """Refuse somebody who acted for the association in this very case at the counter, by the trail. Whoever only put
    its scanned papers to it, or printed its letter, has decided nothing for it.
    """
    labels = [post.label[:100] for post in counter_posts(user, case.organisation_id or 0)]
    entries = AuditEntry.objects.filter(actor=user, case=case.number, post_label__in=labels)
    if labels and entries.exclude(action__in=SCANNED).exists():
        return deny(_("您在櫃檯替這個單位辦過這一件，請由別的同仁辦理。"))
    return ALLOW


def may_start(user: User, organisation_id: int) -> Answer:
    """Allow members to file for the organisation that their post names, while the post lasts."""
    if any(post.role == Role.MEMBER and post.organisation_id == organisation_id for post in posts_of(user)):
        return ALLOW
    return deny(_("只有這個單位的人員可以替它申請。"))


def may_edit(user: User, case: Application) -> Answer:
    """Allow the association's own people, while the case is a draft or back for correction."""
    answer = holds(user, case, Role.MEMBER)
    if not answer:
        return answer
    if case.status == ApplicationStatus.AWAITING_CHAIR:
        params = {"head": case.organisation.head_word}
        return deny(_("這一件已經送請%(head)s確認。要再修改，請先按「收回修改」。") % params)
    if case.status not in EDITABLE:
        return deny(_("這一件目前是「%(status)s」，不能修改內容。") % {"status": case.get_status_display()})
    return ALLOW


def not_the_same(user: User, other_id: int | None, reason: str) -> Answer:
    """Four eyes: refuse if the user is the person who did the earlier step."""
    return deny(reason) if other_id == user.pk else ALLOW
