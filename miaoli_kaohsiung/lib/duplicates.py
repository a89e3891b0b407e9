"""When two people write the same unique value at the same moment, the second one gets an error at the field.

Forms check first, so that the usual case is reported early; between the check and the write somebody else may be
faster, and then only the database's constraint notices.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _l

TAKEN = _l("剛剛有人登錄了相同的內容，請檢查後再送出一次。")
_UNIQUE_VIOLATION = "23505"
_KEY = re.compile(r"Key \((?P<columns>[^)]*)\)=")


def columns_of(error: IntegrityError) -> list[str]:
    """Return the columns whose values were taken; none for an error other than a unique value."""
    cause: Any = error.__cause__
    if getattr(cause, "pgcode", None) != _UNIQUE_VIOLATION:
        return []
    found = _KEY.search(cause.diag.message_detail or "")
    return [column.strip(' "') for column in found["columns"].split(",")] if found else []


@contextmanager
def shown_at(form: BaseForm, *names: str) -> Iterator[None]:
    """Run a write; if a unique value was taken meanwhile, add an error to the form at the field and go on.

    `names` are the columns that may be meant; the first of them that was taken names the field, or the whole form if it
    is no field. Check `form.errors` afterwards. Other errors of the database are raised. The block's writes are rolled
    back.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        columns = columns_of(error)
        name = next((name for name in names if {name, f"{name}_id"}.intersection(columns)), None)
        if name is None:
            raise
        form.add_error(name if name in form.fields else None, str(TAKEN))
