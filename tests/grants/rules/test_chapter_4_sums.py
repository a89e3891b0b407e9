"""肆: limits over several lines, people and applications."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.engine import evaluate
from tests.grants.rules.build import LAW, brief, case, found, line, ruling


def aides(persons, **more):
    return line("elder_aide", 100, persons=persons, hours_per_day=1, days=1, **more)


class TestAidesToElders:
    BOTH = ("K4.1.3.2a", "K3.I.2.1.4a")

    @pytest.mark.parametrize(
        ("elders", "persons", "expected"),
        [
            (30, 3, []),
            (30, 4, [("error", 1, 3)]),
            (29, 3, [("warning", 1, 2)]),
            (31, 4, [("warning", 1, 3)]),
            (31, 5, [("error", 1, 3)]),
            (9, 1, [("warning", 1, 0)]),
            (9, 2, [("error", 1, 0)]),
            (0, 1, [("error", 1, 0)]),
            (10, 1, []),
        ],
    )
    def test_every_ten(self, elders, persons, expected):
        findings = found(case(aides(persons), elders=elders), *self.BOTH)
        assert [(f.severity, f.over, f.suggested) for f in findings] == expected * 2
        assert {f.unit for f in findings} <= {"persons"}

    @pytest.mark.parametrize(
        ("reading", "elders", "expected"), [("floor", 29, "error"), ("ceil", 29, None), ("ceil", 20, "error")]
    )
    def test_ruled(self, reading, elders, expected):
        findings = found(case(aides(3), elders=elders), *self.BOTH, rulings=[ruling("reading.ratio", reading)])
        assert [f.severity for f in findings] == ([expected] * 2 if expected else [])

    def test_blank_elders(self):
        findings = found(case(aides(1)), *self.BOTH)
        assert [(f.severity, f.kind, f.fact) for f in findings] == [("error", "blank", "elders")] * 2
        assert found(case(line("printing", 1)), *self.BOTH) == []


class TestHeads:
    """People are counted once a month: lines of different months are not added, a name counts once."""

    @pytest.mark.parametrize(
        ("lines", "heads"),
        [
            ([aides(2), aides(2)], 4),
            ([aides(2, month="2010-05"), aides(2, month="2010-06")], 2),
            ([aides(2, month="2010-05"), aides(2, month="2010-05")], 4),
            ([aides(2), aides(2, month="2010-05"), aides(1, month="2010-06")], 4),
            ([aides(1, person="甲"), aides(1, person="甲")], 1),
            ([aides(1, person="甲"), aides(1, person="乙")], 2),
            ([aides(1, person="甲"), aides(1, person="甲", month="2010-05")], 1),
            ([aides(2, person="甲")], 2),
            ([aides(None, person="甲")], 1),
            ([aides(None), aides(2)], 2),
        ],
    )
    def test_counted(self, lines, heads):
        findings = found(case(*lines, elders=0), "K4.1.3.2a")
        assert [f.requested for f in findings if f.kind == "limit"] == [heads]


class TestDisabilityAideRatio:
    @pytest.mark.parametrize(
        ("users", "persons", "expected"), [(20, 2, []), (19, 2, [("warning", 1, 1)]), (20, 3, [("error", 1, 2)])]
    )
    def test_every_ten(self, users, persons, expected):
        asked = line("disability_aide", 120, persons=persons, hours_per_day=1, days=1)
        answered = [{"age": 30, "indigenous": False}] * users
        assert brief(case(asked, users=answered), "K4.1.3.1") == expected

    def test_blank_users(self):
        asked = line("disability_aide", 120, persons=1, hours_per_day=1, days=1)
        assert [(f.kind, f.fact) for f in found(case(asked), "K4.1.3.1")] == [("blank", "users")]


class TestAidesOfACommunity:
    BOTH = ("K4.1.3.2b", "K3.I.2.1.4b")

    @pytest.mark.parametrize(
        ("here", "elsewhere", "expected"),
        [
            (3, 0, []),
            (4, 0, [("warning", 1, 3)]),
            (5, 0, [("error", 1, 3)]),
            (6, 0, [("error", 2, 3)]),
            (2, 1, []),
            (2, 2, [("warning", 1, 1)]),
            (2, 3, [("error", 1, 0)]),
            (1, 5, [("error", 2, 0)]),
            (0, 5, []),
            (None, 4, [("warning", 1, 0)]),
        ],
    )
    def test_three_or_four(self, here, elsewhere, expected):
        asked = case(aides(here), elders=100, elsewhere={"community_aides": elsewhere})
        findings = found(asked, *self.BOTH)
        assert [(f.severity, f.over, f.suggested) for f in findings] == expected * 2

    @pytest.mark.parametrize(
        ("value", "expected"), [(4, []), (3, [("error", 1, 3)] * 2), (2, [("error", 2, 2)] * 2), (5, [])]
    )
    def test_ruled(self, value, expected):
        asked = case(aides(4), elders=100)
        assert brief(asked, *self.BOTH, rulings=[ruling("reading.aides_per_community", value)]) == expected

    @pytest.mark.parametrize(("since", "severity"), [("2010-03-15", "error"), ("2010-03-16", "warning")])
    def test_the_day_a_ruling_takes_effect(self, since, severity):
        ruled = [ruling("reading.aides_per_community", 3, since=since)]
        assert {f.severity for f in found(case(aides(4), elders=100), *self.BOTH, rulings=ruled)} == {severity}

    @pytest.mark.parametrize(("here", "ruled", "most"), [(4, None, "3 或 4"), (5, None, "4"), (4, 3, "3"), (6, 5, "5")])
    def test_the_sentence_names_the_limit_that_is_broken(self, here, ruled, most):
        rulings = [ruling("reading.aides_per_community", ruled)] if ruled else []
        findings = found(case(aides(here), elders=100), *self.BOTH, rulings=rulings)
        assert [f.message.partition("，")[0] for f in findings] == [f"每一社區最多補助 {most} 位生活輔導員"] * 2

    def test_others_alone_do_not_speak(self):
        assert found(case(line("printing", 1), elsewhere={"community_aides": 9}), *self.BOTH) == []


def labour(requested, **more):
    return line("hired_labour", requested, days=10**6, **more)


@pytest.mark.parametrize(("item", "clause"), [("hired_labour", "K4.1.5b"), ("admin_overhead", "K4.6.3a")])
class TestWholeShares:
    """A share of the whole or more, by a ruling, binds nothing but the total."""

    def test_a_share_of_one_never_binds(self, item, clause):
        more = {"days": 10**6} if item == "hired_labour" else {}
        asked = case(line(item, 500, **more), line("printing", 10))
        rulings = [ruling(f"{'hired_labour' if more else 'admin_overhead'}.share", [1, 1])]
        evaluation = evaluate(asked, LAW.with_rulings(rulings))
        assert [f for f in evaluation.findings if f.clause == clause and f.severity == "error"] == []
        (meter,) = [m for m in evaluation.totals.meters if m.clause == clause]
        assert (meter.used, meter.lenient) == (500, 510)


def test_a_share_shows_its_name_and_arithmetic():
    asked = case(
        line(
            "admin_overhead",
            11,
        ),
        line("printing", 90),
    )
    (meter,) = [m for m in evaluate(asked, LAW).totals.meters if m.clause == "K4.6.3a"]
    assert (meter.label, meter.arithmetic) == ("行政管理費", "其他項目 90 元，最多 9 元（10%）")
    (finding,) = found(asked, "K4.6.3a")
    assert (finding.severity, finding.arithmetic) == ("error", "其他項目 90 元，最多 10 元")


class TestLabourShare:
    @pytest.mark.parametrize(
        ("rest", "used", "expected"),
        [
            (80000, 8888, []),
            (80000, 8889, [("error", 1, 8888)]),
            (90000, 10000, []),
            (0, 1, [("error", 1, 0)]),
            (0, 0, []),
        ],
    )
    def test_a_tenth_of_the_whole(self, rest, used, expected):
        assert brief(case(labour(used), line("printing", rest)), "K4.1.5b") == expected

    def test_several_lines_are_one_share(self):
        findings = found(case(labour(5000), labour(5001), line("printing", 90000)), "K4.1.5b")
        assert [(f.over, f.line) for f in findings] == [(1, None)]

    def test_the_admin_fee_is_part_of_the_whole(self):
        assert brief(case(labour(10000), line("printing", 80000), line("admin_overhead", 10000)), "K4.1.5b") == []

    def test_ruled_to_the_rest_without_labour_and_admin(self):
        rest = [ruling("reading.labour_base", "rest")]
        lines = [line("printing", 80000), line("admin_overhead", 10000)]
        assert brief(case(labour(8000), *lines), "K4.1.5b", rulings=rest) == []
        assert brief(case(labour(8001), *lines), "K4.1.5b", rulings=rest) == [("error", 1, 8000)]

    def test_band_between_rest_and_total(self):
        band = [ruling("reading.labour_base", strict="rest", lenient="total")]
        findings = [
            brief(case(labour(n), line("printing", 90000)), "K4.1.5b", rulings=band) for n in (9000, 9001, 10000, 10001)
        ]
        assert findings == [[], [("warning", 1, 9000)], [("warning", 1000, 9000)], [("error", 1, 9000)]]

    @given(st.integers(0, 10**7), st.integers(0, 10**7))
    def test_closed_form(self, used, rest):
        findings = found(case(labour(used), line("printing", rest)), "K4.1.5b")
        assert bool(findings) == (10 * used > used + rest)


class TestAdminShare:
    @pytest.mark.parametrize(
        ("rest", "used", "expected"),
        [
            (90000, 9000, []),
            (90000, 9001, [("warning", 1, 9000)]),
            (90000, 10000, [("warning", 1000, 9000)]),
            (90000, 10001, [("error", 1, 9000)]),
            (90009, 9000, []),
            (90009, 10001, [("warning", 1001, 9000)]),
            (90009, 10002, [("error", 1, 9000)]),
            (0, 1, [("error", 1, 0)]),
        ],
    )
    def test_a_tenth_of_the_rest_or_of_the_whole(self, rest, used, expected):
        assert brief(case(line("admin_overhead", used), line("printing", rest)), "K4.6.3a") == expected

    @pytest.mark.parametrize(("value", "most"), [("exclusive", 9000), ("inclusive", 10000)])
    @pytest.mark.parametrize("name", ["reading.admin_base", "reading.A5"])
    def test_ruled(self, name, value, most):
        rulings = [ruling(name, value)]
        assert brief(case(line("admin_overhead", most), line("printing", 90000)), "K4.6.3a", rulings=rulings) == []
        findings = brief(case(line("admin_overhead", most + 1), line("printing", 90000)), "K4.6.3a", rulings=rulings)
        assert findings == [("error", 1, most)]

    def test_several_lines_are_one_fee(self):
        findings = found(
            case(line("admin_overhead", 5000), line("admin_overhead", 5001), line("printing", 90000)), "K4.6.3a"
        )
        assert [(f.severity, f.over, f.line) for f in findings] == [("error", 1, None)]

    @given(st.integers(0, 10**7), st.integers(0, 10**7))
    def test_closed_forms(self, used, rest):
        findings = found(case(line("admin_overhead", used), line("printing", rest)), "K4.6.3a")
        severity = "error" if 10 * used > used + rest else "warning" if 10 * used > rest else None
        assert [f.severity for f in findings] == ([severity] if severity else [])


class TestFilms:
    def test_all_films_of_the_application(self):
        film = line("film", 150000, seconds=900)
        assert found(case(film, film), "K4.1.7b") == []
        findings = found(case(film, line("film", 150001, seconds=901)), "K4.1.7b")
        assert [(f.severity, f.over, f.suggested, f.line) for f in findings] == [("error", 1, 300000, None)]
        assert [f.line for f in found(case(line("film", 300001, seconds=1801)), "K4.1.7b")] == ["1"]

    def test_each_film_where_the_county_rules_so(self):
        each = [ruling("reading.film", "film")]
        film = line("film", 300000, seconds=1800)
        assert brief(case(film, film), "K4.1.7b") == [("error", 300000, 300000)]
        assert brief(case(film, film), "K4.1.7b", rulings=each) == []
        findings = found(case(film, line("film", 300001, seconds=1801)), "K4.1.7b", rulings=each)
        assert [(f.over, f.line) for f in findings] == [(1, "2")]
        both = [line("film", 300000 + over, seconds=1900) for over in (1, 2)]
        assert [(f.over, f.line) for f in found(case(*both), "K4.1.7b", rulings=each)] == [(1, "1"), (2, "2")]

    def test_between_the_readings(self):
        band = [ruling("reading.film", strict="application", lenient="film")]
        film = line("film", 300000, seconds=1800)
        assert brief(case(film, film), "K4.1.7b", rulings=band) == [("warning", 300000, 300000)]


class TestAdminBesideTheManpowerGrant:
    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            ("none", []),
            ("refused", []),
            ("granted", [("error", 5000, 0)]),
            ("pending", [("warning", 5000, 0)]),
            ("unknown", [("warning", 5000, 0)]),
        ],
    )
    def test_status(self, status, expected):
        lines = [line("admin_overhead", 5000), line("printing", 90000)]
        assert brief(case(*lines, organisation={"manpower_grant": status}), "K4.6.1") == expected
        assert brief(case(lines[1], organisation={"manpower_grant": status}), "K4.6.1") == []
        reasons = [finding.basis for finding in found(case(*lines, organisation={"manpower_grant": status}), "K4.6.1")]
        assert reasons == ["已有人力支持計畫，行政管理費 0 元"] * len(expected)

    @pytest.mark.parametrize(("reading", "severity"), [("applied", ["error"]), ("granted", [])])
    def test_ruled(self, reading, severity):
        asked = case(line("admin_overhead", 5000), organisation={"manpower_grant": "pending"})
        assert [f.severity for f in found(asked, "K4.6.1", rulings=[ruling("reading.manpower", reading)])] == severity


class TestSeveralApplications:
    @pytest.mark.parametrize(("others", "expected"), [(0, []), (1, ["warning"]), (3, ["warning"])])
    def test_admin_fee_is_explained(self, others, expected):
        asked = case(line("admin_overhead", 5000), organisation={"applications_this_year": others})
        assert [f.severity for f in found(asked, "K4.6.2")] == expected
        bare = case(line("printing", 5000), organisation={"applications_this_year": others})
        assert found(bare, "K4.6.2") == []

    def test_the_year_named_is_that_of_the_submission_unless_ruled(self):
        asked = case(
            line("admin_overhead", 5000),
            organisation={"applications_this_year": 1},
            starts_on="2011-01-01",
            ends_on="2011-06-30",
        )
        assert found(asked, "K4.6.2")[0].message.startswith("99年")
        assert found(asked, "K4.6.2", rulings=[ruling("reading.same_year", "project_year")])[0].message.startswith(
            "100年"
        )

    def test_nothing_to_explain_where_the_tenth_is_flat(self):
        asked = case(line("admin_overhead", 5000), organisation={"applications_this_year": 1})
        assert found(asked, "K4.6.2", rulings=[ruling("reading.admin_flat", "flat")]) == []
