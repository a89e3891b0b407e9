"""An auditor's sample: the seed decides alone, anybody draws it again, and nobody draws unseen until it pleases."""

import csv
import io
from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.enums import Tier
from grants.enums import ConflictGround
from grants.models import AuditSample, Conflict
from grants.queries.audit.sampling import frame_of
from grants.rules.sampling import draw, lowest
from grants.services.audit.check_sheets import checks
from grants.services.audit.sampling import draw_sample
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import money
from tests.factories.accounts import person
from tests.grants.sampling import plan_of
from tests.grants.settling import paid_first

pytestmark = pytest.mark.django_db
LIST = "/audit/samples/"


@pytest.fixture
def auditor():
    return person(Role.AUDITOR)


def awards(*totals):
    staff = money.county()
    return [money.approved((total,), staff=staff) for total in totals]


def drawn(sample):
    return {stratum["label"].partition("，")[2]: [row[0] for row in stratum["drawn"]] for stratum in sample.strata}


def by_hand(seed, numbers, count):
    """What anybody reckons from the sentence on the page."""
    found = sorted((int(sha256(f"{seed} {n}".encode()).hexdigest()[:16], 16) % 10_000, n) for n in numbers)
    return [number for _draw, number in found[:count]]


def test_the_lowest_draws_are_taken_and_equal_ones_by_number():
    numbers = [f"88-099-{n:04}" for n in range(1, 41)]
    assert lowest("0990601", numbers, 5) == by_hand("0990601", numbers, 5)
    assert lowest("0990601", reversed(numbers), 5) == lowest("0990601", numbers, 5)
    assert lowest("0990602", numbers, 5) != lowest("0990601", numbers, 5)
    assert lowest("0990601", numbers[:2], 5) == by_hand("0990601", numbers[:2], 2)
    seed = "2"
    same = next(
        (a, b) for a in map(str, range(200)) for b in map(str, range(200)) if a < b and draw(seed, a) == draw(seed, b)
    )
    assert lowest(seed, same[::-1], 1) == [same[0]]


def test_each_band_gives_its_own(auditor):
    small = awards(1, 50_000, 49_999)
    middle, large = awards(50_001, 100_000), awards(100_001)
    sample = draw_sample(auditor, plan_of(large[0]))
    wanted = {
        "50,000 元以下": by_hand("0990601", [row.number for row in small], 2),
        "超過 50,000 元到 100,000 元": by_hand("0990601", [row.number for row in middle], 2),
        "超過 100,000 元": [large[0].number],
    }
    assert drawn(sample) == wanted
    assert (sample.size, sample.count, sample.turn, sample.drawn_by) == (6, 5, 1, auditor)
    assert sorted(sample.frame[0]) == sorted(row.number for row in small)
    (row,) = [row for row in sample.strata[0]["drawn"] if row[0] == wanted["50,000 元以下"][0]]
    award = next(award for award in small if award.number == row[0])
    assert row[1:] == (draw("0990601", award.number), award.total, award.total)


def test_by_tier_and_by_scheme(auditor):
    first, second = awards(60_000, 70_000)
    body = first.application.organisation
    body.current_tier = Tier.EXCELLENT
    body.save()
    tiers = draw_sample(auditor, plan_of(first, by=AuditSample.By.TIER))
    assert [(row["label"], row["drawn"][0][0]) for row in tiers.strata] == [
        ("績優型", first.number), ("沒有分級", second.number),
    ]  # fmt: skip
    scheme = draw_sample(auditor, plan_of(first, by=AuditSample.By.SCHEME))
    name = first.application.scheme.name
    assert [row["label"] for row in scheme.strata] == [f"{name}，超過 50,000 元到 100,000 元"]


def test_another_year_and_another_county_are_left_out(auditor):
    here, last_year = awards(60_000, 60_000)
    type(last_year).objects.filter(pk=last_year.pk).update(approved_on=here.approved_on.replace(year=2009))
    type(here).objects.filter(pk=awards(60_000)[0].pk).update(county="miaoli")
    assert [[row.number for row in rows] for _label, rows in frame_of(plan_of(here))] == [[here.number]]
    with pytest.raises(Refused, match="沒有核定的案件"):
        draw_sample(auditor, plan_of(here, year=2008))


def test_each_draw_stays_and_is_counted(auditor):
    (award,) = awards(60_000)
    plan = plan_of(award)
    first = draw_sample(auditor, plan)
    # Pressed twice, it is one.
    assert draw_sample(auditor, plan).pk == first.pk
    second = draw_sample(person(Role.AUDITOR), plan_of(award, seed="another"))
    assert (second.turn, AuditSample.objects.count()) == (2, 2)
    entries = AuditEntry.objects.filter(action="audit.sample").order_by("seq")
    assert [(row.actor_name, row.after["seed"], row.after["frame_size"], row.after["turn"]) for row in entries] == [
        (str(auditor), "0990601", 1, 1), (str(second.drawn_by), "another", 1, 2),
    ]  # fmt: skip
    assert entries[0].after["drawn"] == [award.number]


