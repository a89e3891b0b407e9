"""A kind of change for tests: the greeting of a county, which is what was confirmed last."""

from typing import Any

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds, services
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.queries import history
from miaoli_kaohsiung.lib.access import Refused


def greeting_of(county: str) -> dict[str, Any]:
    confirmed = history("example.greeting", county, "greeting").filter(status=ChangeStatus.CONFIRMED).first()
    return confirmed.data if confirmed else {"words": "您好"}


def _apply(change: Change, by: Actor) -> None:
    if change.data["words"] == "再見":
        raise Refused("這句話不是問候。")


GREETING = kinds.register(
    kinds.Kind(
        name="example.greeting",
        label="問候語",
        proposers=(Role.CASE_OFFICER,),
        confirmers=(Role.CASE_OFFICER, Role.APPROVER),
        rows=lambda change: [kinds.Row("問候語", change.before["words"], change.data["words"])],
        apply=_apply,
        page=lambda change: "/desk/",
        current=lambda change: greeting_of(change.county),
    )
)


def propose_greeting(user: User, words: str, county: str = "kaohsiung", **more: Any) -> Change:
    proposal = services.Proposal(
        county=county, subject="greeting", title="問候語", data={"words": words}, before=greeting_of(county), **more
    )
    return services.propose(user, GREETING, proposal)
