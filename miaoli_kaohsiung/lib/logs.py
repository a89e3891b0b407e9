"""Logs as one JSON object a line on standard error. What people type never gets here: no bodies, no query strings."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

_QUOTED_ROW = re.compile(r"^DETAIL: .*$", re.MULTILINE)
# The link of a password mail or an invitation is a key to an account.
_SECRET_PATH = re.compile(r"(/key/|/invitations/)[^/\s]+")


def hide_what_people_sent(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Cut the query string and keys out of the request line that django-structlog binds."""
    request = event.get("request")
    if isinstance(request, str):
        event["request"] = _SECRET_PATH.sub(r"\1…", request.partition("?")[0])
    return event


def hide_values_of_rows(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Cut the lines of a traceback in which PostgreSQL quotes the row that a constraint refused."""
    trace = event.get("exception")
    if isinstance(trace, str):
        event["exception"] = _QUOTED_ROW.sub("DETAIL:  …", trace)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=False),
    hide_what_people_sent,
]

STRUCTLOG: dict[str, Any] = {
    "processors": [
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        hide_values_of_rows,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    "logger_factory": structlog.stdlib.LoggerFactory(),
    "cache_logger_on_first_use": True,
}


def config(level: str) -> dict[str, Any]:
    """The LOGGING setting: everything from `level` upwards, of Django, Celery and the portal alike."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*_SHARED, structlog.processors.format_exc_info, hide_values_of_rows],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # Renders of a letter report every font table.
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }
