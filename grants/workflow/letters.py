"""The life of a letter: a draft becomes issued with its dispatch number; only a later letter makes it void.

A draft that is no longer needed is discarded: the correction came before its letter, or the earlier letter stays.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.enums import DISCARDABLE
from grants.enums import LetterStatus as S
from grants.models import Letter
from grants.permissions import letter_ground
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny

from . import core
from .core import Columns, Move, Permit, Screen, Table


def _needless(letter: Letter, user: User) -> Answer:
    """Refuse to discard a letter of a decision, which must be issued; one that was to replace another, or that tells
    of no decision, can go.
    """
    free = letter.context.get("replaces") or letter.kind in DISCARDABLE
    return ALLOW if free else deny(_("這份函稿是決定的通知，要發文；內容有誤請修改後再發。"))


TABLE = Table(
    name="letter",
    model=Letter,
    statuses=S,
    case_of=letter_ground,
    threads=lambda letter: (f"letter:{letter.pk}",),
    page="grants:letter_detail",
    moves=(
        Move(
            "issue",
            gettext_lazy("登錄發文字號並發文"),
            frozenset([S.DRAFT]),
            S.ISSUED,
            CASE_HANDLERS,
            screen=Screen(button=gettext_lazy("看函稿"), queue="letter"),
        ),
        Move(
            "cancel",
            gettext_lazy("不發這份函"),
            frozenset([S.DRAFT]),
            S.CANCELLED,
            CASE_HANDLERS,
            (_needless,),
        ),
        Move("drop", gettext_lazy("已補正或已結束，不發函"), frozenset([S.DRAFT]), S.CANCELLED, ()),
        Move("void", gettext_lazy("由新函取代"), frozenset([S.ISSUED]), S.VOID, CASE_HANDLERS),
    ),
)


def permit(letter: Letter, name: str, user: User) -> Permit[Letter]:
    return core.permit(TABLE, letter, name, user)


def move(letter: Letter, name: str, user: User | None, columns: Columns = None, **noted: object) -> Letter:
    return core.move(TABLE, letter, name, user, columns, **noted)
