"""The rule set of a day: dated values, readings, rulings laid over, and its hash."""

import datetime as dt
import hashlib

import pytest

from grants.rules.ruleset import NoValue, Parameter, RuleSet, Value, from_files, load, name_of
from grants.rules.rulings import RulingError
from tests.grants.rules.build import LAW, ruling

DAY = dt.date(2010, 6, 1)
DAY_1 = {"from": "2010-06-01", "value": 1}
LOOSER, A_DATE = "the strict side is looser than the lenient one", "a date such as 2010-03-15 is needed"


def of(name):
    return {"parameter": name, "from": "2010-06-01"}


LECTURER, SHARE = of("lecturer_fee.hourly"), of("admin_overhead.share")


class TestValues:
    def test_value_in_force(self):
        assert LAW.value("lecturer_fee.hourly", DAY) == 1600
        assert LAW.value("lecturer_fee.hourly", LAW.effective_from) == 1600

    def test_before_the_first_start_there_is_no_guess(self):
        with pytest.raises(NoValue, match=r"lecturer_fee\.hourly has no value on 2010-01-07"):
            LAW.value("lecturer_fee.hourly", dt.date(2010, 1, 7))
        with pytest.raises(NoValue):
            LAW.on(dt.date(2010, 1, 7)).strict["lecturer_fee.hourly"]

    def test_unknown(self):
        with pytest.raises(NoValue, match="no parameter nothing"):
            LAW.value("nothing", DAY)

    @pytest.mark.parametrize(
        ("on", "monthly", "hourly"),
        [
            ("2007-07-01", 17280, 95),
            ("2010-12-31", 17280, 95),
            ("2011-01-01", 17880, 98),
            ("2011-12-31", 17880, 98),
            ("2012-01-01", 18780, 103),
            ("2013-01-01", 18780, 109),
            ("2013-03-31", 18780, 109),
            ("2013-04-01", 19047, 109),
            ("2014-01-01", 19047, 115),
            ("2014-07-01", 19273, 115),
            ("2015-07-01", 20008, 120),
            ("2016-10-01", 20008, 126),
            ("2026-01-01", 29500, 196),
        ],
    )
    def test_basic_wage_by_its_own_dates(self, on, monthly, hourly):
        day = dt.date.fromisoformat(on)
        assert LAW.value("statutory.basic_wage.monthly", day) == monthly
        assert LAW.value("statutory.basic_wage.hourly", day) == hourly

    def test_wage_of_a_month(self):
        assert [LAW.in_month("statutory.basic_wage.monthly", m) for m in ("2010-12", "2011-01")] == [17280, 17880]

    def test_both_sides_of_a_reading(self):
        sides = LAW.on(DAY)
        assert (sides.strict["reading.aides_per_community"], sides.lenient["reading.aides_per_community"]) == (3, 4)
        assert LAW.value("reading.aides_per_community", DAY, "lenient") == 4
        assert LAW.parameter("reading.A1").name == "reading.aides_per_community"


