"""The browser and device of a session in familiar words: `{% load browsers %}`."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

register = template.Library()

# The first mark found counts: Edge and others call themselves Chrome as well, and Chrome calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", _l("三星瀏覽器")),
    ("Line/", "LINE"),
    ("FBA", "Facebook"),
    ("CriOS", "Chrome"),
    ("FxiOS", "Firefox"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", _l("Android 手機或平板")),
    ("Windows", _l("Windows 電腦")),
    ("Macintosh", _l("Mac 電腦")),
    ("CrOS", "Chromebook"),
    ("Linux", _l("Linux 電腦")),
)


@register.filter
def browser(user_agent: str) -> str:
    """Return "Chrome，Windows 電腦" for "Mozilla/5.0 (Windows NT 10.0 …) Chrome/120 …"."""
    names = [next((str(name) for mark, name in kinds if mark in user_agent), "") for kinds in (_BROWSERS, _DEVICES)]
    return "，".join(name for name in names if name) or _("不認得的瀏覽器")
