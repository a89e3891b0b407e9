"""The county's telephone, for every sentence that says to call the county: `{% load contacts %}`."""

from zlib import crc32

from django import template
from django.urls import reverse

from grants.letters import contacts
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.particulars import YEAR_MARK
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.roc_date import roc_year

register = template.Library()


@register.simple_tag
def county_contacts(county: str = "") -> list[contacts.Contact]:
    """Return the county's office, or both counties' if none is named."""
    day = clock.today()
    return [contacts.contact_of(county, day)] if county else contacts.contacts(day)


@register.filter
def shared_hours(offices: list[contacts.Contact]) -> str:
    """Return the hours that all of these offices keep; "" if they differ."""
    hours = {office.hours for office in offices}
    return hours.pop() if len(hours) == 1 else ""


@register.simple_tag
def county_offices(separator: str = "　") -> str:
    """Return the governments that run this portal, by their names of today."""
    day = clock.today()
    return separator.join(counties.office_of(county, day) for county in counties.slugs())


@register.simple_tag
def county_colours_url() -> str:
    """Return the address of the counties' colours; it changes with them, so that a browser reads them anew."""
    day = clock.today()
    said = ",".join(f"{county}:{counties.particulars(county, day).accent}" for county in counties.slugs())
    return f"{reverse('communities:county-colours')}?{crc32(said.encode()):08x}"


@register.filter
def of_the_year(file_number: str) -> str:
    """Return the number of a file as a letter of today prints it."""
    return file_number.replace(YEAR_MARK, str(roc_year(clock.today().year)))