class TestRulings:
    @pytest.mark.parametrize(("on", "value"), [("2010-05-31", 1600), ("2010-06-01", 1700), ("2012-12-31", 1700)])
    def test_from_its_day_on(self, on, value):
        law = LAW.with_rulings([ruling("lecturer_fee.hourly", 1700, since="2010-06-01")])
        assert law.value("lecturer_fee.hourly", dt.date.fromisoformat(on)) == value
        assert LAW.value("lecturer_fee.hourly", dt.date.fromisoformat(on)) == 1600

    def test_a_later_start_takes_its_place(self):
        law = LAW.with_rulings([ruling("statutory.basic_wage.hourly", 99, since="2010-06-01")])
        days = (dt.date(2010, 12, 31), dt.date(2011, 1, 1))
        assert [law.value("statutory.basic_wage.hourly", day) for day in days] == [99, 98]

    def test_the_later_ruling_of_a_day_counts(self):
        law = LAW.with_rulings([ruling("lecturer_fee.hourly", 1), ruling("lecturer_fee.hourly", 2)])
        assert law.value("lecturer_fee.hourly", DAY) == 2

    def test_several_lay_over_in_the_order_of_their_days(self):
        rulings = [
            ruling("lecturer_fee.hourly", 2, since="2011-01-01"),
            ruling("lecturer_fee.hourly", 1, since="2010-06-01"),
        ]
        law = LAW.with_rulings(rulings)
        assert [law.value("lecturer_fee.hourly", dt.date(year, 6, 1)) for year in (2010, 2011)] == [1, 2]

    def test_memo_and_sides_are_kept(self):
        law = LAW.with_rulings([ruling("reading.aides_per_community", strict=2, lenient=5)])
        value = law.parameter("reading.aides_per_community").at(DAY)
        assert (value.strict, value.lenient, value.memo, value.settled) == (2, 5, "府社字第1號", False)

    def test_none(self):
        assert LAW.with_rulings([]) is LAW
        assert LAW.with_rulings(None) is LAW

    def test_every_parameter_takes_its_own_value_as_a_ruling(self):
        for name, parameter in LAW.parameters.items():
            value = parameter.values[-1]
            written = value.strict.isoformat() if isinstance(value.strict, dt.date) else value.strict
            again = LAW.with_rulings([ruling(name, written, since="2012-06-01")])
            assert again.value(name, dt.date(2012, 6, 1)) == value.strict, name

    @pytest.mark.parametrize(
        ("values", "key", "reason"),
        [
            ({"parameter": "nothing", **DAY_1}, "rulings.parameter", "no parameter 'nothing'"),
            (DAY_1, "rulings.parameter", "no parameter None"),
            ({**LECTURER, "value": "1600"}, "rulings.value", "'1600' is no int for lecturer_fee.hourly"),
            ({**LECTURER, "value": True}, "rulings.value", "True is no int for lecturer_fee.hourly"),
            ({**LECTURER, "value": -1}, "rulings.value", "-1 is no int for lecturer_fee.hourly"),
            (LECTURER, "rulings.value", "either value, or strict and lenient"),
            ({**LECTURER, "value": 1, "strict": 1}, "rulings.value", "either value, or strict and lenient"),
            ({**LECTURER, "value": 1, "lenient": 1}, "rulings.value", "either value, or strict and lenient"),
            ({**LECTURER, "strict": 1}, "rulings.value", "None is no int for lecturer_fee.hourly"),
            ({**LECTURER, "lenient": 1}, "rulings.value", "None is no int for lecturer_fee.hourly"),
            ({**LECTURER, "strict": 2, "lenient": 1}, "rulings.strict", LOOSER),
            ({**of("day_care.users"), "strict": 1, "lenient": 2}, "rulings.strict", LOOSER),
            ({**of("reading.ratio"), "strict": "ceil", "lenient": "floor"}, "rulings.strict", LOOSER),
            ({**of("reading.ratio"), "value": "round"}, "rulings.value", "'round' is no choice for reading.ratio"),
            ({**SHARE, "value": [1, 0]}, "rulings.value", "[1, 0] is no ratio for admin_overhead.share"),
            ({**SHARE, "value": [-1, 2]}, "rulings.value", "[-1, 2] is no ratio for admin_overhead.share"),
            ({**SHARE, "value": [1]}, "rulings.value", "[1] is no ratio for admin_overhead.share"),
            ({**SHARE, "value": [1, 2, 3]}, "rulings.value", "[1, 2, 3] is no ratio for admin_overhead.share"),
            ({**SHARE, "value": [1.5, 2]}, "rulings.value", "[1.5, 2] is no ratio for admin_overhead.share"),
            ({**of("window.closes"), "value": "soon"}, "rulings.value", "None is no date for window.closes"),
            ({**LECTURER, "from": "soon", "value": 1}, "rulings.from", A_DATE),
            ({"parameter": "lecturer_fee.hourly", "value": 1}, "rulings.from", A_DATE),
            ({**LECTURER, "value": 1, "memo": 5}, "rulings.memo", "text is needed"),
            ({**LECTURER, "value": 1, "note": "x"}, "rulings.note", "unknown key"),
            ("lecturer_fee.hourly", "rulings", "an object is needed"),
        ],
    )
    def test_refused(self, values, key, reason):
        with pytest.raises(RulingError) as refused:
            LAW.with_rulings([values])
        assert (refused.value.key, refused.value.reason) == (key, reason)
        assert str(refused.value) == f"{key}: {reason}"

    @pytest.mark.parametrize(
        ("amounts", "refused"),
        [
            ({"meals": 0}, False),
            ({"meals": 1, "film": 2}, False),
            ({"meals": -1}, True),
            ({"meals": "1"}, True),
            ({"meals": True}, True),
            ({1: 1}, True),
            ({"meals": 1, "film": -1}, True),
            ([1], True),
        ],
    )
    def test_a_table_is_of_amounts(self, amounts, refused):
        table = of("subsidy.unit_caps") | {"value": amounts}
        if not refused:
            assert load("miaoli").with_rulings([table]).value("subsidy.unit_caps", DAY) == amounts
            return
        with pytest.raises(RulingError, match=r"^rulings\.value: .* is no table for subsidy\.unit_caps$"):
            load("miaoli").with_rulings([table])

    @pytest.mark.parametrize("share", [[0, 1], [1, 1], [7, 3]])
    def test_shares_that_can_be(self, share):
        assert LAW.with_rulings([{**SHARE, "value": share}]).value("admin_overhead.share", DAY) == share

    def test_nothing_is_a_number_too(self):
        assert LAW.with_rulings([{**LECTURER, "value": 0}]).value("lecturer_fee.hourly", DAY) == 0

    @pytest.mark.parametrize(("memo", "kept"), [("府社字第2號", "府社字第2號"), ("", "—"), (None, "—")])
    def test_a_ruling_without_its_memo_says_so(self, memo, kept):
        law = LAW.with_rulings([{**LECTURER, "value": 1, "memo": memo}])
        assert law.parameter("lecturer_fee.hourly").at(DAY).memo == kept

    def test_a_wage_that_starts_within_a_month_counts_from_the_next(self):
        law = LAW.with_rulings([ruling("statutory.basic_wage.monthly", 20000, since="2010-05-02")])
        assert [law.in_month("statutory.basic_wage.monthly", f"2010-{m}") for m in ("05", "06")] == [17280, 20000]


def test_a_value_as_it_is_shown():
    shown = Value(dt.date(2010, 1, 8), dt.date(2012, 12, 31), 4, "府社字第1號").as_dict()
    assert shown == {"from": "2010-01-08", "strict": "2012-12-31", "lenient": 4, "memo": "府社字第1號"}


def test_a_value_of_a_day_without_it_names_both():
    with pytest.raises(NoValue) as missing:
        LAW.on(dt.date(2010, 1, 7)).strict["lecturer_fee.hourly"]
    assert (missing.value.name, missing.value.on) == ("lecturer_fee.hourly", dt.date(2010, 1, 7))


class TestHash:
    def test_same_text_and_rulings_same_hash(self):
        rulings = [ruling("lecturer_fee.hourly", 1700)]
        assert LAW.with_rulings(rulings).sha256 == LAW.with_rulings(rulings).sha256
        assert LAW.with_rulings(rulings).sha256 != LAW.sha256
        assert LAW.with_rulings(rulings).sha256 != LAW.with_rulings([ruling("lecturer_fee.hourly", 1701)]).sha256
        assert load("miaoli").sha256 != LAW.sha256

    def test_the_name_is_that_of_the_text_and_the_rulings_in_canonical_form(self):
        text, rulings = "a" * 64, [{"value": 1, "from": dt.date(2010, 6, 1), "memo": "府"}]
        written = f'["{text}", [{{"from": "2010-06-01", "memo": "府", "value": 1}}]]'
        assert name_of(text, rulings) == hashlib.sha256(written.encode()).hexdigest()
        assert LAW.sha256 == name_of(LAW.text_sha256, [])
        laid_over = LAW.with_rulings([ruling("lecturer_fee.hourly", 1700)])
        assert laid_over.text_sha256 == LAW.text_sha256
        assert laid_over.sha256 == name_of(LAW.text_sha256, [ruling("lecturer_fee.hourly", 1700)])

    def test_the_text_is_that_of_its_files_in_order(self):
        names = ["kaohsiung_88.toml", "basic_wage.toml", *(f"kaohsiung_88_clauses_{n}.toml" for n in range(10))]
        assert list(LAW.files) == names
        parts = " ".join(hashlib.sha256(LAW.files[name].encode()).hexdigest() for name in names)
        assert LAW.text_sha256 == hashlib.sha256(parts.encode()).hexdigest()

    def test_hash_is_of_the_text_files(self):
        assert len(LAW.sha256) == 64
        assert load("kaohsiung_88") is LAW


