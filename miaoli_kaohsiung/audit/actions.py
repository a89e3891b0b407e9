"""The words for actions: short codes in the trail, Traditional Chinese on the screen.

An app registers its codes when it is loaded (in a module that its `apps.ready` or `services` imports). Recording an
unregistered code is refused, so that no history ever shows a bare code.
"""

from django.utils.functional import Promise

_labels: dict[str, str | Promise] = {}

MAX_LENGTH = 60


class UnknownActionError(LookupError):
    """An action that was never registered."""


def register(code: str, label: str | Promise) -> str:
    """Register the words of `code` (at most 60 characters, such as "application.file") and return it. Refuses other
    words for a known code.
    """
    if len(code) > MAX_LENGTH:
        raise ValueError(f"The action {code!r} is longer than {MAX_LENGTH} characters.")
    if code in _labels and str(_labels[code]) != str(label):
        raise ValueError(f"The action {code!r} is registered already, with other words.")
    _labels[code] = label
    return code


def require(code: str) -> None:
    """Raise UnknownActionError unless `code` was registered."""
    if code not in _labels:
        raise UnknownActionError(f"The action {code!r} is not registered in audit.actions.")


def label_of(code: str) -> str:
    """Return the words of `code`; the code itself if an older release wrote it and nobody registers it any more."""
    return str(_labels.get(code, code))


def choices() -> list[tuple[str, str]]:
    """Return every code with its words, sorted by the words."""
    return sorted(((code, str(label)) for code, label in _labels.items()), key=lambda pair: (pair[1], pair[0]))
