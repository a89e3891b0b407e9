from grants.models import Amendment
from grants.services.amendments import asking
from grants.services.amendments.items import Item
from grants.services.amendments.papers import NewPaper
from miaoli_kaohsiung.accounts.enums import Office, Role
from tests.factories.accounts import person
from tests.factories.communities import member_of
from tests.grants import amending
from tests.grants.papers import paper

from . import Route, World
from .payments import an_award, award


def written(world: World) -> Amendment:
    """Written by the staff: it waits for the chairperson."""
    made = an_award(world)
    staff = member_of(world.organisation, Office.STAFF)
    less = amending.amount(made, 1, made.lines.get(position=1).approved - 1_000)
    items: list[Item] = [less, amending.added("miscellaneous", 1_000, description="場地清潔"), amending.place(made)]
    papers = [NewPaper(paper(), "會議紀錄")]
    return asking.ask(staff, made, items, reason="場地修繕", signed=paper(), papers=papers)


def with_paper(world: World) -> dict:
    row = written(world)
    return {"pk": row.pk, "paper_id": row.papers.get().pk}


def to_confirm(world: World) -> dict:
    return {"pk": written(world).pk}


def to_check(world: World) -> dict:
    return {"pk": asking.confirm(world[Role.MEMBER], written(world)).pk}


def to_decide(world: World) -> dict:
    row = asking.confirm(world[Role.MEMBER], written(world))
    staff = type("Staff", (), {"officer": person(Role.CASE_OFFICER)})
    return {"pk": amending.checked(staff, row).pk}


ROUTES = {
    "grants:amendment_new": Route(award),
    "grants:award_give_up": Route(award),
    "grants:amendment": Route(
        to_confirm, shows=((Role.CASE_OFFICER, to_check), (Role.APPROVER, to_decide), (Role.MEMBER, to_confirm))
    ),
    "grants:amendment_signed": Route(to_confirm),
    "grants:amendment_paper_add": Route(to_confirm),
    "grants:amendment_paper": Route(with_paper),
    "grants:amendment_paper_page": Route(lambda world: with_paper(world) | {"page": 1}),
    "grants:amendment_paper_remove": Route(with_paper),
    "grants:amendment_confirm": Route(to_confirm),
    "grants:amendment_withdraw": Route(to_check),
    "grants:amendment_check": Route(to_check),
    "grants:amendment_decide": Route(to_decide),
    "grants:amendment_send_back": Route(to_decide),
}
