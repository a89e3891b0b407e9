"""What the person at the head of a body is called: 理事長 of an association, 校長 of a school, 董事長 of a foundation."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from .enums import Office

# 負責人 is right for every body; it stands where the name says no better word.
ANY_HEAD = _l("負責人")
OF_ASSOCIATIONS = _l("理事長")
OF_SCHOOLS = _l("校長")
OF_OFFICES = _l("首長")
# In this order, by how a name ends; what stands in brackets behind it does not count.
_BY_ENDING: tuple[tuple[re.Pattern[str], str | Promise], ...] = (
    (re.compile(r"公所$"), OF_OFFICES),
    (re.compile(r"基金會$"), _l("董事長")),
    (re.compile(r"(?:國小|國中|小學|中學|高中|高職|學校|大學)$"), OF_SCHOOLS),
    (re.compile(r"(?:教會|委員會|籌備會)$"), ANY_HEAD),
    (re.compile(r"會$"), OF_ASSOCIATIONS),
)
_BRACKETS = re.compile(r"[（(][^（()）]*[)）]\s*$")


def office_in_words(office: str, head: str) -> str:
    """Return an office in words, of a body that calls its head `head`."""
    return head if office == Office.CHAIRPERSON else str(Office(office).label)


def said_of(words: str, head: str) -> str:
    """Return words that are written for an association, as they are said of a body whose head is called otherwise."""
    return words.replace(str(OF_ASSOCIATIONS), head)


def head_by_name(name: str) -> str:
    """Return the word for the head of a body of which only the name is known."""
    bare = _BRACKETS.sub("", name).strip()
    return str(next((word for ending, word in _BY_ENDING if ending.search(bare)), ANY_HEAD))