class TestClauses:
    def test_a_clause_tells_its_words_and_place(self):
        clause = LAW.clause("K4.1.2")
        assert clause.label == "肆、一、2"
        assert clause.phrase == "辦理課程外聘師資鐘點費，最高每小時1600元（內聘減半）"
        assert clause.document == "高雄縣88災後社區及生活重建協力方案補助辦法"
        assert clause.enforcement == ("E",)

    @pytest.mark.parametrize(
        ("clause", "label"),
        [
            ("K3.I.2.1.4a", "參、PART I、二、1(4)"),
            ("K3.I.7.1–2", "參、PART I、七、1–2"),
            ("K3.II.2–4", "參、PART II、二至四"),
            ("K4.2.11–12", "肆、二、11–12"),
            ("K5.2a", "伍、二"),
            ("K6.2.2b", "陸、二、2"),
            ("K7.3c", "柒、三"),
            ("K9.1", "玖"),
        ],
    )
    def test_labels(self, clause, label):
        assert LAW.clause(clause).label == label

    def test_miaoli_labels(self):
        assert load("miaoli").clause("M5.8").label == "伍、八"
        assert load("miaoli").clause("M4.3a").label == "肆、三"

    def test_all_clauses_of_both_documents(self):
        assert (len(LAW.clauses), len(load("miaoli").clauses)) == (136, 30)


SMALL = """
[law]
slug = "small"
title = "小辦法"
document = "小辦法條文"
confirmed_on = 2010-01-08
closed_clause = "S1"

[parameter.plain]
title = "最簡單"
clause = "S1"

[parameter."reading.full"]
title = "最完整"
clause = "S2"
type = "choice"
unit = "位"
direction = "max"
source = "函釋彙編"
confirmed_on = 2010-02-01
ambiguity = "A1"
question = "幾位？"
why = "文字如此"
choices = { three = "三位", four = "四位" }
default = true
values = [
    { from = 2010-01-08, strict = "three", lenient = "four" },
    { from = 2011-01-01, value = "four", memo = "府社字第1號" },
]
"""


class TestReading:
    """A law file as it is read, with every key given and with nothing but the required ones."""

    @pytest.fixture
    def law(self):
        return from_files("small", {"small.toml": SMALL})

    def test_the_least(self, law):
        assert law.parameters["plain"] == Parameter(
            "plain", "最簡單", "S1", "int", "", "", "小辦法條文", dt.date(2010, 1, 8), "", "", "", {}, (), False
        )

    def test_everything(self, law):
        values = (
            Value(dt.date(2010, 1, 8), "three", "four", ""),
            Value(dt.date(2011, 1, 1), "four", "four", "府社字第1號"),
        )
        assert law.parameters["reading.full"] == Parameter(
            "reading.full",
            "最完整",
            "S2",
            "choice",
            "位",
            "max",
            "函釋彙編",
            dt.date(2010, 2, 1),
            "A1",
            "幾位？",
            "文字如此",
            {"three": "三位", "four": "四位"},
            values,
            True,
        )

    def test_a_law_may_stand_without_parameters(self):
        bare = from_files("small", {"small.toml": SMALL[: SMALL.index("[parameter")]})
        assert (bare.parameters, bare.title, bare.effective_from) == ({}, "小辦法", None)


