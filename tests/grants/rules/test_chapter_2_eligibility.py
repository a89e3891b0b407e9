"""貳: who may apply and where."""

import pytest

from grants.rules.bounds import Context
from grants.rules.kaohsiung_88.chapter_2_eligibility import old_name
from tests.grants.rules.build import LAW, case, found, ruling


def severities(the_case, clause, rulings=()):
    return [f.severity for f in found(the_case, clause, rulings=rulings)]


class TestRegisteredInTheCounty:
    @pytest.mark.parametrize("kind", ["community_association", "welfare_institution", "civic_group"])
    def test_kinds(self, kind):
        assert severities(case(organisation={"kind": kind}), "K2.1a") == []
        assert severities(case(organisation={"kind": kind, "county": "苗栗縣"}), "K2.1a") == ["error"]
        assert severities(case(organisation={"kind": kind, "nonprofit": False}), "K2.1a") == ["error"]

    @pytest.mark.parametrize("kind", ["individual", "church", "school", "township_office"])
    def test_other_kinds(self, kind):
        assert severities(case(organisation={"kind": kind}), "K2.1a") == ["error"]

    def test_all_reasons_in_one_finding(self):
        findings = found(case(organisation={"kind": "individual", "county": "苗栗縣", "nonprofit": False}), "K2.1a")
        assert [f.message for f in findings] == [
            "申請單位不符合資格：單位類別要是社會福利機構、民間團體或社區組織、要在高雄縣登記立案、不能是以營利為目的。"
        ]

    @pytest.mark.parametrize(
        ("on", "township", "expected"),
        [
            ("2010-12-25", "旗山區", []),
            ("2010-12-24", "旗山區", ["error"]),
            ("2011-03-01", "鳳山區", []),
            ("2010-12-25", "旗山鎮", []),
            ("2010-12-24", "旗山鎮", ["error"]),
            ("2011-03-01", "旗山鄉", ["error"]),
            ("2011-03-01", "三民區", ["error"]),
            ("2011-03-01", "泰安鄉", ["error"]),
            ("2011-03-01", "", ["error"]),
        ],
    )
    def test_after_the_merger_the_new_names_count(self, on, township, expected):
        organisation = {"county": "高雄市", "township": township}
        assert severities(case(submitted_on=on, organisation=organisation), "K2.1a") == expected

    def test_old_names_alone_where_the_county_rules_so(self):
        for township in ("旗山區", "旗山鎮"):
            asked = case(submitted_on="2011-01-01", organisation={"county": "高雄市", "township": township})
            assert severities(asked, "K2.1a", [ruling("reading.county_names", "old_only")]) == ["error"]
        assert severities(case(submitted_on="2011-01-01"), "K2.1a", [ruling("reading.county_names", "old_only")]) == []

    @pytest.mark.parametrize(
        ("township", "name"), [("旗山區", "旗山鎮"), ("旗山鎮", "旗山鎮"), ("三民區", "三民區"), ("旗山鄉", "旗山鄉")]
    )
    def test_the_name_of_2010(self, township, name):
        ctx = Context(case(submitted_on="2011-03-01"), LAW)
        assert old_name(ctx, township) == name


class TestIndigenousTownships:
    @pytest.mark.parametrize("kind", ["township_office", "church", "school"])
    @pytest.mark.parametrize(
        ("township", "expected"),
        [("桃源鄉", []), ("那瑪夏鄉", []), ("茂林鄉", []), ("旗山鎮", ["error"]), ("", ["error"])],
    )
    def test_where(self, kind, township, expected):
        asked = case(organisation={"kind": kind, "township": township})
        assert severities(asked, "K2.2") == expected
        assert severities(asked, "K2.1a") == expected

    def test_new_name(self):
        organisation = {"kind": "church", "county": "高雄市", "township": "桃源區"}
        assert severities(case(submitted_on="2011-01-01", organisation=organisation), "K2.2") == []
        assert severities(case(submitted_on="2010-12-01", organisation=organisation), "K2.2") == ["error"]

    def test_an_association_there_is_judged_by_its_registration(self):
        organisation = {"township": "桃源鄉", "county": "苗栗縣"}
        assert severities(case(organisation=organisation), "K2.1a") == ["error"]
        assert severities(case(organisation=organisation), "K2.2") == []


