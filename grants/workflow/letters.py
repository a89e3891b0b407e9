"""The life of a letter: a draft becomes issued with its dispatch number; only a later letter makes it void."""

from django.utils.translation import gettext_lazy

from grants.enums import LetterStatus as S
from grants.models import Letter
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User

from . import core
from .core import Move, Table

TABLE = Table(
    name="letter",
    model=Letter,
    statuses=S,
    case_of=lambda letter: letter.application,
    threads=lambda letter: (f"letter:{letter.pk}",),
    moves=(
        Move(
            "issue",
            gettext_lazy("登錄發文字號並發文"),
            frozenset([S.DRAFT]),
            S.ISSUED,
            (Role.CASE_OFFICER, Role.APPROVER),
        ),
        Move("void", gettext_lazy("由新函取代"), frozenset([S.ISSUED]), S.VOID, (Role.CASE_OFFICER, Role.APPROVER)),
    ),
)


def move(letter: Letter, name: str, user: User | None, **noted) -> Letter:
    return core.move(TABLE, letter, name, user, **noted)
