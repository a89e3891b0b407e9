from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zlib import crc32

from django.db import IntegrityError, transaction
from django.db.models import Func
from django.urls import reverse
from django.utils.translation import gettext as _

from communities import actions, naming, places
from communities.models import Organisation, Township, TownshipName
from communities.places import load_townships as load
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.audiences import COUNTY_STAFF
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import Checked, store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.search import vector
from miaoli_kaohsiung.notices.services import notify

ACCOUNT = ("bank_code", "bank_account", "bank_account_name")
SEARCHED = ("name", "village", "area_served", "tax_id")


def create_organisation(by: Actor, **fields: Any) -> Organisation:
    """Enter an organisation in the registry."""
    with trail.unit_of_work(by):
        folded = naming.fold(fields["name"], fields["county"])
        organisation = Organisation.objects.create(profile_updated_on=clock.today(), folded_name=folded, **fields)
        trail.record(actions.CREATE, organisation, after=trail.snapshot(organisation, *sorted(fields)))
        index([organisation])
    return organisation


def update_organisation(by: Actor, organisation: Organisation, *, action: str = actions.UPDATE, **fields: Any) -> None:
    """Change fields of an organisation. That is no confirmation of all the others: see `confirm_profile`."""
    with trail.unit_of_work(by):
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        before = trail.snapshot(organisation, *sorted(fields))
        for name, value in fields.items():
            setattr(organisation, name, value)
        organisation.folded_name = naming.fold(organisation.name, organisation.county)
        organisation.save(update_fields=[*fields, "folded_name"])
        old, new = trail.changes(before, trail.snapshot(organisation, *sorted(fields)))
        trail.record(action, organisation, before=old, after=new)
        index([organisation])
        if set(new) & set(ACCOUNT):
            _notify_of_account(organisation, by, before)


def confirm_profile(by: Actor, organisation: Organisation) -> Organisation:
    """Note that the association has looked at its whole record today and says that it is right (M5.5b)."""
    with trail.unit_of_work(by):
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        before = trail.snapshot(organisation, "profile_updated_on")
        organisation.profile_updated_on = clock.today()
        organisation.save(update_fields=["profile_updated_on"])
        after = trail.snapshot(organisation, "profile_updated_on")
        trail.record(actions.CONFIRM_PROFILE, organisation, before=before, after=after)
    return organisation


def _notify_of_account(organisation: Organisation, by: Actor, before: dict[str, Any]) -> None:
    """Tell the association, and everybody of the county who approves or pays, that the account has changed."""
    params = {
        "old": _masked(str(before.get("bank_account") or "")),
        "new": _masked(organisation.bank_account),
        "code": organisation.bank_code,
        "name": organisation.bank_account_name,
    }
    body = _(
        "登錄的金融帳戶改為：%(name)s，%(code)s %(new)s（原來 %(old)s）。已送領據還沒撥的款會先停下：縣府退回領據後，"
        "請單位用新帳戶重印領據、蓋好圖記再送。如果不是單位要求更改的，請馬上聯絡縣府承辦人。"
    )
    people = set(holders_of(Role.MEMBER, organisation_id=organisation.pk))
    for role in COUNTY_STAFF:
        people |= set(holders_of(role, county=organisation.county))
    for person in sorted(people - {by.user}, key=lambda one: one.pk):
        key = f"organisation:{organisation.pk}:account:{crc32(organisation.bank_account.encode()):08x}"
        url = reverse("communities:organisation", args=[organisation.pk])
        subject = _("金融帳戶已變更：%(name)s") % {"name": organisation.name}
        notify(person, "organisation.account", key, clock.today(), subject, body % params, url)


def _masked(number: str) -> str:
    """Return the last four digits: enough to recognise one's own account."""
    return f"****{number[-4:]}" if number else str(_("未登錄"))


def update_contact(by: Actor, organisation: Organisation, **fields: Any) -> None:
    """Change the organisation's own contact data."""
    update_organisation(by, organisation, action=actions.UPDATE_CONTACT, **fields)


def set_seal(by: Actor, organisation: Organisation, upload: Checked) -> None:
    """Keep the print of the seal with which papers are compared; the trail keeps the earlier one."""
    with trail.unit_of_work(by):
        stored = store(upload, actor=by, purpose=f"seal:{organisation.pk}")
        update_organisation(by, organisation, action=actions.SET_SEAL, seal=stored)


def index(organisations: list[Organisation]) -> None:
    """Fill the search column."""
    former = former_words([organisation.pk for organisation in organisations])
    for organisation in organisations:
        words = words_of(organisation, former.get(organisation.pk, ""))
        Organisation.objects.filter(pk=organisation.pk).update(search=words)


def former_words(numbers: list[int]) -> dict[int, str]:
    """Return the names and tax ids of the records that were merged into these bodies: they lead to them. One query."""
    found: dict[int, str] = {}
    merged = Organisation.every_record.filter(merged_into__in=numbers)
    for pk, name, tax_id in merged.values_list("merged_into_id", "name", "tax_id"):
        found[pk] = f"{found.get(pk, '')} {name} {tax_id}"
    return found


def words_of(organisation: Organisation, former: str = "") -> Func:
    """Return what the search column holds: the bigrams as they are, bypassing PostgreSQL's parser, which knows no
    Chinese.
    """
    text = " ".join([former, *(getattr(organisation, name) for name in SEARCHED)])
    return vector(naming.indexed(text, organisation.township_id or "", organisation.county))


def refold(county: str) -> None:
    """Compare and find the county's bodies by the names that county and townships have from now on, inside the caller's
    unit of work. Raises Refused if two bodies would have one name.
    """
    with _names_read_now():
        rows = list(Organisation.objects.filter(county=county).defer("search").order_by("pk"))
        changed = [row for row in rows if row.folded_name and row.folded_name != naming.fold(row.name, county)]
        for row in changed:
            row.folded_name = naming.fold(row.name, county)
        try:
            with transaction.atomic():
                Organisation.objects.bulk_update(changed, ["folded_name"], batch_size=500)
        except IntegrityError as same:
            names = "、".join(row.name for row in changed[:3])
            raise Refused(_("改了以後，這些單位和別的單位同名，請先更正：%(names)s。") % {"names": names}) from same
        index(rows)


@contextmanager
def _names_read_now() -> Iterator[None]:
    """Within the block this process sees the names that the transaction has written; if that fails, no longer."""
    counties.refresh()
    places.KEPT.read_now()
    try:
        yield
    except BaseException:
        counties.KEPT.forget()
        places.KEPT.forget()
        raise


def load_townships() -> None:
    """Add the townships of the file that are missing: after an update, or after a test or a reset has emptied the tables."""
    load(Township, TownshipName)