class TestNational:
    @pytest.mark.parametrize(
        ("on", "last", "expected"),
        [
            ("2010-03-15", "2007-03-15", []),
            ("2010-03-15", "2007-03-14", ["error"]),
            ("2010-03-15", "2010-03-14", []),
            ("2012-02-29", "2009-02-28", []),
            ("2012-02-29", "2009-02-27", ["error"]),
            ("2010-03-15", None, ["error"]),
        ],
    )
    def test_three_years_the_day_included(self, on, last, expected):
        organisation = {"kind": "national_nonprofit", "county": "臺北市", "township": "", "last_service_on": last}
        asked = case(submitted_on=on, organisation=organisation)
        assert severities(asked, "K2.3") == expected
        assert severities(asked, "K2.1a") == []

    def test_for_profit(self):
        organisation = {"kind": "national_nonprofit", "nonprofit": False, "last_service_on": "2010-01-01"}
        assert severities(case(organisation=organisation), "K2.3") == ["error"]

    def test_message(self):
        organisation = {"kind": "national_nonprofit", "last_service_on": "2007-03-14"}
        expected = "全國性團體最近三年內要在本縣提供過服務，最晚是 96年3月15日。"
        assert [f.message for f in found(case(organisation=organisation), "K2.3")] == [expected]

    @pytest.mark.parametrize(("last", "expected"), [("2006-08-08", []), ("2006-08-07", ["error"])])
    def test_counted_from_the_typhoon_where_ruled(self, last, expected):
        asked = case(organisation={"kind": "national_nonprofit", "last_service_on": last})
        assert severities(asked, "K2.3", [ruling("reading.recent_years_from", "typhoon")]) == expected

    def test_between_the_two(self):
        asked = case(organisation={"kind": "national_nonprofit", "last_service_on": "2006-08-08"})
        band = [ruling("reading.recent_years_from", strict="submission", lenient="typhoon")]
        assert severities(asked, "K2.3", band) == ["warning"]


class TestServiceArea:
    SEVEN = ("旗山鎮", "杉林鄉", "甲仙鄉", "六龜鄉", "茂林鄉", "桃源鄉", "那瑪夏鄉")

    @pytest.mark.parametrize(
        "programme", ["elder_care_station", "rental_housing", "growth_prevention", "space_improvement"]
    )
    def test_all_seven(self, programme):
        assert severities(case(programme=programme, service_area=list(self.SEVEN)), "K2.4") == []

    @pytest.mark.parametrize(
        ("programme", "expected"),
        [
            ("elder_care_station", "error"),
            ("rental_housing", "error"),
            ("child_day_care", "warning"),
            ("disaster_preparedness", "warning"),
        ],
    )
    def test_outside(self, programme, expected):
        for area in (["美濃鎮"], ["旗山鎮", "美濃鎮"]):
            assert severities(case(programme=programme, service_area=area), "K2.4") == [expected]

    def test_new_names(self):
        assert severities(case(submitted_on="2011-01-01", service_area=["旗山區"]), "K2.4") == []
        assert severities(case(submitted_on="2010-12-24", service_area=["旗山區"]), "K2.4") == ["warning"]
        assert severities(case(submitted_on="2011-01-01", service_area=["美濃區"]), "K2.4") == ["warning"]

    @pytest.mark.parametrize(
        ("reading", "station", "growth"), [("seven", ["error"], ["error"]), ("wider", ["error"], [])]
    )
    def test_ruled(self, reading, station, growth):
        rulings = [ruling("reading.area", reading)]
        assert severities(case(programme="elder_care_station", service_area=["美濃鎮"]), "K2.4", rulings) == station
        assert severities(case(service_area=["美濃鎮"]), "K2.4", rulings) == growth

    def test_blank(self):
        assert [(f.severity, f.kind) for f in found(case(service_area=[]), "K2.4")] == [("error", "blank")]


class TestProof:
    @pytest.mark.parametrize(
        ("documents", "stage", "expected"),
        [
            (None, "submission", []),
            ([], "draft", []),
            ([], "submission", ["error"]),
            (["registration_certificate"], "submission", []),
            (["service_proof"], "approval", ["error"]),
        ],
    )
    def test_certificate(self, documents, stage, expected):
        assert severities(case(documents=documents, stage=stage), "K2.1a") == expected

    @pytest.mark.parametrize(("documents", "expected"), [([], ["error"]), (["service_proof"], []), (None, [])])
    def test_service(self, documents, expected):
        organisation = {"kind": "national_nonprofit", "last_service_on": "2010-01-01"}
        assert severities(case(documents=documents, organisation=organisation), "K2.3") == expected

    def test_an_indigenous_school_needs_none(self):
        organisation = {"kind": "school", "township": "桃源鄉"}
        assert found(case(documents=[], organisation=organisation), "K2.1a", "K2.2", "K2.3") == []
