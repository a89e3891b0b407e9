"""An everyday plan for an estimate, by item. No figure of the law is written here: pages read the values of the day."""

# item: (question, unit, the assumption in words, the line's quantities for n of the unit and m months). If each of the
# n persons has a limit of their own (EACH), n is 1 in the line and the sum counts n times.
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