class TestKeptFiles:
    """A rule set made again of the texts it was read from, and of another text."""

    def edited(self, old, new):
        files = dict(LAW.files)
        assert files["kaohsiung_88.toml"].count(old) == 1
        files["kaohsiung_88.toml"] = files["kaohsiung_88.toml"].replace(old, new)
        return from_files("kaohsiung_88", files)

    def test_the_same_texts_make_the_same_law(self):
        again = from_files("kaohsiung_88", LAW.files)
        assert (again.sha256, again.text_sha256) == (LAW.sha256, LAW.text_sha256)
        assert (again.parameters, again.clauses) == (LAW.parameters, LAW.clauses)

    def test_only_its_own_files_are_kept_and_counted(self):
        everything = {**LAW.files, **load("miaoli").files}
        assert from_files("kaohsiung_88", everything).files == LAW.files
        assert sorted(load("miaoli").files) == ["miaoli.toml", "miaoli_clauses.toml"]
        assert from_files("miaoli", everything).sha256 == load("miaoli").sha256

    def test_another_number_is_another_law(self):
        text = LAW.files["kaohsiung_88.toml"]
        start = text.index('[parameter."lecturer_fee.hourly"]')
        block = text[start : text.index("[parameter", start + 1)]
        other = self.edited(block, block.replace("1600", "1599"))
        assert (other.value("lecturer_fee.hourly", DAY), LAW.value("lecturer_fee.hourly", DAY)) == (1599, 1600)
        assert other.sha256 != LAW.sha256
        assert other.clauses == LAW.clauses

    def test_other_words_of_a_clause_are_another_law(self):
        files = dict(LAW.files)
        files["kaohsiung_88_clauses_4.toml"] = files["kaohsiung_88_clauses_4.toml"].replace("內聘減半", "內聘不減")
        other = from_files("kaohsiung_88", files)
        assert "內聘不減" in other.clause("K4.1.2").phrase
        assert "內聘減半" in LAW.clause("K4.1.2").phrase
        assert other.text_sha256 != LAW.text_sha256

    def test_rulings_lie_over_kept_texts_too(self):
        rulings = [ruling("lecturer_fee.hourly", 1700)]
        assert from_files("kaohsiung_88", LAW.files).with_rulings(rulings).sha256 == LAW.with_rulings(rulings).sha256
        assert LAW.with_rulings(rulings).files is LAW.files


def test_a_value_is_settled_where_both_sides_are_the_same():
    day = dt.date(2010, 1, 8)
    assert [Value(day, 1, lenient).settled for lenient in (1, 2)] == [True, False]


def test_a_role_is_asked_for_by_its_name_and_a_law_may_fill_none():
    assert LAW.cite("ban_misused") != ""
    bare = RuleSet({"slug": "bare", "title": "", "document": ""}, {}, {}, "")
    assert bare.cite("ban_misused") == ""
    with pytest.raises(KeyError, match=r"^'no_such_role'$"):
        LAW.cite("no_such_role")


@pytest.mark.parametrize("weights", [[1, 0, 0, 0], [25, 25, 25, 25]])
def test_weights_are_one_for_each_criterion_and_some_may_be_zero(weights):
    law = LAW.with_rulings([ruling("review.weights", weights)])
    assert list(law.value("review.weights", dt.date(2010, 6, 1), "strict")) == weights


@pytest.mark.parametrize("weights", [[0, 0, 0, 0], [50, 50, 0], [50, 50, -1, 1], [20, 20, 20, 20, 20]])
def test_weights_that_weigh_nothing_or_are_too_few_are_refused(weights):
    with pytest.raises(RulingError, match=r"is no list for review\.weights"):
        LAW.with_rulings([ruling("review.weights", weights)])


def test_a_whole_is_a_ratio():
    law = LAW.with_rulings([ruling("surcharge.payers_share", [1, 1])])
    assert tuple(law.value("surcharge.payers_share", dt.date(2010, 6, 1), "strict")) == (1, 1)
