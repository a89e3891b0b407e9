"""The county's telephone wherever the portal says to call the county: `{% load contacts %}`."""

from django import template

from grants.letters import contacts
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.enums import County
from miaoli_kaohsiung.lib import clock

register = template.Library()


@register.simple_tag
def county_contacts(county: str = "") -> list[contacts.Contact]:
    """The office of the county; those of both where none is named."""
    day = clock.today()
    return [contacts.contact_of(county, day)] if county else contacts.contacts(day)


@register.simple_tag
def county_offices(separator: str = "　") -> str:
    """The governments whose portal this is, by the names of today."""
    day = clock.today()
    return separator.join(counties.office_of(county, day) for county in County.values)
