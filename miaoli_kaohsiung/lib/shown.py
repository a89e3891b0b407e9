"""What a page shows while somebody decides on it: a short mark in the form, so that what changed since is looked at first.

A page without the mark, as other programs send it, is taken as it is.
"""

import hashlib

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

NAME = "shown"
CHANGED = _("這一頁打開以後，內容換過了，所以還沒有登記。請看過現在的內容，再按一次。")


def mark(*facts: object) -> str:
    """Return the mark of what the page shows. Facts are compared by how they are written."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def changed(posted: QueryDict, now: str) -> bool:
    """Return whether the page was opened while something else stood there."""
    return posted.get(NAME, now) != now
