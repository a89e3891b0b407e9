"""The chairperson's code, where a clerk acts for the association and the chairperson is not there to sign.

It goes by SMS to the number that the chairperson proved, or stands on a letter. The clerk reads the case to the chairperson,
who says the code. Whoever printed the letter has seen the code, so another clerk must type it in.
"""

import datetime as dt
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.enums import Office
from communities.queries import office_holders
from grants.models import Application, ChairCode
from grants.permissions import actor_for
from grants.queries.applications import stamps
from grants.services.locks import lock_case
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.channels import reach_of
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import ALLOW, Answer, Refused, deny, require
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.text import half_width
from miaoli_kaohsiung.notices import deliveries
from miaoli_kaohsiung.notices.carriers import sms
from miaoli_kaohsiung.notices.services import ring_on_commit

from .signatures import may_sign, nobody_in_office

SEND = actions.register("application.send_code", _l("寄確認碼給負責人"))
PRINT = actions.register("application.print_code", _l("印確認碼信"))
CONFIRM = actions.register("application.confirm_by_code", _l("負責人以確認碼同意"))
WRONG = actions.register("application.wrong_code", _l("負責人的確認碼不對"))

DIGITS = 6
MAX_TRIES = 5
MINUTES = 30
DAYS = 14


@dataclass(frozen=True)
class Reachable:
    """The chairperson in office, with the account whose proved number takes the code; without one, by letter only."""

    name: str
    user: User | None
    number: str

    @property
    def masked(self) -> str:
        return _masked(self.number)


def chair_of(case: Application) -> Reachable | None:
    """Return whom the code would go to; None without a chairperson in office."""
    names = office_holders(case.organisation_id, Office.CHAIRPERSON)
    if not names:
        return None
    people = holders_of(Role.MEMBER, organisation_id=case.organisation_id, office=Office.CHAIRPERSON)
    found = [(user, reach_of(user).number) for user in people] if sms.configured() else []
    user, number = next(((user, number) for user, number in found if number), (None, ""))
    return Reachable(user.display_name if user else "、".join(names)[:120], user, number)


def open_code(case: Application) -> ChairCode | None:
    """Return the code that can still be typed in for what the case says now."""
    row = case.chair_codes.filter(used_at=None).select_related("made_by").first()
    return row if row and _still_open(row, case) else None


def send(user: User, case: Application) -> ChairCode:
    """Send a code to the chairperson's telephone. Raises Refused without a number that was proved."""
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = lock_case(case)
        require(may_sign(user, row))
        chair = _chair_of(row)
        if chair.user is None:
            raise Refused(_in_words(_("%(head)s沒有確認過的手機號碼，請印確認碼信。"), row))
        code, made = _fresh(user, row, chair, until=clock.today())
        text = _(
            "%(number)s「%(title)s」申請補助 %(amount)s 元。您是%(head)s，同意提出的話，請把確認碼 %(code)s "
            "告訴替您辦理的承辦人；不同意請不要告訴別人。%(minutes)d 分鐘內有效。"
        )
        params = {
            "number": row.number,
            "title": row.title,
            "amount": format_amount(row.requested_total),
            "code": code,
            "minutes": MINUTES,
            "head": row.organisation.head_word,
        }
        deliveries.send_code(chair.user.pk, chair.number, text % params)
        ring_on_commit()
        trail.record(SEND, made, after={"chair": chair.name, "phone": chair.masked}, case=row.number)
        return made


def letter(user: User, case: Application) -> bytes:
    """Return the letter with a new code as PDF. Raises pdf.UnavailableError and pdf.UnprintableError, after which nothing
    is kept.
    """
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = lock_case(case)
        require(may_sign(user, row))
        chair = _chair_of(row)
        code, made = _fresh(user, row, Reachable(chair.name, None, ""), until=clock.today() + dt.timedelta(days=DAYS))
        trail.record(PRINT, made, after={"chair": chair.name, "until": made.expires_on}, case=row.number)
        context = {
            "case": row,
            "chair": chair.name,
            "code": f"{code[:3]}-{code[3:]}",
            "row": made,
            "edition": stamps.shown(made.contents),
            "lines": row.lines.all(),
            "county": counties.particulars(row.county, clock.today()),
            "today": clock.today(),
        }
        html = render_to_string("grants/applications/chair_letter.html", context)
        return pdf.render(html, base=Path(settings.BASE_DIR) / "static" / "pdf")


def confirm(user: User, case: Application, typed: str) -> Answer:
    """Take what the chairperson said; a wrong code is counted and refused in words. Raises Refused where no code is open."""
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = lock_case(case)
        require(may_sign(user, row))
        found = open_code(row)
        if found is None:
            raise Refused(_("確認碼已經過期、填錯太多次，或內容改過了，請再寄一次或再印一次。"))
        require(_may_type(user, found, row))
        if not check_password(re.sub(r"[^0-9]", "", half_width(typed)), found.code_hash):
            found.tries += 1
            found.save(update_fields=["tries"])
            trail.record(WRONG, found, after={"tries": found.tries}, case=row.number)
            words = _("確認碼不對，請%(head)s再唸一次。還可以填 %(left)d 次。")
            return deny(words % {"head": row.organisation.head_word, "left": MAX_TRIES - found.tries})
        found.used_at, found.used_by = clock.now(), user
        found.save(update_fields=["used_at", "used_by"])
        trail.record(CONFIRM, found, after={"chair": found.chair, "phone": _masked(found.phone)}, case=row.number)
        return ALLOW


def _may_type(user: User, code: ChairCode, case: Application) -> Answer:
    if not code.phone and code.made_by_id == user.pk:
        return deny(_in_words(_("這封確認碼信是您印的，碼要由另一位同仁問%(head)s、填進來。"), case))
    return ALLOW


def _in_words(words: str, case: Application) -> str:
    return words % {"head": case.organisation.head_word}


def _chair_of(case: Application) -> Reachable:
    if (chair := chair_of(case)) is None:
        raise nobody_in_office(case)
    return chair


def _fresh(user: User, case: Application, chair: Reachable, *, until: dt.date) -> tuple[str, ChairCode]:
    """Make a code for what the case says now; one that was not used is void."""
    case.chair_codes.filter(used_at=None).delete()
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    made = ChairCode.objects.create(
        application=case,
        contents=stamps.mark_of(case),
        chair=chair.name,
        phone=chair.number,
        code_hash=make_password(code),
        made_by=user,
        made_at=clock.now(),
        expires_on=until,
    )
    return code, made


def _still_open(row: ChairCode, case: Application) -> bool:
    late = bool(row.phone) and clock.now() - row.made_at > dt.timedelta(minutes=MINUTES)
    spent = row.tries >= MAX_TRIES or row.expires_on < clock.today()
    return not late and not spent and row.contents == stamps.mark_of(case)


def _masked(number: str) -> str:
    return f"…{number[-3:]}" if number else ""
