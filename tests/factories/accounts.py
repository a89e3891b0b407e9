import datetime as dt

import factory
from factory.django import DjangoModelFactory

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User

KAOHSIUNG, MIAOLI = "kaohsiung", "miaoli"
SINCE = dt.date(2009, 1, 1)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person-{n}")
    email = factory.LazyAttribute(lambda o: f"{o.username}@example.org")
    display_name = factory.Sequence(lambda n: f"示範{n}")
    password = factory.django.Password("demo-88-2010")


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post

    user = factory.SubFactory(UserFactory)
    role = Role.CASE_OFFICER
    county = KAOHSIUNG
    valid_from = SINCE


def person(role: Role, county: str = KAOHSIUNG, **scope) -> User:
    """A new user who holds one post since 2009."""
    return PostFactory(role=role, county=county, **scope).user
