"""The programmes of 參 as rows: the questions that their clauses need, what they pay and the papers that they ask for.

Read through `catalogue`. A question is (key, label, help, type, clause, further fields).
"""

from grants.rules.catalogue import ProgrammeRow, QuestionRow

PART_TITLES = {"I": "PART I 社區福利照顧方案", "II": "PART II 社區生活重建方案"}

# fmt: off
COMMON_QUESTIONS: tuple[QuestionRow, ...] = (
    ("activity", "活動性質", "只有自強活動、慶生會、餐宴這類玩樂的活動不補助。", "choice", "K5.2a",
     {"choices": (("regular", "一般服務或學習活動"), ("entertainment_only", "單純娛樂活動"))}),
    ("course", "有開課嗎？", "有課程就要附課程表、講師資歷和培訓後的行動方案。", "bool", "K6.2.3", {}),
    ("land_use", "會使用土地或公共空間嗎？", "例如綠美化、種菜、整理空地。使用土地要附同意書。", "bool", "K6.2.2a", {}),
    ("consent_until", "土地使用同意到哪一天？", "同意書的期限要在三年以上。", "date", "K6.2.2b", {"depends": "land_use"}),
    ("works_contract", "會把環境工程包給廠商做嗎？", "發包的社區環境工程不補助；買材料自己動手做可以。", "bool", "K5.2e",
     {"items": ("site_materials", "hired_labour", "repairs", "haulage", "equipment_hire")}),
    ("advertising", "刊物是用來打廣告嗎？", "作為廣告宣傳的社區刊物不補助。", "bool", "K5.2b",
     {"items": ("printing", "layout_editing", "script_fee")}),
    ("hired_show", "會請外面的團體辦大型展演嗎？", "外聘的大型藝術展演不補助。", "bool", "K5.2c",
     {"items": ("expert_fee", "lecturer_fee", "equipment_hire", "equipment_rental", "decoration")}),
    ("cram_school", "是補習班，或是收費的升學補習嗎？", "補習教育不補助。", "bool", "K5.2d",
     {"items": ("lecturer_fee", "after_school_tutor")}),
)

_PICK = "可以複選；清單沒有的也可以自己寫。"
_STATION: tuple[QuestionRow, ...] = (
    ("elders", "服務幾位長者？", "參加健康促進和用餐的長者人數；每 10 位設 1 位生活輔導員。", "int", "K3.I.2.1.4a", {}),
    ("sessions_per_week", "每星期辦幾次？", "每星期至少 1 次。", "int", "K3.I.2.1.1", {}),
    ("hours_per_session", "每次幾小時？", "每次至少 4 小時。", "number", "K3.I.2.1.1", {}),
    ("visits_per_month", "每位長者每月訪視或電話問安幾次？", "每月至少 1 次。", "int", "K3.I.2.1.2", {}),
    ("meal_days_per_week", "每星期供餐幾天？", "規定每星期五次；不是五次請說明。", "int", "K3.I.2.1.3", {}),
    ("lunch_and_dinner", "午餐和晚餐都有嗎？", "規定午餐及晚餐都要有。", "bool", "K3.I.2.1.3", {}),
    ("user_fee_monthly", "每人每月收費多少元？", "規定每月至少 150 元。", "money", "K3.I.2.1.5", {}),
    ("meal_fee_low", "低收入戶每餐收費多少元？", "規定 20 元。", "money", "K3.I.2.1.6", {}),
    ("meal_fee_middle", "中低收入戶每餐收費多少元？", "規定 30 元。", "money", "K3.I.2.1.6", {}),
    ("meal_fee_general", "一般戶每餐收費多少元？", "規定 50 元。", "money", "K3.I.2.1.6", {}),
)
_DAY_CARE: tuple[QuestionRow, ...] = (
    ("users", "服務對象名單（只填年齡）", "15 至 64 歲，原住民 15 至 55 歲，要有 15 位。不用填姓名。", "list", "K3.I.3.2c",
     {"columns": (("age", "年齡", "int"), ("indigenous", "原住民", "bool"))}),
    ("class_hours_per_week", "每星期課程幾小時？", "每個服務地點每星期 20 小時以上。", "number", "K3.I.3.2a", {}),
    ("services", "提供哪些服務？", "至少一項。", "choices", "K3.I.3.1",
     {"choices": (("visits", "訪視、問安、諮詢及轉介"), ("meals", "餐飲"), ("health", "健康促進"), ("skills", "技藝學習"))}),
)
_RENTAL: tuple[QuestionRow, ...] = (
    ("houses", "租屋清單", "一戶一列；每戶最多住四位，每位要有自己的房間。", "list", "K3.I.4.5.3",
     {"columns": (("residents", "住幾位", "int"), ("rooms", "房間數", "int"))}),
    ("residents", "住進來的人", "一人一列，不用填姓名。", "list", "K3.I.4.1",
     {"columns": (("relocation_subsidy", "領有房屋安遷補助", "bool"), ("mild_disability", "輕度失能", "bool"),
                  ("lives_alone", "獨居", "bool"), ("assessed_on", "長照中心評估日期", "date"), ("moves_in_on", "入住日期", "date"))}),
    ("supervisor", "督導人員是誰？", "每月要去看房舍和住的人。", "text", "K3.I.4.5.1", {}),
)
_AFTER_SCHOOL: tuple[QuestionRow, ...] = (
    ("responsible_person", "專責人員是誰？", "負責規劃及執行這個計畫的人。", "text", "K3.I.6.3", {}),
    ("pupils", "收幾位學童？", "", "int", "K3.I.6.2", {}),
    ("disadvantaged_pupils", "其中弱勢家庭幾位？", "低收、中低收、單親、隔代教養等；以弱勢家庭為主。", "int", "K3.I.6.2", {}),
)
_PLAN_PARTS = (
    ("meeting", "社區防災會議"), ("hazards", "災害危險調查"), ("shelter", "收容處所規劃整修及物資儲備"),
    ("map", "防災地圖"), ("resources", "防災資源調查"), ("rescue", "自救網絡"),
)


def _activities(clause: str, *names: str) -> tuple[QuestionRow, ...]:
    choices = {"choices": tuple((name, name) for name in names)}
    return (("activities", "辦理哪些活動？", _PICK, "choices", clause, choices),)


_COUNTS: tuple[QuestionRow, ...] = tuple(
    (f"count_{key}", f"{name}幾人或幾戶？", "只填人數；名冊留在協會，不上傳。", "int", "K3.I.1.1", {})
    for key, name in (("elders_alone", "獨居老人"), ("disabled", "身心障礙者"), ("low_income", "低收入戶"),
                      ("new_immigrants", "新移民婦女"), ("single_parents", "單親"))
)

# code, name, part, clause, purpose in plain words, questions
PROGRAMME_ROWS: tuple[ProgrammeRow, ...] = (
    ("welfare_survey", "社區福利人口及需求調查", "I", "K3.I.1", "挨家拜訪，找出需要幫忙的人，造冊並持續關心。", _COUNTS),
    ("elder_care_station", "社區照顧關懷據點暨送餐服務", "I", "K3.I.2", "讓長輩有地方活動、吃飯，行動不便的送餐到家。", _STATION),
    ("disability_day_care", "身心障礙者日間照顧服務", "I", "K3.I.3", "白天照顧身心障礙朋友，安排課程和學習。", _DAY_CARE),
    ("rental_housing", "老人、身心障礙者租屋", "I", "K3.I.4", "替災後沒有房子、獨居又輕度失能的人在社區裡租房子。", _RENTAL),
    ("child_day_care", "幼兒日間托育", "I", "K3.I.5", "白天照顧六歲以下的孩子。",
     (("training_hours", "照顧者訓練幾小時？", "至少 2 小時，開辦前辦完。", "number", "K3.I.5.1b", {}),)),
    ("after_school_care", "學童課後照顧", "I", "K3.I.6", "放學後照顧國小、國中學童，以弱勢家庭為主。", _AFTER_SCHOOL),
    ("family_services", "家庭服務", "I", "K3.I.7", "婦女、青少年、兒童和家庭的長期服務。",
     (("groups", "服務哪些對象？", "可以複選。", "choices", "K3.I.7.1–2",
       {"choices": (("women", "婦女"), ("youth", "青少年"), ("children", "兒童"), ("families", "家庭"),
                    ("special", "特殊需求家庭"))}),)),
    ("growth_prevention", "成長性或預防性計畫", "I", "K3.I.8", "婦女生活重建、成長支持和災後歷史紀錄。",
     (("groups", "辦理哪些內容？", "可以複選。", "choices", "K3.I.8.1–2",
       {"choices": (("rebuilding", "災後生活重建"), ("growth", "成長與支持"), ("history", "婦女歷史紀錄"))}),)),
    ("disaster_preparedness", "社區防災體系建立", "II", "K3.II.1", "居民一起找出危險、畫地圖、演練防災。",
     (("plan_parts", "計畫書寫到哪些部分？", "六個部分都要有；少一項請說明。", "choices", "K3.II.1.2b", {"choices": _PLAN_PARTS}),
      ("hazard_zone", "社區在潛勢危險區域嗎？", "在危險區域的優先。", "bool", "K3.II.1.2a", {}))),
    ("culture_preservation", "社區意識提昇及文化保存", "II", "K3.II.2", "調查社區的人文、生態，保存地方文化。",
     _activities("K3.II.2–4", "生態及環境資源調查", "社區文史調查", "社區資源探求", "古蹟文物保存", "社區精神意象設計",
                 "社區藝文活動", "民俗技藝薪傳", "社區刊物", "社區影像紀錄及鄉土人文資料庫")),
    ("indigenous_culture", "部落文化教育傳承", "II", "K3.II.3", "部落的祭儀、歷史、歌舞和族語。",
     _activities("K3.II.2–4", "傳統歲時祭儀", "部落歷史建構", "文化藝術", "族語振興")),
    ("community_vitality", "社區活化及社區希望工程", "II", "K3.II.4", "培養社區人才，學習經營社區。",
     _activities("K3.II.2–4", "種子人才研習", "社區營造觀摩", "社區人力銀行", "社區事務工作研習", "電腦網路培訓", "居民會議及公共事務研討")),
    ("community_activities", "社區活動機能活化", "II", "K3.II.5", "終身學習、劇團、節慶和體育活動。",
     _activities("K3.II.5", "終身學習", "社區劇團", "成長教育", "社區團隊及班隊", "長老藝能", "社區節慶", "體育競賽")),
    ("space_improvement", "社區環境空間改造", "II", "K3.II.6", "居民動手整理閒置空間、綠美化、改善安全。",
     _activities("K3.II.6", "閒置空間再利用", "有機休閒農田", "公共空間營造維護", "髒亂點整理", "環境綠美化", "治安死角及安全通道")),
    ("local_industry", "社區產業文化產銷經營", "II", "K3.II.7", "找出社區的特產，研發、包裝、行銷和導覽。",
     _activities("K3.II.7", "產業資源調查", "行銷與研發", "生產組織發展", "有機耕種", "農產加工", "包裝設計", "生態導覽解說", "產業經營研發")),
)

# code, name, clause, when, help
DOCUMENTS = (
    ("application_form", "申請書（蓋圖記）", "K6.2.1", "always", "由系統產生，印出蓋上協會圖記後掃描。"),
    ("registration_certificate", "立案證書", "K2.1a", "registered", "證明在縣內登記立案。"),
    ("service_proof", "最近三年在本縣服務的證明", "K2.3", "national", "全國性團體才需要。"),
    ("timetable", "課程表", "K6.2.3", "course", "日期、時間、主題、講師。"),
    ("lecturer_resume", "講師基本資歷", "K6.2.3", "course", "每位講師一份。"),
    ("syllabus", "課程內容及主題規劃", "K5.3", "course", "每堂課教什麼。"),
    ("action_plan", "培訓後行動方案", "K5.3", "course", "上完課要做什麼。"),
    ("land_consent", "土地使用同意書", "K6.2.2a", "land_use", "管理機關或土地所有人的同意，期限三年以上。"),
    ("care_assessment", "長期照顧管理中心評估", "K3.I.4.6", "residents", "每位住進來的人一份。"),
    ("vouchers", "原始支出憑證", "K7.2a", "closing", "收據、發票、領據。"),
    ("photos", "成果照片", "K7.2a", "closing", "活動照片。"),
    ("activity_records", "活動相關資料", "K7.2a", "closing", "簽到簿、課程表、紀錄。"),
    ("outcome_report", "期末成果報告", "K3.I.6.4a", "after_school_care", "課後照顧計畫一定要有。"),
    ("meal_roster", "膳食印領清冊", "K4.2.6", "settlement", "自己煮的才用。"),
    ("transport_roster", "交通費印領清冊", "K4.3.4", "settlement", "每位搭乘者簽名。"),
    ("travel_tickets", "高鐵或飛機票根", "K4.3.3", "settlement", "搭高鐵、飛機才需要。"),
    ("training_records", "人員訓練紀錄", "K4.1.3.5b", "settlement", "輔導人員都要參加訓練。"),
)

# 陸、三: the clause's own words, corrected where the document slips (code, name, clause); the weights are `review.weights`.
REVIEW_CRITERIA = (
    ("governance", "會務財務運作與組織健全度", "K6.3.1–4"),
    ("feasibility", "理念、可行度與經費合理性", "K6.3.1–4"),
    ("participation", "團隊參與意願與資源結合", "K6.3.1–4"),
    ("urgency", "迫切性、可行性與組織發展的延續性", "K6.3.1–4"),
)

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
}

# The programme's usual items; everything else may be asked for as well.
_COURSE = "lecturer_fee course_materials printing meals insurance decoration"
USUAL_ITEMS = {
    "welfare_survey": "casual_pay printing stationery insurance travel meals admin_overhead",
    "elder_care_station": "elder_aide meals gas lecturer_fee course_materials insurance participant_transport equipment printing "
                          "stationery admin_overhead",
    "disability_day_care": "disability_aide meals lecturer_fee course_materials insurance participant_transport equipment stationery "
                           "admin_overhead",
    "rental_housing": "landlord_rent rental_supervision insurance equipment admin_overhead",
    "child_day_care": "child_carer lecturer_fee insurance equipment stationery admin_overhead",
    "after_school_care": "after_school_tutor meals course_materials stationery insurance printing admin_overhead",
    "family_services": f"{_COURSE} expert_fee casual_pay travel admin_overhead",
    "growth_prevention": f"{_COURSE} expert_fee script_fee film layout_editing admin_overhead",
    "disaster_preparedness": f"{_COURSE} expert_fee equipment_hire stationery equipment admin_overhead",
    "culture_preservation": f"{_COURSE} script_fee film layout_editing casual_pay travel admin_overhead",
    "indigenous_culture": f"{_COURSE} script_fee film equipment_hire travel admin_overhead",
    "community_vitality": f"{_COURSE} expert_fee coach_hire travel computer_supplies admin_overhead",
    "community_activities": f"{_COURSE} equipment_hire coach_hire travel admin_overhead",
    "space_improvement": "site_materials hired_labour haulage equipment_hire meals insurance lecturer_fee repairs admin_overhead",
    "local_industry": f"{_COURSE} expert_fee layout_editing travel equipment_rental admin_overhead",
}
# fmt: on
