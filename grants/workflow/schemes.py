"""The life of a change of a scheme's money: one person proposes it with its paper, another confirms or refuses."""

from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.enums import RulingStatus
from grants.models import Application, EnvelopeChange, ReturnTermsChange
from grants.permissions import CountyGround, not_the_same
from miaoli_kaohsiung.accounts.audiences import MONEY_KEEPERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import Answer

from .core import Screen, Table
from .decisions import confirm_or_refuse


def _ground_of(change: EnvelopeChange | ReturnTermsChange) -> Application:
    """The county of the scheme, in the place of a case."""
    return cast("Application", CountyGround(change.scheme.county))


def _another(change: EnvelopeChange | ReturnTermsChange, user: User) -> Answer:
    return not_the_same(user, change.proposed_by_id, _("登錄的人不能自己確認，請另一位主管或主計出納確認。"))


ENVELOPES = Table(
    name="envelope_change",
    model=EnvelopeChange,
    statuses=RulingStatus,
    case_of=_ground_of,
    threads=lambda change: (f"envelope:{change.pk}",),
    page="grants:envelope",
    moves=confirm_or_refuse(
        MONEY_KEEPERS,
        _another,
        gettext_lazy("確認額度"),
        Screen(button=gettext_lazy("看額度"), queue="envelope"),
    ),
)
RETURN_TERMS = Table(
    name="return_terms_change",
    model=ReturnTermsChange,
    statuses=RulingStatus,
    case_of=_ground_of,
    threads=lambda change: (f"return_terms:{change.pk}",),
    page="grants:return_terms",
    moves=confirm_or_refuse(
        MONEY_KEEPERS,
        _another,
        gettext_lazy("確認繳回帳戶"),
        Screen(button=gettext_lazy("看帳戶"), queue="return_terms"),
    ),
)
