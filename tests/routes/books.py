from grants.models import BookEntry
from grants.services.books import entries
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock

from . import Route, World


def book(world: World) -> dict:
    return {"pk": world.organisation.pk}


def a_line(world: World) -> dict:
    entry = entries.Entry(clock.today(), BookEntry.Subject.DUES, "常年會費 30 人", 9_000)
    return {"pk": world.organisation.pk, "entry": entries.add(world[Role.MEMBER], world.organisation, entry).pk}


def with_a_line(world: World) -> dict:
    a_line(world)
    return book(world)


def a_year(world: World) -> dict:
    a_line(world)
    return {"pk": world.organisation.pk, "year": 99}


ROUTES = {
    "grants:book": Route(book, shows=((Role.MEMBER, with_a_line),)),
    "grants:book_cancel": Route(a_line),
    "grants:book_pdf": Route(a_year),
}
