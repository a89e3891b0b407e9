"""Logs as one JSON object a line on standard error. What people type never gets here: no bodies, no query strings."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

# PostgreSQL quotes the row that a constraint refused, in the text of an error or, escaped, in its repr.
_QUOTED_ROW = re.compile(r"(^|\\n)DETAIL: .*?(?=$|\\n|'\)|\"\))", re.MULTILINE)
# The link of a password mail or an invitation is a key to an account.
_SECRET_PATH = re.compile(r"(/key/|/invitations/)[^/\s]+")
# Errors of mail servers and carriers quote whom they were sent for: addresses, mobile numbers, numbers of identity cards.
_OF_A_PERSON = re.compile(
    r"[^\s'\"<>(),;:=]+@[^\s'\"<>(),;:=\\]+|(?<![\w-])(?:\+886|0)9\d{2}[- ]?\d{3}[- ]?\d{3}(?!\w)|(?<!\w)[A-Z][1289]\d{8}(?!\w)"
)


def hide_what_people_sent(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Remove the query string and keys from the request line that django-structlog binds, and keys from the messages of
    django.request, which name the path of a refused request.
    """
    request, words = event.get("request"), event.get("event")
    if isinstance(request, str):
        event["request"] = _SECRET_PATH.sub(r"\1…", request.partition("?")[0])
    if isinstance(words, str):
        event["event"] = _SECRET_PATH.sub(r"\1…", words)
    return event


def hide_values_of_rows(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Remove the lines in which PostgreSQL quotes the row that a constraint refused, wherever an error was put into
    words.
    """
    for name, text in event.items():
        if isinstance(text, str) and "DETAIL: " in text:
            event[name] = _QUOTED_ROW.sub(r"\1DETAIL:  …", text)
    return event


def hide_people(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Put … for each address of mail, mobile number and number of an identity card, also where an error quotes one."""
    for name, text in event.items():
        if isinstance(text, str):
            event[name] = _OF_A_PERSON.sub("…", text)
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
        hide_people,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    "logger_factory": structlog.stdlib.LoggerFactory(),
    "cache_logger_on_first_use": True,
}


def config(level: str) -> dict[str, Any]:
    """Return the LOGGING setting: everything from `level` upwards, of Django, Celery and the portal alike."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*_SHARED, structlog.processors.format_exc_info, hide_values_of_rows, hide_people],
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
            # Without this, rendering a letter logs every font table.
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }
