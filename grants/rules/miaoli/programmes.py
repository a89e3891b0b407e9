"""The programmes of the plan and the questions that their clauses need, as rows.

Read through `catalogue`. A question is (key, label, help, type, clause, further fields).
"""

from grants.rules.catalogue import ProgrammeRow, QuestionRow

PART_TITLES = {"M": "福利社區化"}

_PARTNERS: tuple[QuestionRow, ...] = (
    ("partners", "合作夥伴", "公司、寺廟、學校、診所等。", "text", "M4.2", {}),
    ("volunteers", "志工人數", "", "int", "M4.5", {}),
    ("volunteer_hours", "志工預計服務時數", "", "number", "M4.5", {}),
)
PROGRAMME_ROWS: tuple[ProgrammeRow, ...] = (
    ("welfare_services", "福利社區化服務", "M", "M5.8", "社區發展協會在自己的社區辦福利服務。", _PARTNERS),
    ("flagship", "福利化社區小旗艦型計畫", "M", "M5.3", "績優社區帶著鄰近社區一起辦。",
     (*_PARTNERS, ("members_adjacent", "參加的社區都在鄰近鄉鎮嗎？", "選了結盟以後，照協議的鄉鎮市判斷。", "bool", "M4.4a", {}))),
    ("activity_centre", "社區活動中心及充實設備", "M", "M5.9a", "公所佈建社區活動中心、充實設備。",
     (("centre", "哪一個活動中心", "照登錄的名稱寫；要新建的，寫新的名稱。", "text", "M5.9a", {"needed": True}),
      ("needs", "需求說明", "居民實際需要什麼？現在的設備為什麼不夠？", "text", "M5.9b", {"needed": True}))),
)  # fmt: skip

# Parameters that say how much a programme pays, in the order in which people ask for them.
PROGRAMME_SUMS = {
    "welfare_services": "subsidy.case_cap subsidy.own_share",
    "flagship": "subsidy.case_cap subsidy.own_share",
    "activity_centre": "subsidy.case_cap subsidy.own_share",
}

# The programme's usual items; everything else may be asked for as well.
_COURSE = "lecturer_fee course_materials printing meals insurance decoration"
USUAL_ITEMS = {
    "welfare_services": f"{_COURSE} stationery participant_transport travel miscellaneous",
    "flagship": f"{_COURSE} coach_hire travel stationery miscellaneous",
    "activity_centre": "equipment repairs computer_supplies miscellaneous",
}
