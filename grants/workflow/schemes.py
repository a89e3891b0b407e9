"""The life of a change of a scheme's money: one person proposes it with its paper, another confirms or refuses."""

from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from grants.enums import RulingStatus
from grants.models import Application, EnvelopeChange, ReturnTermsChange
from grants.permissions import CountyGround
from miaoli_kaohsiung.accounts.audiences import MONEY_KEEPERS

from .core import Screen, Table
from .decisions import confirm_or_refuse


def _ground_of(change: EnvelopeChange | ReturnTermsChange) -> Application:
    """The county of the scheme, in the place of a case."""
    return cast("Application", CountyGround(change.scheme.county))


ANOTHER = gettext_lazy("登錄的人不能自己確認，請另一位主管或主計出納確認。")


def _table(name: str, model: type[EnvelopeChange | ReturnTermsChange], confirm: Promise, look: Promise) -> Table:
    """Return the table of one kind of change. Its page, its queue and the threads of its notices have its name."""
    return Table(
        name=f"{name}_change",
        model=model,
        statuses=RulingStatus,
        case_of=_ground_of,
        threads=lambda change: (f"{name}:{change.pk}",),
        page=f"grants:{name}",
        moves=confirm_or_refuse(MONEY_KEEPERS, "proposed_by_id", ANOTHER, confirm, Screen(button=look, queue=name)),
    )


ENVELOPES = _table("envelope", EnvelopeChange, gettext_lazy("確認額度"), gettext_lazy("看額度"))
RETURN_TERMS = _table("return_terms", ReturnTermsChange, gettext_lazy("確認繳回帳戶"), gettext_lazy("看帳戶"))
