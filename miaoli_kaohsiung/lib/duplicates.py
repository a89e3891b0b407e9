"""Two people who write the same unique value at the same moment: the second reads a sentence at the field.

Forms look first, so that the usual case is said early; between the look and the write somebody else may have been
faster, and then only the database's constraint knows.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.utils.translation import gettext as _

_UNIQUE_VIOLATION = "23505"
_KEY = re.compile(r"Key \((?P<columns>[^)]*)\)=")


def columns_of(error: IntegrityError) -> list[str]:
    """The columns whose values were taken; none for another fault than a unique value."""
    cause: Any = error.__cause__
    if getattr(cause, "pgcode", None) != _UNIQUE_VIOLATION:
        return []
    found = _KEY.search(cause.diag.message_detail or "")
    return [column.strip(' "') for column in found["columns"].split(",")] if found else []


@contextmanager
def shown_at(form: BaseForm, *names: str) -> Iterator[None]:
    """Run a write; where a unique value was taken meanwhile, put a sentence at the field of the form and go on.

    `names`: the columns that may be meant; the first of them that was taken names the field, and one that is no field of
    the form, the whole form. Look at `form.errors` afterwards. Another fault of the database is raised as it is. What the block wrote is taken back.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        columns = columns_of(error)
        name = next((name for name in names if {name, f"{name}_id"}.intersection(columns)), None)
        if name is None:
            raise
        form.add_error(name if name in form.fields else None, _("剛剛有人登錄了相同的內容，請檢查後再送出一次。"))
