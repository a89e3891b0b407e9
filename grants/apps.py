from importlib import import_module

from django.apps import AppConfig, apps

from miaoli_kaohsiung.lib import office_calendar
from miaoli_kaohsiung.lib.lines import keep_lines

# Modules that register a kind of data which a county keeps itself.
KINDS = (
    "grants.services.central.programmes",
    "grants.services.law",
    "grants.services.letters.wording",
    "grants.services.panels.lifting",
    "grants.services.payments.corrections",
    "grants.services.payments.overpaid",
    "grants.services.assets.keeping",
    "grants.services.reminders.changing",
    "grants.services.reviews.county_rules",
    "grants.services.reviews.reopenings",
    "grants.services.schemes.particulars",
    "grants.services.schemes.years",
    "grants.services.settlements.reversing",
    "grants.services.settlements.sampling",
)
# Modules that register what can be done to many rows at once.
BULK = ("grants.services.desk.bulk", "grants.services.panels.assigning")
# Modules that register what becomes of their rows when two records of a body become one.
MERGING = ("grants.services.applications.merging", "grants.services.duties.merging")
# Modules that register what they do, or say, when something of the registry is decided or a post is ended.
ACTS = ("grants.services.desk.ending", "grants.services.duties.courses", "grants.services.letters.tier_results")
# Only the project's own apps, not Django's tables. The trail is left out: its text is hashed as it was recorded, and a
# label trimmed on its way into the table would no longer match its hash.
ROOMS = ("accounts", "files", "notices", "communities", "grants", "evaluation")


class GrantsConfig(AppConfig):
    name = "grants"
    verbose_name = "補助"

    def ready(self) -> None:
        from grants.models.law import read_filed_laws
        from grants.rules import chapters, laws  # noqa: F401  the folders' chapters, before any law is read from rows

        laws.read_with(read_filed_laws)
        for name in (*KINDS, *BULK, *MERGING, *ACTS):
            import_module(name)
        for room in ROOMS:
            keep_lines(apps.get_app_config(room).get_models())
        # The app's modules can be read only now; reading `days` makes its kinds of changes known.
        from grants.queries.calendar.book import calendar_of
        from grants.services.calendar import days  # noqa: F401

        office_calendar.set_source(calendar_of)
