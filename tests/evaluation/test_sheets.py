"""Every judge has a sheet of their own: who writes in it, what counts, and what hides an association from a judge."""

import datetime as dt
from decimal import Decimal

import pytest

from communities.models import OfficeTerm
from evaluation.enums import Interest
from evaluation.models import Score, Sheet
from evaluation.queries import rounds, sheets
from evaluation.services.publishing import close
from evaluation.services.rounds import excuse
from evaluation.services.sheets import Marks, assign, declare, save, submit, take_back
from grants.services.applications.drafts import StaleError
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.evaluation import a_round, a_sheet, percent_of, score_fully

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    OrganisationFactory(phone="07-6612345")
    return a_round().entries.select_related("round", "organisation").get()


def again(sheet: Sheet) -> Sheet:
    return Sheet.objects.select_related("entry__round", "entry__organisation").get(pk=sheet.pk)


def test_a_second_judge_overwrites_nothing_and_the_result_is_the_mean(entry):
    first, second = score_fully(entry, 100), score_fully(entry, 50)
    a_sheet(entry)
    totals = [sum(score.points for score in again(sheet).scores.all()) for sheet in (first, second)]
    # The third has not submitted, so that sheet counts nowhere.
    assert (totals, sheets.result_of(entry).total) == ([100, 50], 75)


def test_half_points_are_kept_and_others_refused(entry):
    sheet = a_sheet(entry)
    indicator = entry.round.indicators.first()
    save(sheet.judge, sheet, Marks({indicator.pk: Decimal("7.5")}), edition=0)
    assert Score.objects.get().points == Decimal("7.5")
    for wrong in ("7.3", "-0.5", str(indicator.points + 1)):
        with pytest.raises(Refused, match="半分"):
            save(sheet.judge, sheet, Marks({indicator.pk: Decimal(wrong)}), edition=1)


def test_only_the_assigned_judge_writes_and_only_after_declaring(entry):
    sheet = a_sheet(entry)
    marks = Marks(percent_of(entry, 50))
    others = [person(Role.REVIEWER), entry.round.opened_by, person(Role.APPROVER), person(Role.REVIEWER, MIAOLI)]
    for other in others:
        with pytest.raises(Refused, match="被指派的委員本人"):
            save(other, sheet, marks, edition=0)
    undeclared = person(Role.REVIEWER)
    assign(entry.round.opened_by, entry.round, [entry], [undeclared])
    with pytest.raises(Refused, match="請先聲明"):
        save(undeclared, again(entry.sheets.get(judge=undeclared)), marks, edition=0)


def test_an_older_window_is_refused_and_writes_nothing(entry):
    sheet = a_sheet(entry)
    indicator = entry.round.indicators.first()
    save(sheet.judge, sheet, Marks({indicator.pk: Decimal(5)}, "先看帳冊"), edition=0)
    with pytest.raises(StaleError):
        save(sheet.judge, sheet, Marks({indicator.pk: Decimal(2)}, "另一個視窗"), edition=0)
    assert (again(sheet).comment, Score.objects.get().points) == ("先看帳冊", 5)


def test_a_sheet_counts_when_it_is_whole_and_stays_whole(entry):
    sheet = a_sheet(entry)
    points = percent_of(entry, 50)
    first = next(iter(points))
    save(sheet.judge, sheet, Marks(points | {first: None}), edition=0)
    with pytest.raises(Refused, match="還有1項"):
        submit(sheet.judge, sheet)
    save(sheet.judge, sheet, Marks(points), edition=1)
    submit(sheet.judge, sheet)
    with pytest.raises(Refused, match="還有1項"):
        save(sheet.judge, sheet, Marks({first: None}), edition=2)
    save(sheet.judge, sheet, Marks({first: Decimal(1)}), edition=2)
    assert again(sheet).submitted_on


