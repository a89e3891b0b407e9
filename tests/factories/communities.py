import datetime as dt

import factory
from factory.django import DjangoModelFactory

from communities import naming
from communities.enums import Office, OrganisationKind
from communities.models import OfficeTerm, Organisation, Township, TownshipName
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User

from .accounts import KAOHSIUNG, MIAOLI, PostFactory

QISHAN = "64000300"
YUANLI = "10005020"


class TownshipFactory(DjangoModelFactory):
    class Meta:
        model = Township
        django_get_or_create = ("code",)

    code = QISHAN
    county = KAOHSIUNG
    postal_code = "842"
    position = 18


def township(code: str = QISHAN, name: str = "旗山鎮", **fields) -> Township:
    place = TownshipFactory(code=code, **fields)
    TownshipName.objects.get_or_create(township=place, valid_from=None, defaults={"name": name})
    return place


def yuanli() -> Township:
    return township(YUANLI, "苑裡鎮", county=MIAOLI, postal_code="358", position=1)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    kind = OrganisationKind.COMMUNITY_ASSOCIATION
    name = factory.Sequence(lambda n: f"高雄縣旗山鎮示範{n}社區發展協會")
    county = KAOHSIUNG
    township = factory.LazyFunction(township)
    registration_county = "高雄縣"
    registration_number = "府社區字第0980001234號"
    registered_on = dt.date(1995, 3, 1)
    address = "高雄縣旗山鎮示範路1號"
    folded_name = factory.LazyAttribute(lambda made: naming.fold(made.name, made.county))
    purpose = "推動社區照顧與災後重建"
    profile_updated_on = dt.date(2010, 1, 4)


def member_of(organisation: Organisation, office: Office = Office.STAFF, user: User | None = None) -> User:
    """Somebody who holds an office of the organisation since 2009, with the post that goes with it."""
    extra = {"user": user} if user else {}
    post = PostFactory(
        role=Role.MEMBER, county=organisation.county, organisation_id=organisation.pk, office=office, **extra
    )
    OfficeTerm.objects.create(
        organisation=organisation,
        office=office,
        person_name=post.user.display_name,
        user=post.user,
        valid_from=post.valid_from,
    )
    return post.user


def chair_of(organisation: Organisation) -> User:
    return member_of(organisation, Office.CHAIRPERSON)
