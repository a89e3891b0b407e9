"""The square code on a printed paper: which page of which paper of which case it is, so that its scan finds its place by
itself and a page left out is noticed.

The code is signed with the portal's key: a code that the portal did not print is not read.
"""

import re
from dataclasses import dataclass, replace

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import qr

_SALT = "miaoli_kaohsiung.lib.paper_codes"
_PATTERN = re.compile(
    r"SQBZ1/([0-9A-Z-]{1,20})/([a-z0-9_]{1,30})/([0-9a-f]{0,16})/([0-9]{1,3})-([0-9]{1,3})/([0-9a-f]{12})"
)


@dataclass(frozen=True)
class PaperCode:
    """`case` is the case's number, `kind` the paper's, `contents` the beginning of the mark of what it says, if any; `page`
    of `pages`, counted from 1.
    """

    case: str
    kind: str
    contents: str = ""
    page: int = 1
    pages: int = 1

    def each(self, pages: int) -> list["PaperCode"]:
        """Return the codes of a paper of so many pages."""
        return [replace(self, page=page, pages=pages) for page in range(1, pages + 1)]

    @property
    def paper(self) -> "PaperCode":
        """What is the same on every page of the paper."""
        return replace(self, page=1)

    @property
    def text(self) -> str:
        body = f"{self.case}/{self.kind}/{self.contents[:16]}/{self.page}-{self.pages}"
        return f"SQBZ1/{body}/{_signature(body)}"

    @property
    def svg(self) -> SafeString:
        """The square as an SVG element, for a document."""
        return qr.svg(self.text, title=_("這份紙本的方塊碼"))


def read(text: str) -> PaperCode | None:
    """Return what the portal's own code says; None for any other text."""
    found = _PATTERN.fullmatch(text)
    if found is None:
        return None
    case, kind, contents, page, pages, signature = found.groups()
    if not constant_time_compare(signature, _signature(f"{case}/{kind}/{contents}/{page}-{pages}")):
        return None
    return PaperCode(case, kind, contents, int(page), int(pages))


def _signature(body: str) -> str:
    return salted_hmac(_SALT, body, algorithm="sha256").hexdigest()[:12]