def test_nothing_is_written_after_the_last_day_or_the_end_or_for_one_who_is_not_judged(entry):
    sheet, late = a_sheet(entry), Marks(percent_of(entry, 50))
    excuse(entry.round.opened_by, entry, "停止運作")
    with pytest.raises(Refused, match="停止運作"):
        save(sheet.judge, again(sheet), late, edition=0)
    excuse(entry.round.opened_by, entry, "")
    with clock.travel(entry.round.closes_on + dt.timedelta(days=1)), pytest.raises(Refused, match="截止"):
        save(sheet.judge, again(sheet), late, edition=0)
    with clock.travel(entry.round.closes_on):
        submit(sheet.judge, save(sheet.judge, again(sheet), late, edition=0))
    close(entry.round.opened_by, entry.round)
    with pytest.raises(Refused, match="已經結束"):
        save(sheet.judge, again(sheet), late, edition=1)


def test_who_is_assigned_is_notified_once_and_reads_no_more_of_it_when_done(entry):
    judge = person(Role.REVIEWER)
    for _time in range(2):
        assign(entry.round.opened_by, entry.round, [entry], [judge])
    assert (Sheet.objects.count(), Notice.objects.get(recipient=judge).closed_at) == (1, None)
    score_fully(entry, judge=judge)
    assert Notice.objects.get(recipient=judge).closed_at


def test_only_officers_assign_and_only_people_of_the_county(entry):
    with pytest.raises(Refused, match="承辦人安排"):
        assign(person(Role.APPROVER), entry.round, [entry], [person(Role.REVIEWER)])
    for stranger in (person(Role.REVIEWER, MIAOLI), person(Role.AUDITOR)):
        with pytest.raises(Refused, match="請選本縣"):
            assign(entry.round.opened_by, entry.round, [entry], [stranger])


def test_an_assignment_is_taken_back_until_it_was_submitted(entry):
    sheet, kept = a_sheet(entry), score_fully(entry)
    take_back(entry.round.opened_by, sheet)
    with pytest.raises(Refused, match="不能收回"):
        take_back(entry.round.opened_by, kept)
    assert list(Sheet.objects.all()) == [kept]


def test_an_interest_is_found_when_judges_are_assigned(entry):
    neighbour, officer_there, clear = person(Role.REVIEWER), person(Role.REVIEWER), person(Role.REVIEWER)
    User.objects.filter(pk=neighbour.pk).update(phone="(07)661-2345")
    member_of(entry.organisation, user=officer_there)
    done = assign(entry.round.opened_by, entry.round, [entry], [neighbour, officer_there, clear])
    assert (done.new, {sheet.judge_id for sheet in done.apart}) == (3, {neighbour.pk, officer_there.pk})
    assert entry.sheets.get(judge=neighbour).interest_note.startswith("電話相同")
    for person_apart in (neighbour, officer_there):
        with pytest.raises(Refused, match="利害關係"):
            declare(person_apart, again(entry.sheets.get(judge=person_apart)), conflict=False)
    assert not rounds.visible_entries(neighbour).exists()
    assert rounds.visible_entries(clear).exists()


def test_a_declared_interest_hides_the_association_in_every_post(entry):
    judge = entry.round.opened_by
    assign(judge, entry.round, [entry], [judge])
    assert entry in rounds.visible_entries(judge)
    declare(judge, again(entry.sheets.get()), conflict=True, note="曾任顧問")
    assert entry not in rounds.visible_entries(judge)
    assert not sheets.own_sheets(judge).exists()
    assert rounds.visible_entries(person(Role.AUDITOR)).exists()


def test_an_interest_that_appears_later_takes_the_sheet_out_at_the_end(entry):
    kept, out = score_fully(entry, 80), score_fully(entry, 20)
    first = dt.date(2010, 1, 1)
    name = out.judge.display_name
    OfficeTerm.objects.create(organisation=entry.organisation, office="staff", person_name=name, valid_from=first)
    close(entry.round.opened_by, entry.round)
    assert (again(out).interest, again(out).submitted_on) == (Interest.CONFLICT, None)
    assert sheets.result_of(entry).total == sum(score.points for score in again(kept).scores.all())


def test_judges_see_others_points_only_after_their_own(entry):
    officer = entry.round.opened_by
    score_fully(entry)
    mine = a_sheet(entry, officer)
    assert not rounds.sees_sheets(officer, entry.round)
    assert not rounds.sees_sheets(person(Role.REVIEWER), entry.round)
    assert rounds.sees_sheets(person(Role.AUDITOR), entry.round)
    submit(officer, save(officer, mine, Marks(percent_of(entry, 10)), edition=0))
    assert rounds.sees_sheets(officer, entry.round)
