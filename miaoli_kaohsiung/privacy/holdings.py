"""What is held on a person: every row of the register's models that is theirs, found by the account, or by the name within
the associations to which the person belongs. A name alone, anywhere, is not enough: others bear it too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Model, Q

from communities.models import AssociationPerson, CounterVisit, OfficeTerm, Organisation
from grants.models import Application, RosterRow
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.lib import sealed
from miaoli_kaohsiung.lib.identifiers import masked_national_id

from . import register

# Of the seeds and numbers at rest, that they are there is said; a seed would let somebody in who reads the copy.
HIDDEN = {("mfa.Authenticator", "data"), ("grants.RosterRow", "id_mark")}
KEPT_SEALED = "（加密保存）"


@dataclass(frozen=True)
class Subject:
    """Whom it is about: an account if there is one, the names, the associations, and a number that the person showed."""

    name: str
    user: User | None = None
    bodies: frozenset[int] = field(default_factory=frozenset)
    national_id: str = ""

    @property
    def addresses(self) -> list[str]:
        return [self.user.email] if self.user and self.user.email else []


@dataclass(frozen=True)
class Way:
    """How rows of a model are a person's: the paths to the account, to an address of the account and to the association;
    the columns that hold a name alone, and those in which it stands among other things.
    """

    user: str = ""
    address: str = ""
    body: str = ""
    names: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


_CASE = "application__organisation"
_MONEY = "award__application__organisation"
_ACCOUNT = "voucher__settlement__award__application__organisation"
WAYS = {
    "accounts.User": Way(user="pk"),
    "accounts.Invitation": Way(user="user", address="email"),
    "accounts.IdentityChange": Way(user="user"),
    "accounts.Post": Way(body="organisation_id", names=("counter_for",)),
    "account.EmailAddress": Way(user="user"),
    "mfa.Authenticator": Way(user="user"),
    "usersessions.UserSession": Way(user="user"),
    "accounts.ContactCode": Way(user="user"),
    "notices.Reach": Way(user="user"),
    "notices.Notice": Way(user="recipient"),
    "notices.Delivery": Way(user="recipient"),
    "notices.LineEvent": Way(),
    "audit.AuditEntry": Way(user="actor"),
    "communities.AccountRequest": Way(address="email", body="organisation", names=("person_name",)),
    "communities.ImportRow": Way(within=("cells",)),
    "communities.OfficeTerm": Way(user="user", body="organisation", names=("person_name",)),
    "communities.Organisation": Way(address="email", body="pk", within=("bank_account_name",)),
    "changes.Change": Way(within=("data", "before")),
    "grants.Handover": Way(user="taker", body="organisation", names=("giver_name", "taker_name")),
    "communities.CounterVisit": Way(body="organisation", names=("person_name",)),
    "grants.Application": Way(body="organisation", names=("contact_name",), address="contact_email"),
    "grants.BudgetLine": Way(body=_CASE, names=("person",)),
    "grants.ChairCode": Way(body=_CASE, within=("chair",)),
    "grants.ApplicationVersion": Way(body=_CASE, within=("snapshot",)),
    "grants.StoredEvaluation": Way(body=_CASE, within=("facts",)),
    "grants.AwardVersion": Way(body=_MONEY, within=("contact",)),
    "grants.AgendaItem": Way(body=_CASE, within=("speakers",)),
    "grants.PresentationSession": Way(body="items__application__organisation", within=("chair",)),
    "grants.Letter": Way(body=_CASE, within=("context", "originals")),
    "files.StoredFile": Way(user="uploaded_by"),
    "evaluation.OwnMark": Way(body="entry__organisation", within=("words",)),
    "grants.RosterRow": Way(body=_ACCOUNT, names=("name",)),
    "grants.Voucher": Way(body="settlement__award__application__organisation", names=("payee",)),
    "grants.ReceiptReading": Way(within=("found",)),
    "grants.PropertyItem": Way(body="organisation", names=("keeper",)),
    "grants.Instalment": Way(body=_MONEY, within=("bank_account_name",)),
    "grants.BatchPayment": Way(body=f"instalment__{_MONEY}", within=("bank_account_name",)),
    "grants.PaymentImportRow": Way(body=f"instalment__{_MONEY}", within=("texts",)),
    "grants.ReviewerDetails": Way(user="reviewer"),
    "grants.Conflict": Way(user="person"),
    "communities.AllianceCoach": Way(body="alliance__members__organisation", names=("name",)),
    "communities.AssociationPerson": Way(body="organisation", names=("name",)),
    "communities.CourseFeedback": Way(body="enrolment__person__organisation", names=("enrolment__person__name",)),
    "communities.Partner": Way(body="organisation", names=("contact_name",)),
}


def of_account(user: User) -> Subject:
    """Return the person of an account, with every association in which they ever held a post."""
    posts = Post.objects.filter(user=user, role=Role.MEMBER, counter_for="")
    return Subject(user.display_name, user, frozenset(post.member_of for post in posts))


def of_name(name: str, county: str, national_id: str = "", login: str = "") -> Subject:
    """Return somebody at the counter: the associations of the county in which the name stands, or the number on a roster; the
    account too if the person knows its name or its address.
    """
    whose = {"organisation__county": county}
    paid = Q(name=name)
    if national_id:
        paid = Q(id_mark__in=sealed.marks_of(national_id))
    found = (
        OfficeTerm.objects.filter(person_name=name, **whose).values_list("organisation", flat=True),
        Application.objects.filter(contact_name=name, **whose).values_list("organisation", flat=True),
        AssociationPerson.objects.filter(name=name, **whose).values_list("organisation", flat=True),
        CounterVisit.objects.filter(person_name=name, **whose).values_list("organisation", flat=True),
        RosterRow.objects.filter(paid, **{f"{_ACCOUNT}__county": county}).values_list(_ACCOUNT, flat=True),
    )
    known = Q(username=login) | Q(email=login)
    accounts = User.objects.filter(known, display_name=name) if login else User.objects.none()
    user = accounts.filter(posts__county__in=["", county]).distinct().first()
    own = of_account(user).bodies if user else frozenset()
    return Subject(name, user, own | {body for rows in found for body in rows}, national_id)


@dataclass(frozen=True)
class Record:
    """A row that is the person's, with what stands in its personal columns."""

    title: str
    key: str
    values: dict[str, str]


