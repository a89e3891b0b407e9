"""A round of 60 associations and 9 judges, two of them without net for an hour, from its opening to published tiers and letters;
every figure is computed here once more, in plain decimals, from what the judges were given to write.
"""

from decimal import ROUND_HALF_UP, Decimal
from random import Random

import pytest
from playwright.sync_api import Page, expect

from communities.enums import Tier
from communities.models import TierDecision
from communities.services.tiers import decide_tier
from evaluation.enums import Dimension
from evaluation.models import Entry, Score, Sheet
from evaluation.queries.sheets import loads
from evaluation.queries.spread import distribution, spread, totals
from evaluation.services.moderation import propose_total
from evaluation.services.publishing import close, publish
from evaluation.services.rounds import open_round
from evaluation.services.sheets import Marks, assign, declare, save, submit
from grants.enums import LetterKind
from grants.models import Letter
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.changes.services import confirm
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.fields import format_quantity
from tests.browser.acting import Person, give_session
from tests.factories import letters
from tests.factories.accounts import KAOHSIUNG, person
from tests.factories.communities import OrganisationFactory
from tests.factories.evaluation import terms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ONE_PLACE = Decimal("0.1")
# Each association is judged by three of the nine.
PANEL = 3
# Types what a judge writes into the rows of the grid: points by the field's name, by the key of the sheet.
TYPE = """sheets => { for (const [sheet, fields] of Object.entries(sheets)) for (const [name, value] of Object.entries(fields)) {
  const field = document.querySelector(`#sheet-${sheet}`).elements[name];
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
} }"""


def half_up(value: Decimal) -> Decimal:
    return value.quantize(ONE_PLACE, ROUND_HALF_UP)


