"""What a programme is paid by, as names of parameters of its law, and an everyday plan to reckon a sum for. No figure of
the law stands here: pages read the values of the day.
"""

# Parameters that say how much, in the order in which people ask for them.
PROGRAMME_SUMS = {
    "welfare_survey": "casual_pay.hourly",
    "elder_care_station": "elder_aide.hourly elder_aide.hours_per_day reading.aides_per_community",
    "disability_day_care": "disability_aide.hourly disability_aide.users_each",
    "rental_housing": "rental.rent_monthly rental.supervision_monthly",
    "child_day_care": "child_carer.hourly child_carer.hourly_special child_carer.hours_per_day",
    "after_school_care": "after_school_tutor.hourly",
    "family_services": "lecturer_fee.hourly expert_fee.session",
    "growth_prevention": "lecturer_fee.hourly film.per_minute script_fee.per_thousand",
    "disaster_preparedness": "lecturer_fee.hourly expert_fee.session",
    "culture_preservation": "lecturer_fee.hourly film.per_minute script_fee.per_thousand",
    "indigenous_culture": "lecturer_fee.hourly film.per_minute script_fee.per_thousand",
    "community_vitality": "lecturer_fee.hourly expert_fee.session",
    "community_activities": "lecturer_fee.hourly",
    "space_improvement": "hired_labour.daily hired_labour.share",
    "local_industry": "lecturer_fee.hourly expert_fee.session",
    "welfare_services": "subsidy.case_cap subsidy.own_share",
    "flagship": "subsidy.case_cap subsidy.own_share",
    "activity_centre": "subsidy.case_cap subsidy.own_share",
}

# item: (question, unit, what is assumed in words, the line's quantities for n of the unit and m months). Where each of
# the n is paid for himself (EACH), n is 1 in the line and the sum counts n times.
DAYS_A_MONTH = 22
ESTIMATES = {
    "elder_aide": (
        "請幾位生活輔導員？", "位", "每天 4 小時、每月 22 天",
        lambda n, m: {"persons": n, "hours_per_day": 4, "days": DAYS_A_MONTH * m},
    ),
    "disability_aide": (
        "請幾位輔導人員？", "位", "每天 4 小時、每月 22 天",
        lambda n, m: {"persons": n, "hours_per_day": 4, "days": DAYS_A_MONTH * m},
    ),
    "after_school_tutor": (
        "請幾位課後照顧老師？", "位", "每天 2 小時、每月 22 天", lambda n, m: {"hours": 2 * DAYS_A_MONTH * m},
    ),
    "child_carer": (
        "照顧幾個孩子？", "個", "每天 8 小時、每週 5 天；一位照顧者顧這些孩子",
        lambda n, m: {"children": [{"age": 4}] * n, "hours_per_day": 8, "days_per_week": 5, "days": DAYS_A_MONTH * m},
    ),
    "landlord_rent": ("住進幾位？", "位", "整個月都住", lambda n, m: {"persons": n, "months": m}),
    "casual_pay": ("請幾位臨時人力？", "位", "每人每月 40 小時", lambda n, m: {"hours": 40 * m}),
    "lecturer_fee": ("每月上幾小時課？", "小時", "都請外面的講師", lambda n, m: {"hours": n * m, "in_house": False}),
}  # fmt: skip
EACH = ("after_school_tutor", "casual_pay")
MOST_OF_A_UNIT = 60


def estimated_item(usual):
    """The first of a programme's usual items (codes) that an everyday plan can be reckoned for; None without one."""
    return next((code for code in usual if code in ESTIMATES), None)