@dataclass(frozen=True)
class Holding:
    """What is held under one entry of the register."""

    file: register.DataFile
    records: list[Record]


def held_on(subject: Subject) -> list[Holding]:
    """Return all that is held on the person, by the files of the register; files with nothing are there too."""
    return [Holding(file, list(_records(subject, file))) for file in register.files()]


def _records(subject: Subject, file: register.DataFile) -> Iterator[Record]:
    columns: dict[str, list[str]] = {}
    for held in file.held:
        columns.setdefault(held.label, []).extend(held.names)
    for label, names in columns.items():
        for row in rows_of(subject, label):
            yield _record(label, row, names)


def rows_of(subject: Subject, label: str) -> Iterable[Model]:
    """Return the rows of a model that are the person's."""
    found = _query(subject, label)
    if not found:
        return []
    model = apps.get_model(label)
    manager = getattr(model, "every_record", model._base_manager)
    keys = manager.filter(found).values("pk")
    rows: Iterable[Model] = model._base_manager.filter(pk__in=keys).order_by("pk")
    return rows


def _query(subject: Subject, label: str) -> Q:
    way, found = WAYS[label], Q()
    if way.user and subject.user:
        found |= Q(**{way.user: subject.user.pk})
    if way.address and subject.addresses:
        found |= Q(**{f"{way.address}__in": subject.addresses})
    if way.body and subject.bodies and subject.name:
        named = Q()
        for name in way.names:
            named |= Q(**{name: subject.name})
        for name in way.within:
            named |= Q(**{f"{name}__icontains": subject.name})
        found |= Q(**{f"{way.body}__in": subject.bodies}) & named
    return found | _otherwise(subject, label)


def _otherwise(subject: Subject, label: str) -> Q:
    """Return what no path leads to."""
    name, bodies = subject.name, subject.bodies
    reach = getattr(subject.user, "reach", None)
    if label == "notices.LineEvent" and reach and reach.line_id:
        return Q(line_id=reach.line_id)
    if label == "grants.RosterRow" and subject.national_id:
        return Q(id_mark__in=sealed.marks_of(subject.national_id))
    if not bodies:
        return Q()
    if label == "changes.Change":
        named = Q(data__icontains=name) | Q(before__icontains=name)
        return Q(kind__startswith="organisation.", subject__in=[str(body) for body in bodies]) & named
    if label == "communities.ImportRow":
        names = Organisation.every_record.filter(pk__in=bodies).values("name")
        return Q(name__in=names, cells__icontains=name)
    if label == "grants.ReceiptReading":
        vouchers = apps.get_model("grants.Voucher")._base_manager
        photos = vouchers.filter(settlement__award__application__organisation__in=bodies).values("photo")
        return Q(photo__in=photos, found__icontains=name)
    return Q()


def _record(label: str, row: Any, names: list[str]) -> Record:
    columns = {}
    for name in names:
        value = getattr(row, name)
        if (label, name) in HIDDEN and value:
            value = KEPT_SEALED
        elif name == "sealed_id":
            value = masked_national_id(sealed.unseal(value))
        columns[register.word_of(label, name)] = str(value) if value not in (None, "", {}, []) else ""
    return Record(register.title_of(label), str(row.pk), columns)
