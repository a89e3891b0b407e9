"""Taiwan's accessibility norm (網站無障礙規範 115.11 and 110.07, AA) of a page, by the rules of a11y-moda."""

import importlib
from functools import cache
from typing import Any

import tinycss2
from a11y_moda.models import PageReport
from a11y_moda.rules.base import Level, RuleContext, all_rules
from bs4 import BeautifulSoup
from bs4.element import Stylesheet
from django.contrib.staticfiles import finders

# Where the rules read style sheets.
_styles = importlib.import_module("a11y_moda.css_utils")
_walk = _styles._walk_rules


class _Parsed(list[Any]):
    """A style sheet that was parsed, with the declarations found in it."""

    declarations: list[Any] | None = None


class _ReadOnce:
    """tinycss2 as the rules use it. Some thirty of them read the same style sheets on every page; here each sheet is read
    once for all pages, and nothing changes what was read.
    """

    parse_declaration_list = staticmethod(tinycss2.parse_declaration_list)
    parse_rule_list = staticmethod(tinycss2.parse_rule_list)
    serialize = staticmethod(tinycss2.serialize)

    @staticmethod
    @cache
    def parse_stylesheet(text: str, **options: bool) -> _Parsed:
        return _Parsed(tinycss2.parse_stylesheet(text, **options))

    @staticmethod
    def walk(nodes: list[Any], source: str) -> list[Any]:
        if not isinstance(nodes, _Parsed):
            return _walk(nodes, source)
        if nodes.declarations is None:
            nodes.declarations = _walk(nodes, source)
        return nodes.declarations


_styles.tinycss2 = _ReadOnce
_styles._walk_rules = _ReadOnce.walk


@cache
def _sheet(path: str) -> str:
    """A style sheet of the portal's own; Bootstrap's is Bootstrap's to answer for."""
    found = finders.find(path)
    with open(found, encoding="utf-8") as file:  # noqa: PTH123 - finders return a string
        return file.read()


def broken_rules(html: str, address: str) -> list[str]:
    """Each rule that the page surely breaks, in the norm's words; empty where it keeps to all of them."""
    soup = BeautifulSoup(html, "lxml")
    for link in soup.find_all("link", rel="stylesheet"):
        path = str(link["href"]).split("/static/")[-1]
        if path.startswith("css/"):
            style = soup.new_tag("style")
            # A plain string is no text of a <style> to Beautiful Soup, and the rules of focus would see nothing.
            style.append(Stylesheet(_sheet(path)))
            link.insert_after(style)
        link.decompose()
    report, context = PageReport(url=address), RuleContext()
    for rule in all_rules(level=Level.AA):
        if not rule.uses_llm:
            rule.check(soup, report, html=html, url=address, ctx=context)
    return [f"{issue.rule_id}: {issue.message} {issue.snippet}" for issue in report.issues if issue.status == "fail"]
