"""The associations of the demonstration, all invented, and the accounts that the README names."""

from dataclasses import dataclass

from miaoli_kaohsiung.accounts.enums import Role

KAOHSIUNG, MIAOLI = "kaohsiung", "miaoli"

# fmt: off
# sign-in name, name, post, counties, township whose office it is
STAFF = (
    ("qishan-office", "旗示範", Role.TOWNSHIP_OFFICER, (KAOHSIUNG,), "旗山鎮"),
    ("yuanli-office", "苑示範", Role.TOWNSHIP_OFFICER, (MIAOLI,), "苑裡鎮"),
    ("ks-officer", "高示範", Role.CASE_OFFICER, (KAOHSIUNG,), ""),
    ("ks-head", "雄示範", Role.APPROVER, (KAOHSIUNG,), ""),
    ("ks-finance", "金示範", Role.FINANCE_OFFICER, (KAOHSIUNG,), ""),
    # Whoever checks the vouchers of a settlement does not pay: each county has a second finance officer.
    ("ks-cashier", "出示範", Role.FINANCE_OFFICER, (KAOHSIUNG,), ""),
    ("ml-officer", "苗示範", Role.CASE_OFFICER, (MIAOLI,), ""),
    ("ml-head", "栗示範", Role.APPROVER, (MIAOLI,), ""),
    ("ml-finance", "會示範", Role.FINANCE_OFFICER, (MIAOLI,), ""),
    ("ml-cashier", "納示範", Role.FINANCE_OFFICER, (MIAOLI,), ""),
    ("reviewer-1", "審示範一", Role.REVIEWER, (KAOHSIUNG, MIAOLI), ""),
    ("reviewer-2", "審示範二", Role.REVIEWER, (KAOHSIUNG, MIAOLI), ""),
    ("reviewer-3", "審示範三", Role.REVIEWER, (KAOHSIUNG, MIAOLI), ""),
    # With these six Kaohsiung has a panel of nine. One has the name of a chairperson, and is somebody else.
    ("reviewer-4", "審示範四", Role.REVIEWER, (KAOHSIUNG,), ""),
    ("reviewer-5", "審示範五", Role.REVIEWER, (KAOHSIUNG,), ""),
    ("reviewer-6", "審示範六", Role.REVIEWER, (KAOHSIUNG,), ""),
    ("reviewer-7", "審示範七", Role.REVIEWER, (KAOHSIUNG,), ""),
    ("reviewer-8", "莊示範", Role.REVIEWER, (KAOHSIUNG,), ""),
    ("reviewer-9", "審示範九", Role.REVIEWER, (KAOHSIUNG,), ""),
    ("auditor", "稽示範", Role.AUDITOR, (KAOHSIUNG, MIAOLI), ""),
    ("admin", "管示範", Role.ADMINISTRATOR, ("",), ""),
    # What one proposes for all counties, the other confirms.
    ("admin-2", "理示範", Role.ADMINISTRATOR, ("",), ""),
)

# sign-in name → name, organisation, office; the chairs of the other associations are chair-01, chair-02 …
MEMBERS = {
    "qishan-staff": ("林示範", "溪畔", "staff"),
    "qishan-chair": ("陳示範", "溪畔", "chairperson"),
    "jiaxian-staff": ("黃示範", "芋香", "staff"),
    "yuanli-staff": ("郭示範", "稻浪", "staff"),
    "yuanli-chair": ("李示範", "稻浪", "chairperson"),
    # Who reviews first what the associations file also files what the office itself asks for.
    "yuanli-office": ("苑示範", "苑裡公所", "staff"),
}

SURNAMES = "王張劉楊吳蔡許鄭謝洪邱曾廖賴徐周葉蘇莊呂江何蕭羅簡鍾彭詹胡施沈余"


@dataclass(frozen=True)
class Place:
    """An association: `word` names it in the other files, `tiers` are its letters of 98 and 99 (E, P, B; lower case
    is a proposal that still waits), `term_left` the days that the board's term has left on 99年6月1日."""

    word: str
    township: str
    name: str
    kind: str = "community_association"
    tiers: str = ""
    term_left: int = 500
    county: str = KAOHSIUNG


def _association(word: str, township: str, tiers: str, term_left: int = 500, county: str = KAOHSIUNG) -> Place:
    return Place(word, township, f"{township}{word}示範社區發展協會", "community_association", tiers, term_left, county)


PLACES = (
    _association("溪畔", "旗山鎮", "PE"),
    _association("蕉園", "旗山鎮", "PP", 45),
    _association("芋香", "甲仙鄉", "PP"),
    _association("化石", "甲仙鄉", "BP"),
    _association("荖濃橋", "六龜鄉", "PE"),
    _association("寶來泉", "六龜鄉", "BB", 20),
    _association("月眉田", "杉林鄉", "PP"),
    _association("瓜綿", "杉林鄉", "Bp"),
    _association("紫蝶谷", "茂林鄉", "BP"),
    _association("梅嶺", "桃源鄉", "BB"),
    _association("玉打山", "那瑪夏鄉", "Bp", 80),
    _association("菸樓", "美濃鎮", "EE"),
    _association("傘庄", "美濃鎮", "PP"),
    _association("宋江", "內門鄉", "BP"),
    _association("泥火", "燕巢鄉", "PP"),
    _association("月世界", "田寮鄉", "Be"),
    _association("蓮池", "阿蓮鄉", "BB"),
    _association("番茄", "路竹鄉", "PP", 66),
    _association("筧仔", "岡山鎮", "PE"),
    _association("糖廠", "橋頭鄉", "PP"),
    _association("鳳荔", "大樹鄉", "Bb"),
    _association("烏魚子", "茄萣鄉", "BP"),
    Place("平安", "桃源鄉", "桃源鄉平安示範教會", "church"),
    Place("山櫻", "那瑪夏鄉", "那瑪夏鄉山櫻示範國民小學", "school"),
    Place("茂林公所", "茂林鄉", "茂林鄉公所（示範）", "township_office"),
    Place("暖陽", "鳳山市", "高雄縣暖陽示範關懷協會", "civic_group"),
    Place("長青", "鳳山市", "高雄縣長青示範社會福利慈善基金會", "welfare_institution"),
    Place("永續", "大寮鄉", "中華永續示範家園協會", "national_nonprofit"),
    _association("稻浪", "苑裡鎮", "EE", 500, MIAOLI),
    _association("藺草", "苑裡鎮", "PP", 30, MIAOLI),
    _association("白沙", "通霄鎮", "PE", 500, MIAOLI),
    _association("中港溪", "竹南鎮", "PP", 500, MIAOLI),
    _association("斗煥", "頭份鎮", "BP", 500, MIAOLI),
    _association("龍鳳港", "後龍鎮", "Bp", 500, MIAOLI),
    _association("將軍柚", "西湖鄉", "BB", 75, MIAOLI),
    _association("草莓", "大湖鄉", "PE", 500, MIAOLI),
    _association("紅棗", "公館鄉", "EE", 500, MIAOLI),
    _association("杭菊", "銅鑼鄉", "PP", 500, MIAOLI),
    _association("木雕", "三義鄉", "PP", 500, MIAOLI),
    _association("桂花巷", "南庄鄉", "Pe", 500, MIAOLI),
    _association("溫泉谷", "泰安鄉", "BB", 500, MIAOLI),
    _association("牛乳", "造橋鄉", "BP", 500, MIAOLI),
    Place("苑裡公所", "苑裡鎮", "苑裡鎮公所（示範）", "township_office", county=MIAOLI),
)
# fmt: on
