"""Projects with their budgets, as associations write them. Amounts keep the law's caps unless a case says otherwise."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Line:
    """One budget line; `more` are quantities and further fields by their names in the budget form."""

    item: str
    description: str
    requested: int
    own_funds: int = 0
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Project:
    programme: str
    title: str
    goal: str
    content: str
    beneficiaries: str
    outcome: str
    answers: dict[str, Any]
    lines: tuple[Line, ...]
    people_served: int


def _line(item: str, description: str, requested: int, own_funds: int = 0, **more: Any) -> Line:
    return Line(item, description, requested, own_funds, more)


_REGULAR = {"activity": "regular", "course": False, "land_use": False}
_COURSE = _REGULAR | {"course": True, "cram_school": False}

PROJECTS = {
    "station": Project(
        "elder_care_station",
        "長者共餐與健康促進計畫",
        "社區六十五歲以上長者占兩成五，風災後年輕人外出工作，許多長輩白天一個人在家，三餐隨便吃。",
        "每星期一至星期五上午在活動中心量血壓、做體操和手工，中午共餐，行動不便的由志工送餐，傍晚再送晚餐。",
        "本社區及鄰近聚落長者 30 位，其中獨居 9 位。",
        "長者每星期至少出門三天，獨居長者每天有人問候。",
        _REGULAR
        | {
            "elders": 30,
            "sessions_per_week": 5,
            "hours_per_session": 4,
            "visits_per_month": 2,
            "meal_days_per_week": 5,
            "lunch_and_dinner": True,
            "user_fee_monthly": 150,
            "meal_fee_low": 20,
            "meal_fee_middle": 30,
            "meal_fee_general": 50,
        },
        (
            _line(
                "elder_aide",
                "生活輔導員 3 人，每日 4 小時",
                72_000,
                persons="3",
                hours_per_day="4",
                days="60",
                unit_price=100,
            ),
            _line("meals", "食材及誤餐便當", 60_000, 30_000, quantity="1500", unit_price=60),
            _line("gas", "煮餐用瓦斯", 6_000, quantity="8", unit_price=750),
            _line("insurance", "活動平安保險", 4_500, quantity="30", unit_price=150, insurance_kind="activity"),
            _line("equipment", "血壓計 2 臺、保溫餐盒 40 個", 18_000, 2_000, quantity="1", unit_price=20_000),
            _line("stationery", "手工材料與文具", 6_000, quantity="3", unit_price=2_000),
            _line("admin_overhead", "電話費、水電費", 12_000),
        ),
        1800,
    ),
    "growth": Project(
        "growth_prevention",
        "婦女成長與支持團體",
        "風災後婦女一肩挑起家計和照顧，壓力沒有地方說。",
        "每星期六下午辦成長課程共 16 堂，由外聘講師帶領，並陪伴學員組成互助小組。",
        "社區婦女 20 位，單親及新移民優先。",
        "學員能互相支持，三位成為課程志工。",
        _COURSE | {"groups": ["rebuilding", "growth"]},
        (
            _line("lecturer_fee", "外聘講師 16 堂，每堂 2 小時", 51_200, hours="32", in_house=False, unit_price=1_600),
            _line("course_materials", "教材及手作材料", 12_000, 3_000, quantity="20", unit_price=750),
            _line("printing", "講義影印", 3_000, quantity="20", unit_price=150),
            _line("meals", "茶水點心", 9_600, quantity="320", unit_price=30),
            _line("admin_overhead", "電話費、郵電費", 6_000),
        ),
        320,
    ),
    "after_school": Project(
        "after_school_care",
        "放學後的書桌：學童課後照顧",
        "家長多在外縣市工作，孩子放學後沒有大人陪伴。",
        "星期一至星期五下午四點到六點半，在活動中心陪孩子寫功課、閱讀和運動。",
        "國小學童 24 位，其中弱勢家庭 18 位。",
        "孩子每天完成作業，家長放心工作。",
        _REGULAR | {"responsible_person": "課輔組長", "pupils": 24, "disadvantaged_pupils": 18, "cram_school": False},
        (
            _line(
                "after_school_tutor",
                "課輔老師甲 1 月",
                14_000,
                hours="40",
                unit_price=350,
                person="甲示範",
                month="2010-03",
            ),
            _line(
                "after_school_tutor",
                "課輔老師甲 2 月",
                14_000,
                hours="40",
                unit_price=350,
                person="甲示範",
                month="2010-04",
            ),
            _line("after_school_tutor", "課輔老師乙", 28_000, hours="80", unit_price=350),
            _line("meals", "點心", 19_200, 4_800, quantity="960", unit_price=25),
            _line("stationery", "文具紙張", 6_000, quantity="24", unit_price=250),
            _line("insurance", "場地公共意外責任險", 3_000, quantity="1", unit_price=3_000, insurance_kind="venue"),
            _line("admin_overhead", "網路費、水電費", 6_500),
        ),
        960,
    ),
    "disaster": Project(
        "disaster_preparedness",
        "自己的社區自己守：社區防災",
        "八八風災時道路中斷三天，居民不知道往哪裡走、誰來幫忙。",
        "召開防災會議、踏勘危險地點、畫防災地圖、整理收容處所，並辦理兩次演練。",
        "全社區 320 戶居民。",
        "完成防災地圖和通報名單，居民知道避難路線。",
        _REGULAR | {"plan_parts": ["meeting", "hazards", "shelter", "map", "resources", "rescue"], "hazard_zone": True},
        (
            _line("expert_fee", "防災專家駐點輔導", 12_000, sessions="6", unit_price=2_000),
            _line("casual_pay", "災害踏勘臨時人力", 15_200, hours="160", unit_price=95),
            _line("printing", "防災地圖及手冊印製", 40_000, quantity="400", unit_price=100),
            _line("meals", "演練誤餐便當", 16_000, quantity="200", unit_price=80),
            _line("equipment", "擴音機、頭燈、擔架", 45_000, 5_000, quantity="1", unit_price=50_000),
            _line("insurance", "志工平安保險", 6_000, quantity="40", unit_price=150, insurance_kind="volunteer"),
            _line("admin_overhead", "電話費、郵電費", 12_000),
        ),
        640,
    ),
    "space": Project(
        "space_improvement",
        "老戲臺變花園：閒置空間再利用",
        "村口的老戲臺荒廢多年，長滿雜草，晚上沒有燈，孩子不敢經過。",
        "居民動手整地、鋪步道、種原生植物，專業技術工只做水電。",
        "全社區居民，每天約 60 人經過。",
        "整理出 200 坪的小花園，由居民輪班維護。",
        _REGULAR
        | {
            "activities": ["閒置空間再利用", "環境綠美化"],
            "land_use": True,
            "consent_until": "2015-12-31",
            "works_contract": False,
        },
        (
            _line("site_materials", "植栽、枕木、石材", 150_000, 10_000, quantity="1", unit_price=160_000),
            _line("hired_labour", "水電技術工", 16_000, days="20", unit_price=800),
            _line("equipment_hire", "小型挖土機租借", 24_000, quantity="4", unit_price=6_000),
            _line("haulage", "清運雜草廢土", 12_000, quantity="6", unit_price=2_000),
            _line("meals", "居民動手做誤餐便當", 12_800, quantity="160", unit_price=80),
            _line("insurance", "活動平安保險", 3_000, quantity="1", unit_price=3_000, insurance_kind="activity"),
        ),
        800,
    ),
    "culture": Project(
        "culture_preservation",
        "老照片說故事：社區文史調查",
        "耆老陸續離開，老街和農業的故事再不記下來就沒有了。",
        "訪問耆老 12 位，收集老照片，出版社區刊物並拍一支短片。",
        "社區居民與返鄉青年 45 位參與調查。",
        "出版刊物 500 份、短片一支，在社區展出。",
        _REGULAR | {"activities": ["社區文史調查", "社區刊物", "社區影像紀錄及鄉土人文資料庫"], "advertising": False},
        (
            _line("film", "文史短片 8 分鐘", 80_000, seconds="480", unit_price=10_000),
            _line("script_fee", "居民投稿", 12_600, characters="20000", unit_price=630, resident_author=True),
            _line("layout_editing", "刊物排版及編輯", 20_000, quantity="1", unit_price=20_000),
            _line("printing", "刊物印刷 500 份", 45_000, 5_000, quantity="500", unit_price=100),
            _line("expert_fee", "文史專家駐點輔導", 8_000, sessions="4", unit_price=2_000),
            _line("admin_overhead", "郵電費", 12_000),
        ),
        450,
    ),
    "indigenous": Project(
        "indigenous_culture",
        "唱回山上的路：部落歌謠與族語傳承",
        "遷居之後孩子少了聽長輩唱歌、說族語的機會。",
        "耆老帶領歌謠與族語課程 20 堂，整理部落歷史，年底辦成果分享。",
        "部落學童與青年 35 位。",
        "整理歌謠 15 首，學童能用族語自我介紹。",
        _COURSE | {"activities": ["部落歷史建構", "族語振興"], "hired_show": False},
        (
            _line("lecturer_fee", "耆老講師 20 堂", 64_000, hours="40", in_house=False, unit_price=1_600),
            _line("course_materials", "教材、服飾材料", 24_000, quantity="40", unit_price=600),
            _line("printing", "歌謠集印製", 15_000, quantity="150", unit_price=100),
            _line("meals", "課程餐點", 14_000, quantity="280", unit_price=50),
            _line("travel", "講師車馬費", 8_000, quantity="20", unit_price=400),
            _line("admin_overhead", "水電費", 9_000),
        ),
        700,
    ),
    "vitality": Project(
        "community_vitality",
        "社區種子人才研習",
        "重建工作多，會寫計畫、會記帳的人太少。",
        "辦理計畫書寫、帳務、電腦文書研習共 12 堂，邀鄰近社區一起上課。",
        "幹部與志工 30 位。",
        "各組至少兩人會做結報。",
        _COURSE | {"activities": ["種子人才研習", "社區事務工作研習", "電腦網路培訓"], "hired_show": False},
        (
            _line("lecturer_fee", "外聘講師 12 堂，每堂 3 小時", 57_600, hours="36", in_house=False, unit_price=1_600),
            _line("course_materials", "教材", 6_000, quantity="30", unit_price=200),
            _line("computer_supplies", "碳粉、光碟片", 4_000, quantity="1", unit_price=4_000),
            _line("meals", "誤餐便當", 16_000, 2_000, quantity="225", unit_price=80),
            _line("admin_overhead", "網路費", 5_000),
        ),
        360,
    ),
    "industry": Project(
        "local_industry",
        "在地好滋味：農產加工與包裝",
        "芒果和梅子價格起伏大，加工後才留得住收入。",
        "調查特產、辦加工與包裝課程、設計共同標章。",
        "農戶 26 戶。",
        "推出三項加工品，農戶收入增加一成。",
        _COURSE | {"activities": ["產業資源調查", "農產加工", "包裝設計"], "hired_show": False, "advertising": False},
        (
            _line("lecturer_fee", "加工課程講師", 38_400, hours="24", in_house=False, unit_price=1_600),
            _line("course_materials", "加工材料、玻璃瓶", 32_000, 4_000, quantity="60", unit_price=600),
            _line("equipment", "真空封口機", 28_000, quantity="1", unit_price=28_000),
            _line("printing", "共同標章貼紙", 15_000, quantity="3000", unit_price=5),
            _line("expert_fee", "食品專家輔導", 10_000, sessions="5", unit_price=2_000),
            _line("admin_overhead", "電話費", 10_000),
        ),
        260,
    ),
    "survey": Project(
        "welfare_survey",
        "挨家挨戶：社區福利人口調查",
        "災後有人搬走有人回來，需要幫助的人在哪裡沒有一份清楚的名冊。",
        "培訓訪員 10 位，走訪 280 戶，造冊並轉介。",
        "獨居老人、身心障礙者、單親家庭等。",
        "完成名冊，轉介至少 20 案。",
        _REGULAR
        | {
            "count_elders_alone": 38,
            "count_disabled": 52,
            "count_low_income": 21,
            "count_new_immigrants": 17,
            "count_single_parents": 14,
        },
        (
            _line("casual_pay", "訪員 10 位", 38_000, hours="400", unit_price=95),
            _line("printing", "問卷印製", 3_000, quantity="300", unit_price=10),
            _line("stationery", "文具", 2_400, quantity="1", unit_price=2_400),
            _line("insurance", "志工平安保險", 1_500, quantity="10", unit_price=150, insurance_kind="volunteer"),
            _line("admin_overhead", "電話費", 4_000),
        ),
        280,
    ),
    "family": Project(
        "family_services",
        "週末家庭日：親子共學",
        "災後親子相處時間少，青少年常在外遊蕩。",
        "每月兩次親子共學、青少年探索活動和家庭訪視。",
        "家庭 25 戶、青少年 18 位。",
        "家庭每月至少一次共同活動。",
        _REGULAR | {"groups": ["youth", "families"]},
        (
            _line("casual_pay", "活動臨時人力", 11_400, hours="120", unit_price=95),
            _line("meals", "親子共餐", 20_000, 4_000, quantity="300", unit_price=80),
            _line("course_materials", "共學材料", 10_000, quantity="25", unit_price=400),
            _line("coach_hire", "探索活動僱車", 24_000, quantity="3", unit_price=8_000),
            _line("insurance", "活動平安保險", 6_000, quantity="120", unit_price=50, insurance_kind="activity"),
            _line("admin_overhead", "電話費", 7_000),
        ),
        400,
    ),
    "welfare": Project(
        "welfare_services",
        "關懷零距離：社區福利服務",
        "社區長輩多、年輕人少，需要固定的關懷和活動。",
        "每星期兩次健康講座與共餐，志工每月電話問安。",
        "長者 40 位、身心障礙者 6 位。",
        "長者參與率提高，建立志工排班。",
        {"partners": "鄉內診所、宮廟與國小", "volunteers": 22, "volunteer_hours": "660"},
        (
            _line("lecturer_fee", "健康講座講師", 12_800, hours="16", in_house=False, unit_price=800),
            _line("meals", "共餐食材", 16_000, 12_000, quantity="350", unit_price=80),
            _line("printing", "活動海報", 3_000, quantity="30", unit_price=100),
            _line("insurance", "志工平安保險", 3_300, quantity="22", unit_price=150, insurance_kind="volunteer"),
            _line("stationery", "文具", 2_000, 1_000, quantity="1", unit_price=3_000),
        ),
        1200,
    ),
    "flagship": Project(
        "flagship",
        "山線社區一起送餐：母雞帶小雞",
        "山線四個社區都有獨居長輩，只有一個社區會送餐。",
        "由績優社區帶三個鄰近社區學送餐分工、志工排班和長輩共餐，每月一起檢討一次。",
        "四個社區的獨居長輩 48 位、志工 36 位。",
        "三個鄰近社區年底前都能自己送餐。",
        {"partners": "鄉內宮廟、診所與國小", "volunteers": 36, "volunteer_hours": "900"},
        (
            _line("lecturer_fee", "送餐與排班講師", 12_800, hours="16", in_house=False, unit_price=800),
            _line("meals", "試辦送餐食材", 24_000, 14_000, quantity="475", unit_price=80),
            _line("printing", "志工手冊", 3_200, quantity="32", unit_price=100),
        ),
        480,
    ),
    "flagship_rota": Project(
        "flagship",
        "山線社區一起排班：志工母雞帶小雞",
        "四個社區各有志工，沒有排班，送餐那天常常找不到人。",
        "由績優社區帶三個鄰近社區學排班和候補，四個社區各試辦送餐六次。",
        "四個社區的志工 36 位、長輩 48 位。",
        "四個社區都有自己的班表和候補志工。",
        {"partners": "鄉內宮廟、診所與國小", "volunteers": 36, "volunteer_hours": "420"},
        (
            _line("lecturer_fee", "排班講師", 9_600, hours="12", in_house=False, unit_price=800),
            _line("meals", "試辦送餐食材", 19_200, 8_000, quantity="340", unit_price=80),
            _line("printing", "班表與志工手冊", 3_200, quantity="32", unit_price=100),
        ),
        288,
    ),
    "centre": Project(
        "activity_centre",
        "山腳社區活動中心充實設備",
        "山腳社區活動中心每星期有三個團體使用，投影機和音響都已經壞了。",
        "購置投影機和擴音設備，由管理的社區登記借用。",
        "山腳里居民 620 人，每月約 480 人次使用。",
        "課程和會議不再向外借設備。",
        {"centre": "山腳社區活動中心", "needs": "里民大會三次提出；原有音響 90 年購置，已經不能用。"},
        (
            _line("equipment", "投影機", 24_000, 6_000, quantity="1", unit_price=30_000),
            _line("equipment", "移動式擴音機", 16_000, 4_000, quantity="1", unit_price=20_000),
        ),
        480,
    ),
    "centre_again": Project(
        "activity_centre",
        "山腳社區活動中心二樓教室設備",
        "二樓整修好以後要開兩間教室。",
        "購置投影機和白板，放在二樓。",
        "山腳里居民 620 人，每月約 520 人次使用。",
        "二樓每天可以借用。",
        {"centre": "山腳社區活動中心", "needs": "一樓場地不夠，課後照顧和長者課程要同時辦。"},
        (
            _line("equipment", "投影機", 24_000, 6_000, quantity="1", unit_price=30_000),
            _line("equipment", "白板", 6_000, 2_000, quantity="2", unit_price=4_000),
        ),
        520,
    ),
}