def written(indicators, draw: Random) -> dict[int, Decimal]:
    """Whole and half points of each indicator, from two fifths of it up."""
    return {row.pk: Decimal(draw.randint(row.points * 4 // 5, row.points * 2)) / 2 for row in indicators}


def judge_all(round_, judges, tablets: list[Page]) -> dict[int, dict[int, dict[int, Decimal]]]:
    """Let the judges fill in their sheets as they would, the first ones at their tablets; return by entry and judge what
    each wrote.
    """
    draw, sheets, at_tablets = Random(99), {}, {}
    entries = list(round_.entries.order_by("pk"))
    for place in range(len(judges) // PANEL):
        assign(round_.opened_by, round_, entries[place::PANEL], judges[place * PANEL : (place + 1) * PANEL])
    indicators = list(round_.indicators.all())
    rows = Sheet.objects.select_related("entry__round", "entry__organisation", "judge").order_by("pk")
    away = judges[: len(tablets)]
    for sheet in rows:
        points = written(indicators, draw)
        declare(sheet.judge, sheet, conflict=False)
        sheets.setdefault(sheet.entry_id, {})[sheet.judge_id] = points
        if sheet.judge in away:
            at_tablets.setdefault(sheet.judge_id, {})[sheet.pk] = points
        else:
            submit(sheet.judge, save(sheet.judge, sheet, Marks(points, "看過"), edition=0))
    for judge, tablet in zip(away, tablets, strict=True):
        an_hour_without_net(tablet, judge, at_tablets[judge.pk])
    return sheets


def an_hour_without_net(tablet: Page, judge, written_there: dict[int, dict[int, Decimal]]) -> None:
    """All of the judge's sheets are written in the grid without net; an hour later they arrive, and count once sent."""
    give_session(tablet, judge)
    tablet.clock.install()
    Person(tablet, judge).goes("/evaluation/99/grid/")
    tablet.context.set_offline(True)
    tablet.evaluate(
        TYPE,
        {
            sheet: {f"points_{key}": str(value) for key, value in points.items()}
            for sheet, points in written_there.items()
        },
    )
    tablet.clock.fast_forward("01:00:00")
    left = tablet.locator("[data-autosave-state]", has_text="內容先留在這台裝置")
    expect(left).to_have_count(len(written_there))
    assert not Score.objects.filter(sheet__judge=judge).exists()
    tablet.context.set_offline(False)
    expect(tablet.locator("[data-autosave-state]", has_text="已儲存")).to_have_count(len(written_there))
    for sheet in Sheet.objects.filter(judge=judge).select_related("entry__round", "judge"):
        submit(judge, sheet)


def the_judges_lie_apart_as_by_hand(round_, sums) -> set[int]:
    """How lenient each judge is, and which associations have a sheet far from the others; returns these."""
    apart = {
        (key, judge): own[judge] - (sum(own.values()) - own[judge]) / (PANEL - 1)
        for key, own in sums.items()
        for judge in own
    }
    found = spread(round_)
    assert len(found.judges) == 9
    for line in found.judges:
        own = [value for (_key, judge), value in apart.items() if judge == line.person.pk]
        assert (line.count, abs(line.leniency - sum(own) / len(own)) <= Decimal("0.05")) == (20, True)
    far = {key for (key, _judge), value in apart.items() if abs(value) >= round_.outlier_points}
    assert {one.entry.pk for one in found.apart} == far
    return far


def two_people_moderate(round_, officer, head, entry, total) -> None:
    """One association is talked over: two people change its total, the sheets stay."""
    close(officer, round_)
    talked = Entry.objects.select_related("round", "organisation").get(pk=entry)
    change = propose_total(officer, talked, total, "委員討論後一致同意")
    with pytest.raises(Refused, match="等人確認"):
        publish(head, round_)
    with pytest.raises(Refused):
        confirm(officer, change)
    confirm(head, change)
    assert talked.sheets.count() == PANEL


def the_parts_are_as_by_hand(round_, sheets, decisions) -> None:
    """Every tier that was confirmed has the means of the three dimensions."""
    places = {row.pk: row.dimension for row in round_.indicators.all()}
    for row in decisions:
        row.organisation.refresh_from_db()
        own = sheets[row.organisation.evaluation_entries.get().pk].values()
        scores = (row.governance_score, row.finance_score, row.services_score)
        for dimension, score in zip(Dimension, scores, strict=True):
            part = sum(value for points in own for key, value in points.items() if places[key] == dimension)
            assert (row.organisation.current_tier, score) == (row.tier, half_up(part / PANEL))


def the_letters_say_the_totals(officer, expected, decisions) -> None:
    """Each association has its letter with tier and total, and it goes out."""
    drafts = {letter.organisation_id: letter for letter in Letter.objects.filter(kind=LetterKind.TIER)}
    assert len(drafts) == 60
    for row in decisions:
        letter, entry = drafts[row.organisation_id], row.organisation.evaluation_entries.get().pk
        words = f"{letter.subject}{letter.explanation}"
        wanted = (row.get_tier_display(), f"總分{format_quantity(expected[entry])}分")
        assert (letter.context["tier"], [word for word in wanted if word not in words]) == (row.pk, [])
        assert letters.issued(officer, letter).status == "issued"


def test_sixty_associations_and_nine_judges(open_page):
    officer, head = person(Role.CASE_OFFICER), person(Role.APPROVER)
    OrganisationFactory.create_batch(60)
    judges = [person(Role.REVIEWER) for _number in range(9)]
    round_ = open_round(officer, KAOHSIUNG, 2010, terms())
    sheets = judge_all(round_, judges, [open_page(), open_page()])
    assert (len(sheets), Score.objects.count()) == (60, 60 * PANEL * round_.indicators.count())
    assert {(load.assigned, load.submitted) for load in loads(round_) if load.person in judges} == {(20, 20)}

    # The means, by hand.
    sums = {key: {judge: sum(points.values()) for judge, points in own.items()} for key, own in sheets.items()}
    expected = {key: half_up(sum(own.values()) / PANEL) for key, own in sums.items()}
    assert totals(round_) == expected
    far = the_judges_lie_apart_as_by_hand(round_, sums)
    assert far, "the figures are such that there is something to talk over"
    expected[min(far)] = Decimal("81.5")
    two_people_moderate(round_, officer, head, min(far), expected[min(far)])
    assert totals(round_) == expected

    # What the tiers would be is what they become.
    tiers = {
        key: "excellent" if total >= 80 else "potential" if total >= 60 else "basic" for key, total in expected.items()
    }
    counts = {tier: list(tiers.values()).count(tier.value) for tier in Tier}
    assert dict(distribution(round_, totals(round_))) == counts
    publish(head, round_)
    assert dict(Entry.objects.values_list("pk", "total")) == expected
    decisions = TierDecision.objects.select_related("organisation")
    assert {row.organisation.evaluation_entries.get().pk: row.tier for row in decisions} == tiers
    for decision in decisions:
        decide_tier(head, decision, confirm=True, note="")
    the_parts_are_as_by_hand(round_, sheets, decisions)
    the_letters_say_the_totals(officer, expected, decisions)