def test_somebody_else_draws_nothing(auditor):
    (award,) = awards(60_000)
    for other in (person(Role.AUDITOR, "miaoli"), person(Role.APPROVER)):
        with pytest.raises(Refused, match="稽核人員才能抽樣"):
            draw_sample(other, plan_of(award))


def test_too_many_are_refused(auditor, monkeypatch):
    monkeypatch.setattr("grants.services.audit.sampling.MOST", 1)
    first, _second = awards(60_000, 60_000)
    assert draw_sample(auditor, plan_of(first, per=1)).count == 1
    with pytest.raises(Refused, match="這樣會抽出 2 件，一次最多 1 件"):
        draw_sample(auditor, plan_of(first))


def test_the_pages(client, auditor):
    first, second = awards(60_000, 70_000)
    client.force_login(auditor)
    assert "還沒有抽過" in client.get(LIST).content.decode()
    wish = {"county": "kaohsiung", "year": "2010", "by": "programme", "small": "50,000", "large": "100,000"}
    refused = client.post(LIST, {**wish, "large": "50,000", "per": "2", "seed": "x"})
    assert (refused.status_code, "中額要比小額多。" in refused.content.decode()) == (422, True)
    answer = client.post(LIST, {**wish, "per": "１", "seed": " 0990601 "})
    sample = AuditSample.objects.get()
    assert answer.url == f"{LIST}{sample.pk}/"
    page = client.get(answer.url).content.decode()
    (number,) = by_hand("0990601", [first.number, second.number], 1)
    (left,) = {first.number, second.number} - {number}
    assert (f"/audit/cases/{number}/" in page, left in page, "2 件抽 1 件" in page) == (True, False, True)
    assert "99 年核定的案件，第 1 次抽樣" in client.get(LIST).content.decode()
    rows = _rows(client.post(answer.url, {"export": "csv"}))
    assert [row[1:3] + row[5:7] for row in rows[1:]] == [[number, str(draw("0990601", number)), *2 * [_total(number)]]]
    frame = _rows(client.post(answer.url, {"frame": "csv"}))
    assert {row[1]: (row[2], row[3]) for row in frame[1:]} == {
        number: (str(draw("0990601", number)), "抽中"), left: (str(draw("0990601", left)), ""),
    }  # fmt: skip
    assert AuditEntry.objects.latest("seq").after == {
        "list": "audit-frame", "format": "csv", "query": str(sample.pk), "rows": 2,
    }  # fmt: skip
    client.force_login(person(Role.AUDITOR, "miaoli"))
    assert client.get(answer.url).status_code == 404
    client.force_login(person(Role.APPROVER))
    assert client.get(answer.url).status_code == 403


def _total(number):
    return str(AuditSample.objects.get().strata[0]["drawn"][0][3]) if number else ""


def _rows(answer):
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_a_case_of_an_interest_is_drawn_and_not_shown(client, auditor):
    (award,) = awards(60_000)
    Post.objects.create(user=auditor, role=Role.REVIEWER, county="kaohsiung", valid_from=clock.today())
    sample = draw_sample(auditor, plan_of(award))
    Conflict.objects.create(
        application=award.application, person=auditor, ground=ConflictGround.DECLARED, found_on=clock.today()
    )
    client.force_login(auditor)
    page = client.get(f"{LIST}{sample.pk}/").content.decode()
    assert (award.number in page, award.application.organisation.name in page) == (True, False)
    answer = client.get(f"{LIST}{sample.pk}/sheets.pdf", follow=True)
    assert "抽中的案件您都要迴避" in answer.content.decode()


def test_a_sheet_says_what_the_portal_knows(auditor):
    people = money.county()
    award = money.approved(staff=people)
    paid_first(award, people)
    found = {check.name: check.known for check in checks(award.application)}
    assert list(found) == ["申請", "法規檢核", "雙人覆核", "公文", "撥款", "結報", "檔案"]
    paid = f"{award.instalments.get(number=1).amount:,}"
    assert (found["雙人覆核"], found["撥款"]) == ("系統沒有找到要查明的", f"已撥 {paid} 元，繳回 0 元")


def test_the_sheets_are_printed(client, auditor, monkeypatch):
    (award,) = awards(60_000)
    sample = draw_sample(auditor, plan_of(award))
    printed = []
    monkeypatch.setattr(pdf, "render", lambda html, **_more: printed.append(html) or b"%PDF-1.7")
    client.force_login(auditor)
    answer = client.get(f"{LIST}{sample.pk}/sheets.pdf")
    assert (answer["Content-Type"], answer.content) == ("application/pdf", b"%PDF-1.7")
    assert (award.number in printed[0], printed[0].count("□ 不符"), "核對人" in printed[0]) == (True, 7, True)
    noted = AuditEntry.objects.latest("seq")
    assert (noted.action, noted.after["file_name"]) == ("read.file", f"check-sheets-{sample.pk}.pdf")


def test_a_long_list_of_draws_asks_the_database_as_often(client, auditor):
    (award,) = awards(60_000)
    client.force_login(auditor)
    counted = []
    for seed in ("a", "b", "c"):
        draw_sample(auditor, plan_of(award, seed=seed))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(LIST)
        counted.append(len(asked))
    assert counted[1] == counted[2]
