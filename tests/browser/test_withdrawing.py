"""Whoever sees the mistake in what waits for another person takes it back; everybody reads that it was withdrawn."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from miaoli_kaohsiung.audit.models import AuditEntry
from tests.grants.in_each_status import BUILD, People

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Where it waits, and who made it.
PAGES = {
    "ruling": ("officer", lambda row: reverse("grants:ruling", args=[row.pk])),
    "waiver": ("officer", lambda row: reverse("grants:waivers", args=[row.application.number])),
    "sanction": ("officer", lambda row: reverse("grants:sanction", args=[row.pk])),
    "sanction_lifting": ("officer", lambda row: reverse("grants:sanction", args=[row.sanction_id])),
    "record_correction": ("officer", lambda row: reverse("grants:settlement_detail", args=[row.award.number])),
    "envelope_change": ("finance", lambda row: reverse("grants:envelope", args=[row.scheme.slug])),
    "return_terms_change": ("finance", lambda row: reverse("grants:return_terms", args=[row.scheme.slug])),
}


def test_the_author_takes_back_what_nobody_decided(phone, axe):
    people = People.make()
    for name, (author, page) in PAGES.items():
        row = BUILD[name](people, "draft")
        maker = getattr(people, author)
        for other in (people.other, people.cashier):
            give_session(phone, other)
            Person(phone, other).goes(page(row))
            expect(phone.locator("main").get_by_role("button", name="收回", exact=True)).to_have_count(0)
        give_session(phone, maker)
        Person(phone, maker).goes(page(row)).fits()
        axe(phone)
        Person(phone, maker).press("收回").sees("已收回").fits()
        row.refresh_from_db()
        assert row.status == "withdrawn", name
        expect(phone.locator("main").get_by_role("button", name="收回", exact=True)).to_have_count(0)
        entry = AuditEntry.objects.filter(action=f"{name}.withdraw").get()
        assert (entry.actor_id, entry.before["status"], entry.after["status"]) == (maker.pk, "draft", "withdrawn")
