# ruff: noqa: E501  one line a number
"""Every number and reading of the law once more, by hand kept beside the law files: a change there must be meant here too."""

import datetime as dt

from grants.rules.ruleset import load

# parameter: (first day, strict side, lenient side) …
TABLE = {
    "kaohsiung_88": {
        "eligibility.county": [("2010-01-08", "高雄縣", "高雄縣")],
        "eligibility.kinds": [("2010-01-08", ["welfare_institution", "civic_group", "community_association"], ["welfare_institution", "civic_group", "community_association"])],
        "eligibility.indigenous_townships": [("2010-01-08", ["桃源鄉", "那瑪夏鄉", "茂林鄉"], ["桃源鄉", "那瑪夏鄉", "茂林鄉"])],
        "eligibility.indigenous_kinds": [("2010-01-08", ["township_office", "church", "school"], ["township_office", "church", "school"])],
        "eligibility.recent_years": [("2010-01-08", 3, 3)],
        "eligibility.typhoon": [("2010-01-08", "2009-08-08", "2009-08-08")],
        "area.reconstruction": [("2010-01-08", ["旗山鎮", "杉林鄉", "甲仙鄉", "六龜鄉", "茂林鄉", "桃源鄉", "那瑪夏鄉"], ["旗山鎮", "杉林鄉", "甲仙鄉", "六龜鄉", "茂林鄉", "桃源鄉", "那瑪夏鄉"])],
        "area.strict_programmes": [("2010-01-08", ["elder_care_station", "rental_housing"], ["elder_care_station", "rental_housing"])],
        "area.successor_from": [("2010-01-08", "2010-12-25", "2010-12-25")],
        "area.successor_county": [("2010-01-08", "高雄市", "高雄市")],
        "area.townships": [("2010-01-08", ["鳳山市", "林園鄉", "大寮鄉", "大樹鄉", "大社鄉", "仁武鄉", "鳥松鄉", "岡山鎮", "橋頭鄉", "燕巢鄉", "田寮鄉", "阿蓮鄉", "路竹鄉", "湖內鄉", "茄萣鄉", "永安鄉", "彌陀鄉", "梓官鄉", "旗山鎮", "美濃鎮", "六龜鄉", "甲仙鄉", "杉林鄉", "內門鄉", "茂林鄉", "桃源鄉", "那瑪夏鄉"], ["鳳山市", "林園鄉", "大寮鄉", "大樹鄉", "大社鄉", "仁武鄉", "鳥松鄉", "岡山鎮", "橋頭鄉", "燕巢鄉", "田寮鄉", "阿蓮鄉", "路竹鄉", "湖內鄉", "茄萣鄉", "永安鄉", "彌陀鄉", "梓官鄉", "旗山鎮", "美濃鎮", "六龜鄉", "甲仙鄉", "杉林鄉", "內門鄉", "茂林鄉", "桃源鄉", "那瑪夏鄉"])],
        "reading.recent_years_from": [("2010-01-08", "submission", "submission")],
        "reading.area": [("2010-01-08", "seven", "wider")],
        "reading.county_names": [("2010-01-08", "successor", "successor")],
        "statistics.every_months": [("2010-01-08", 1, 1)],
        "statistics.due_day": [("2010-01-08", 10, 10)],
        "station.sessions_per_week": [("2010-01-08", 1, 1)],
        "station.hours_per_session": [("2010-01-08", 4, 4)],
        "station.hours_per_session_upper": [("2010-01-08", 5, 5)],
        "reading.session_hours": [("2010-01-08", "at_least_four", "at_least_four")],
        "station.visits_per_month": [("2010-01-08", 1, 1)],
        "station.meal_days": [("2010-01-08", 5, 5)],
        "station.user_fee": [("2010-01-08", 150, 150)],
        "station.meal_fee_low": [("2010-01-08", 20, 20)],
        "station.meal_fee_middle": [("2010-01-08", 30, 30)],
        "station.meal_fee_general": [("2010-01-08", 50, 50)],
        "reading.user_fees": [("2010-01-08", "compulsory", "optional")],
        "elder_aide.hourly": [("2010-01-08", 100, 100)],
        "elder_aide.hours_per_day": [("2010-01-08", 4, 4)],
        "elder_aide.elders_each": [("2010-01-08", 10, 10)],
        "reading.aides_per_community": [("2010-01-08", 3, 4)],
        "reading.ratio": [("2010-01-08", "floor", "ceil")],
        "surcharge.payers_share": [("2010-01-08", [1, 2], [1, 2])],
        "surcharge.extra_share": [("2010-01-08", [20, 100], [20, 100])],
        "reading.surcharge_base": [("2010-01-08", "actual", "actual")],
        "day_care.class_hours": [("2010-01-08", 20, 20)],
        "day_care.months": [("2010-01-08", 3, 3)],
        "day_care.users": [("2010-01-08", 15, 15)],
        "day_care.age_from": [("2010-01-08", 15, 15)],
        "day_care.age_to": [("2010-01-08", 64, 64)],
        "day_care.age_to_indigenous": [("2010-01-08", 55, 55)],
        "reading.users_when": [("2010-01-08", "throughout", "at_start")],
        "rental.residents_per_house": [("2010-01-08", 4, 4)],
        "rental.rent_monthly": [("2010-01-08", 9000, 9000)],
        "rental.supervision_monthly": [("2010-01-08", 300, 300)],
        "reading.part_months": [("2010-01-08", "pro_rata", "pro_rata")],
        "reading.child_age": [("2010-01-08", 5, 6)],
        "child_care.training_hours": [("2010-01-08", 2, 2)],
        "after_school.majority": [("2010-01-08", [1, 2], [1, 2])],
        "disaster.parts": [("2010-01-08", ["meeting", "hazards", "shelter", "map", "resources", "rescue"], ["meeting", "hazards", "shelter", "map", "resources", "rescue"])],
        "reading.disaster_parts": [("2010-01-08", "all_six", "examples")],
        "rounding.cap": [("2010-01-08", "floor", "floor")],
        "reading.cap_on": [("2010-01-08", "subsidy", "subsidy")],
        "reading.fixed_or_maximum": [("2010-01-08", "maximum", "maximum")],
        "expert_fee.session": [("2010-01-08", 2000, 2000)],
        "lecturer_fee.hourly": [("2010-01-08", 1600, 1600)],
        "lecturer_fee.in_house_share": [("2010-01-08", [1, 2], [1, 2])],
        "lecturer_fee.step": [("2010-01-08", [1, 2], [1, 2])],
        "reading.in_house": [("2010-01-08", "members_too", "officers_and_staff")],
        "disability_aide.hourly": [("2010-01-08", 120, 120)],
        "disability_aide.users_each": [("2010-01-08", 10, 10)],
        "child_carer.hourly": [("2010-01-08", 100, 100)],
        "child_carer.hourly_special": [("2010-01-08", 120, 120)],
        "reading.child_rate": [("2010-01-08", "per_child", "per_child")],
        "child_carer.hours_per_day": [("2010-01-08", 10, 10)],
        "child_carer.days_per_week": [("2010-01-08", 5, 5)],
        "child_carer.children": [("2010-01-08", 4, 4)],
        "child_carer.infants": [("2010-01-08", 2, 2)],
        "child_carer.infant_age": [("2010-01-08", 2, 2)],
        "after_school_tutor.hourly": [("2010-01-08", 350, 350)],
        "reading.monthly_cap": [("2010-01-08", "together", "each_clause")],
        "casual_pay.hourly": [("2010-01-08", 95, 95)],
        "reading.below_statutory": [("2010-01-08", "text", "text")],
        "hired_labour.daily": [("2010-01-08", 800, 800)],
        "hired_labour.share": [("2010-01-08", [10, 100], [10, 100])],
        "reading.labour_base": [("2010-01-08", "total", "total")],
        "script_fee.per_thousand": [("2010-01-08", 630, 630)],
        "reading.script_fee": [("2010-01-08", "pro_rata", "pro_rata")],
        "film.per_minute": [("2010-01-08", 10000, 10000)],
        "film.per_case": [("2010-01-08", 300000, 300000)],
        "reading.film": [("2010-01-08", "application", "application")],
        "insurance.kinds": [("2010-01-08", ["volunteer", "activity", "venue"], ["volunteer", "activity", "venue"])],
        "participant_transport.trip": [("2010-01-08", 100, 100)],
        "reading.trips": [("2010-01-08", "one_a_day", "every_trip")],
        "admin_overhead.share": [("2010-01-08", [10, 100], [10, 100])],
        "reading.admin_base": [("2010-01-08", "exclusive", "inclusive")],
        "reading.admin_flat": [("2010-01-08", "ceiling", "ceiling")],
        "reading.manpower": [("2010-01-08", "applied", "granted")],
        "reading.same_year": [("2010-01-08", "submission_year", "submission_year")],
        "words.admin_kinds": [("2010-01-08", ["電話費", "水電費", "郵電費", "網路費"], ["電話費", "水電費", "郵電費", "網路費"])],
        "words.entertainment": [("2010-01-08", ["自強活動", "慶生", "餐宴", "聚餐", "出遊"], ["自強活動", "慶生", "餐宴", "聚餐", "出遊"])],
        "words.advertising": [("2010-01-08", ["廣告", "促銷"], ["廣告", "促銷"])],
        "words.works": [("2010-01-08", ["環境工程", "發包", "承攬"], ["環境工程", "發包", "承攬"])],
        "reading.exclusions": [("2010-01-08", "exclude", "purely")],
        "reading.duplicate": [("2010-01-08", "forbid", "split")],
        "window.project_end": [("2010-01-08", "2012-12-31", "2012-12-31")],
        "window.closes": [("2010-01-08", "2012-12-31", "2012-12-31")],
        "land.consent_years": [("2010-01-08", 3, 3)],
        "reading.consent_from": [("2010-01-08", "project_end", "submission")],
        "review.weights": [("2010-01-08", [25, 25, 25, 25], [25, 25, 25, 25])],
        "instalment.threshold": [("2010-01-08", 100000, 100000)],
        "instalment.first_share": [("2010-01-08", [50, 100], [50, 100])],
        "instalment.at_threshold": [("2010-01-08", "two_stage", "two_stage")],
        "rounding.instalment": [("2010-01-08", "floor", "floor")],
        "settlement.months": [("2010-01-08", 1, 1)],
        "settlement.reminder_days": [("2010-01-08", [30, 14, 3, 0, -1], [30, 14, 3, 0, -1])],
        "reading.completion": [("2010-01-08", "actual", "actual")],
        "ban.years": [("2010-01-08", 2, 2)],
        "reading.ban_year": [("2010-01-08", "project", "project")],
        "reading.next_application": [("2010-01-08", "next", "next")],
        "envelope.yearly": [("2010-01-01", 30000000, 30000000), ("2011-01-01", 30000000, 30000000), ("2012-01-01", 30000000, 30000000)],
        "envelope.last_year": [("2010-01-08", 2012, 2012)],
        "reading.envelope": [("2010-01-08", "soft", "soft")],
        "statutory.basic_wage.monthly": [("2007-07-01", 17280, 17280), ("2011-01-01", 17880, 17880), ("2012-01-01", 18780, 18780), ("2013-04-01", 19047, 19047), ("2014-07-01", 19273, 19273), ("2015-07-01", 20008, 20008), ("2017-01-01", 21009, 21009), ("2018-01-01", 22000, 22000), ("2019-01-01", 23100, 23100), ("2020-01-01", 23800, 23800), ("2021-01-01", 24000, 24000), ("2022-01-01", 25250, 25250), ("2023-01-01", 26400, 26400), ("2024-01-01", 27470, 27470), ("2025-01-01", 28590, 28590), ("2026-01-01", 29500, 29500)],
        "statutory.basic_wage.hourly": [("2007-07-01", 95, 95), ("2011-01-01", 98, 98), ("2012-01-01", 103, 103), ("2013-01-01", 109, 109), ("2014-01-01", 115, 115), ("2015-07-01", 120, 120), ("2016-10-01", 126, 126), ("2017-01-01", 133, 133), ("2018-01-01", 140, 140), ("2019-01-01", 150, 150), ("2020-01-01", 158, 158), ("2021-01-01", 160, 160), ("2022-01-01", 168, 168), ("2023-01-01", 176, 176), ("2024-01-01", 183, 183), ("2025-01-01", 190, 190), ("2026-01-01", 196, 196)],
    },
    "miaoli": {
        "subsidy.unit_caps": [],
        "subsidy.case_cap": [],
        "subsidy.own_share": [],
        "project.within_year": [("2000-01-01", True, True)],
        "eligibility.county": [("2000-01-01", "苗栗縣", "苗栗縣")],
        "eligibility.kinds": [("2000-01-01", ["community_association"], ["community_association"])],
        "eligibility.centre_kinds": [("2000-01-01", ["township_office"], ["township_office"])],
        "flagship.lead_tier": [("2000-01-01", "excellent", "excellent")],
        "profile.months": [("2000-01-01", 12, 12)],
        "reading.cap_on": [("2000-01-01", "subsidy", "subsidy")],
        "rounding.cap": [("2000-01-01", "floor", "floor")],
    },
}  # fmt: skip


def plain(value):
    return value.isoformat() if isinstance(value, dt.date) else value


def told(law):
    return {
        name: [(v.starts_on.isoformat(), plain(v.strict), plain(v.lenient)) for v in parameter.values]
        for name, parameter in load(law).parameters.items()
    }


def test_the_regulation():
    assert told("kaohsiung_88") == TABLE["kaohsiung_88"]


def test_the_plan():
    assert told("miaoli") == TABLE["miaoli"]
