"""The column that says to which county a row belongs."""

from typing import TYPE_CHECKING, Any

from django.core.checks import CheckMessage
from django.db import models

from . import counties

if TYPE_CHECKING:
    _Text = models.CharField[str, str]
else:
    _Text = models.CharField


class CountyField(_Text):
    """A county's slug. Its choices are rows: they are read when somebody looks, not when a model is checked, and stand in
    no migration.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 12, **kwargs, "choices": counties.choices})

    def deconstruct(self) -> Any:
        """Return a plain column: another county changes no table."""
        name, _path, args, kwargs = super().deconstruct()
        del kwargs["choices"]
        return name, "django.db.models.CharField", args, kwargs

    def _check_choices(self) -> list[CheckMessage]:
        return []
