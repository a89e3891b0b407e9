import datetime as dt

import factory
from factory.django import DjangoModelFactory

from grants.enums import RulingStatus
from grants.models import Application, BudgetLine, Envelope, EnvelopeChange, Programme, Scheme, SchemeTerms
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock

from .accounts import KAOHSIUNG, UserFactory
from .communities import QISHAN, OrganisationFactory


class SchemeFactory(DjangoModelFactory):
    """A scheme that asks nothing beside the law, unless a test says what its first terms ask."""

    class Meta:
        model = Scheme
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    slug = "kaohsiung-88"
    county = KAOHSIUNG
    name = "高雄縣88災後社區及生活重建協力專案"
    short_name = "88災後重建"
    summary = "用民間捐款補助社區照顧與重建。"
    legal_basis = "高雄縣88災後社區及生活重建協力方案補助辦法"
    ruleset = "kaohsiung_88"
    number_prefix = "88"
    opens_on = dt.date(2010, 1, 8)
    closes_on = dt.date(2012, 12, 31)
    dispatch_word = "府社區字"

    @factory.post_generation
    def township_first(self, create, asked):
        if asked:
            terms_of(self, township_first=True)


def terms_of(scheme: Scheme, **asked) -> SchemeTerms:
    """New terms of the scheme, from its first day on unless `starts_on` says otherwise."""
    scheme.__dict__.pop("dated_terms", None)
    return SchemeTerms.objects.create(**{"scheme": scheme, "starts_on": scheme.opens_on, **asked})


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme
        django_get_or_create = ("scheme", "code")

    scheme = factory.SubFactory(SchemeFactory)
    code = "growth_prevention"
    name = "成長性或預防性計畫"
    part = "PART I"
    clause = "K3.I.8.1"
    purpose = "辦理持續而符合需要的成長課程。"
    position = 8


class EnvelopeFactory(DjangoModelFactory):
    class Meta:
        model = Envelope
        django_get_or_create = ("scheme", "year")

    scheme = factory.SubFactory(SchemeFactory)
    year = 2010
    amount = 30_000_000

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        confirm_envelope(kwargs["scheme"], kwargs["year"], kwargs["amount"])
        return super()._create(model_class, *args, **kwargs)


def confirm_envelope(scheme: Scheme, year: int, amount: int) -> EnvelopeChange:
    """The change without which the database takes no such envelope."""
    names = ("envelope-1", "envelope-2")
    people = [User.objects.get_or_create(username=name, defaults={"email": f"{name}@example.org"})[0] for name in names]
    scan, _made = StoredFile.objects.get_or_create(
        path="envelope", defaults={"name": "簽.pdf", "size": 1, "sha256": "0" * 64, "uploaded_at": clock.now()}
    )
    return EnvelopeChange.objects.create(
        scheme=scheme,
        year=year,
        amount=amount,
        memo_number="簽99-1",
        reason="年度預算",
        scan=scan,
        proposed_by=people[0],
        proposed_on=clock.today(),
        status=RulingStatus.CONFIRMED,
        decided_by=people[1],
        decided_on=clock.today(),
    )


class ApplicationFactory(DjangoModelFactory):
    """A draft, as filing starts it. Other states are reached through the services, as people reach them."""

    class Meta:
        model = Application

    number = factory.Sequence(lambda n: f"88-099-{n + 1:04}")
    programme = factory.SubFactory(ProgrammeFactory)
    scheme = factory.SelfAttribute("programme.scheme")
    organisation = factory.SubFactory(OrganisationFactory)
    county = factory.SelfAttribute("organisation.county")
    township_code = factory.SelfAttribute("organisation.township_id")
    title = "長者共餐與健康促進計畫"
    starts_on = dt.date(2010, 7, 1)
    ends_on = dt.date(2010, 12, 31)
    service_area = [QISHAN]
    status_since = dt.date(2010, 6, 1)
    created_by = factory.SubFactory(UserFactory)
    created_on = dt.date(2010, 6, 1)
    updated_at = dt.datetime(2010, 6, 1, 1, 0, tzinfo=dt.UTC)


class BudgetLineFactory(DjangoModelFactory):
    class Meta:
        model = BudgetLine

    application = factory.SubFactory(ApplicationFactory)
    position = factory.Sequence(lambda n: n + 1)
    item = "printing"
    description = "講義印製"
    requested = 10_000
