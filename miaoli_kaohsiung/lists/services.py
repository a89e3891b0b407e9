"""Keeping views of lists and how rows look, and noting what was taken out as a file."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib.access import Refused

from .models import ListLook, SavedView
from .queries import counties_of, may_remove, views_of

SAVE = actions.register("list.save_view", _l("儲存檢視"))
REMOVE = actions.register("list.remove_view", _l("刪除檢視"))
ROWS = actions.register("list.rows", _l("清單列距"))
EXPORT = actions.register("list.export", _l("匯出清單"))
# How many views of one list a person sees at most, so that choosing one stays easy.
MOST_VIEWS = 30


def save_view(user: User, listing: str, name: str, query: str, *, shared: bool) -> SavedView:
    """Keep a view; one of the same name is replaced. Raises Refused if there is no room for another."""
    county = next(iter(counties_of(user)), "") if shared else ""
    with trail.unit_of_work(actor(user)):
        if not views_of(user, listing).filter(owner=user, name=name).exists():
            if views_of(user, listing).count() >= MOST_VIEWS:
                raise Refused(_("這份清單已經有 %(most)d 個檢視，請先刪除不用的。") % {"most": MOST_VIEWS})
        kept = {"query": query, "county": county}
        view, _made = SavedView.objects.update_or_create(owner=user, listing=listing, name=name, defaults=kept)
        trail.record(SAVE, view, after={"list": listing, "query": query, "shared": bool(county)})
    return view


def remove_view(user: User, view: SavedView) -> None:
    if not may_remove(user, view):
        raise Refused(_("檢視由儲存的人刪除；同仁共用的，主管也可以刪除。"))
    with trail.unit_of_work(actor(user)):
        trail.record(REMOVE, view, before={"list": view.listing, "query": view.query})
        view.delete()


def set_roomy(user: User, *, roomy: bool) -> None:
    with trail.unit_of_work(actor(user)):
        ListLook.objects.update_or_create(user=user, defaults={"roomy": roomy})
        trail.record(ROWS, user, after={"roomy": roomy})


def note_export(user: User, listing: str, extension: str, query: str, rows: int) -> None:
    """Note who took which rows of a list out of the portal."""
    with trail.unit_of_work(actor(user)):
        trail.record(EXPORT, user, after={"list": listing, "format": extension, "query": query, "rows": rows})
