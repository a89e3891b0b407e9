"""Links from a finding, a question or a letter's sentence to the clause that it rests on: `{% load law %}`."""

from django import template
from django.utils.safestring import SafeString

from grants.compliance.rulesets import ruleset_for
from grants.duty_kinds import period_in_words
from grants.models import Scheme
from grants.queries.law.filed import Preview, preview
from grants.queries.law.notes import notes_in
from grants.queries.law.pages import address_of, link_of
from grants.rules import laws
from grants.rules.ruleset import Clause, load
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock

register = template.Library()


@register.simple_tag
def clause_url(clause_id: str, scheme: Scheme | str) -> str:
    """Return the address of the clause on the scheme's law page; `scheme` is the scheme or its slug."""
    return address_of(scheme.slug if isinstance(scheme, Scheme) else scheme, clause_id)


@register.simple_tag
def clause_link(clause_id: str, scheme: Scheme | None) -> SafeString:
    return link_of(clause_id, scheme)


@register.simple_tag
def cited(role: str, scheme: Scheme) -> str:
    """Return the id of the clause with this role in the scheme's law; "" if it has none."""
    return load(scheme.ruleset).cite(role)


@register.simple_tag
def law_notes(scheme: Scheme, page: str, programme: str = "") -> list[Clause]:
    """Return the clauses that the scheme's law wants shown on the page; for a programme those that apply to it."""
    return notes_in(ruleset_for(scheme, clock.today()), page, programme)


@register.simple_tag
def law_preview(change: Change) -> Preview:
    """Return what the files of a proposed law will look like on its first day."""
    return preview(change.data["files"], change.starts_on or clock.today())


@register.filter
def duty_period(period: str) -> str:
    return period_in_words(period)


@register.filter
def parts(phrase: str) -> list[str]:
    """Return the sentences of a clause that stands for several numbers of the document."""
    return phrase.split(" ／ ")


@register.simple_tag
def legal_bases() -> str:
    """Return the titles of all laws that the portal knows."""
    return "、".join(load(slug).title for slug in laws.found())
