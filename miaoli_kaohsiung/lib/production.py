"""In production the portal serves nobody while something is only good enough for a trial."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured


def refuse_to_start() -> None:
    """Raise ImproperlyConfigured with every sentence of settings.REFUSALS, if there is one."""
    if settings.REFUSALS:
        raise ImproperlyConfigured(
            "The portal does not start in production like this:\n  "
            + "\n  ".join(settings.REFUSALS)
            + "\nFor a trial on this machine run `make setup` or set PORTAL_MODE=trial."
        )


@register
def fit_for_production(**kwargs: Any) -> list[CheckMessage]:
    return [Error(sentence, id="portal.E001") for sentence in settings.REFUSALS]
