"""Answers to "may this person do this?": yes, or no with a reason fit to show to the person."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True)
class Answer:
    """Whether something is allowed; true if it is. A refusal always has a reason."""

    allowed: bool
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.allowed and not self.reason:
            raise ValueError("a refusal needs a reason")

    def __bool__(self) -> bool:
        return self.allowed


class Refused(PermissionDenied):
    """Becomes a 403; the page shows `reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


ALLOW = Answer(True)


def deny(reason: str) -> Answer:
    return Answer(False, reason)


def require(answer: Answer) -> None:
    """Raise Refused unless the answer allows."""
    if not answer.allowed:
        raise Refused(answer.reason)
