"""Changes of a county's own data, as the tests propose them."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from communities.services.counties import particulars
from communities.services.counties.particulars import Draft
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.changes.models import Change
from tests.factories.accounts import KAOHSIUNG
from tests.files.samples import picture

TODAY = dt.date(2010, 6, 1)


def propose(user: User, county: str = KAOHSIUNG, on: dt.date = TODAY, **values: Any) -> Change:
    files = {name: values.pop(name) for name in ("signature", "typed") if name in values}
    return particulars.propose(user, county, Draft(on, values, **files))


def signed_change(user: User) -> Change:
    return propose(user, signature=SimpleUploadedFile("簽字章.png", picture("PNG"), content_type="image/png"))
