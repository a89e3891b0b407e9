"""Taiwan's accessibility norm (網站無障礙規範 115.11 and 110.07, AA) of a page, by the rules of a11y-moda."""

from functools import cache

from a11y_moda.models import PageReport
from a11y_moda.rules.base import Level, RuleContext, all_rules
from bs4 import BeautifulSoup
from bs4.element import Stylesheet
from django.contrib.staticfiles import finders


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
