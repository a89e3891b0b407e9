"""Which client sends a request: the address behind as many proxies as TRUSTED_PROXIES says."""

from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest
from django_structlog.signals import bind_extra_request_metadata


def address_of(request: HttpRequest) -> str:
    """Return the client's address; "" if it cannot be known (a socket of this machine)."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


@receiver(bind_extra_request_metadata)
def bind_address(request: HttpRequest, **kwargs: Any) -> None:
    """Put the client's address into every line of the log that the request writes."""
    structlog.contextvars.bind_contextvars(ip=address_of(request))
