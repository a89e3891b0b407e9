"""What may stand in the files of a law written as data: files, tables, keys. The page for officers shows the same rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from grants.rules.cites import ROLES
from grants.rules.rulings import TYPES


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `type` is text, int, bool, date, code, texts, codes, day-values and so on (`values.READERS`); `of` says
    what a code must be a code of; `says` is for people.
    """

    type: str
    says: str
    required: bool = False
    of: str = ""
    choices: tuple[str, ...] = ()
    most: int = 200


Keys = Mapping[str, Key]


def must(sort: str, says: str, of: str = "", choices: tuple[str, ...] = (), most: int = 200) -> Key:
    return Key(sort, says, True, of, choices, most)


def may(sort: str, says: str, of: str = "", choices: tuple[str, ...] = (), most: int = 200) -> Key:
    return Key(sort, says, False, of, choices, most)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of cap or condition: its name on the page, what it does, the type of its parameter ("" without one), its own
    keys and an example as it stands in a file.
    """

    name: str
    title: str
    says: str
    parameter: tuple[str, ...] = ()
    keys: Keys = field(default_factory=dict)
    example: str = ""
    of_items: bool = False


APPLICANTS = (
    "community_association",
    "welfare_institution",
    "civic_group",
    "township_office",
    "church",
    "school",
    "national_nonprofit",
    "individual",
)
_CLAUSE = must("code", "條文代碼", "clause")
_FOR = {
    "programmes": may("codes", "只管這些類別", "programme"),
    "applicants": may("choices", "只管這些單位類別", choices=APPLICANTS),
    "severity": may("choice", "error 擋下；warning 請說明，由審查的人決定（為原則）", choices=("error", "warning")),
    "message": may("text", "自己的句子；{limit} 是上限，{share} 是百分比", most=200),
}
_EXCLUSIVE = {"exclusive": may("bool", "true：剛好等於也不行（未滿、超過）；不寫：等於可以（以下、以上）")}
_ITEMS = {"items": may("codes", "只管這些項目；不寫就是全部", "item")}
_WHERE = {"where": may("where", "只管這一種，例如外聘", "quantity")}
_LINE = {**_ITEMS, **_WHERE, **_EXCLUSIVE}

CAPS = (
    Kind("per_unit", "每單位上限", "數量相乘，再乘每單位金額：每小時、每份、每人每日。", ("int",),
         {**_LINE, "per": must("codes", "要相乘的數量欄位", "quantity"), "count": may("int", "每幾個單位，例如 1000 字")},
         '[[cap]]\nkind = "per_unit"\nclause = "YL6"\nitems = ["yl_lecturer"]\nper = ["hours"]\n'
         'where = { in_house = false }\nparameter = "lecturer.hourly"\nmessage = "外聘講師每小時最高 {limit} 元"', True),
    Kind("per_day", "每日上限", "日數乘每日金額。", ("int",), _LINE,
         '[[cap]]\nkind = "per_day"\nclause = "YL6"\nitems = ["yl_venue"]\nparameter = "venue.daily"', True),
    Kind("per_head", "每人上限", "人數乘每人金額。", ("int",), _LINE,
         '[[cap]]\nkind = "per_head"\nclause = "YL6"\nitems = ["yl_meals"]\nparameter = "meals.head"', True),
    Kind("quantity", "數量上限", "管數量，不管金額：每日最多幾小時、最多幾份。", ("int",),
         {**_LINE, "quantity": must("code", "數量欄位", "quantity")},
         '[[cap]]\nkind = "quantity"\nclause = "YL6"\nitems = ["yl_lecturer"]\nquantity = "hours"\nparameter = "lecturer.hours"',
         True),
    Kind("percentage", "百分比上限", "占申請補助合計（asked）、其他項目（others）、總經費（cost）或該列經費（line）的比例。", ("ratio",),
         {**_ITEMS, **_EXCLUSIVE, **_WHERE,
          "of": must("choice", "占什麼的比例", choices=("asked", "others", "cost", "line"))},
         '[[cap]]\nkind = "percentage"\nclause = "YL6"\nitems = ["yl_sundries"]\nof = "asked"\nparameter = "sundries.share"'),
    Kind("per_case", "每案上限", "整個案件，或幾個項目合計。", ("int",), {**_ITEMS, **_EXCLUSIVE},
         '[[cap]]\nkind = "per_case"\nclause = "YL5"\nparameter = "case.most"'),
    Kind("per_person_month", "每人每月上限", "同一人同一月，連同同一單位其他案件的合計；要填姓名和月份。", ("int",),
         {**_ITEMS, **_EXCLUSIVE},
         '[[cap]]\nkind = "per_person_month"\nclause = "YL6"\nitems = ["yl_helper"]\nparameter = "helper.monthly"'),
    Kind("per_year_of_applicant", "同一單位全年上限", "同一單位今年在這個方案的其他案件一起算。", ("int",), _EXCLUSIVE,
         '[[cap]]\nkind = "per_year_of_applicant"\nclause = "YL5"\nparameter = "year.most"\nseverity = "warning"'),
)  # fmt: skip

_ASKED = {
    **_ITEMS,
    "answers": may("answers", "只在這樣回答時", "question"),
}
CONDITIONS = (
    Kind("prerequisite_paper", "要附文件", "送件時要附的文件，可以只在某些類別、項目、單位或回答時要求。", (),
         {**_ASKED, "paper": must("code", "文件代碼", "paper")},
         '[[condition]]\nkind = "prerequisite_paper"\nclause = "YL7"\npaper = "yl_timetable"\nitems = ["yl_lecturer"]'),
    Kind("prerequisite_answer", "要符合的回答", "申請表的一題要這樣回答；沒有回答也擋下。", (),
         {**_ASKED, "question": must("code", "題目代碼", "question"), "answer": must("answer", "可以的回答，一個或一串")},
         '[[condition]]\nkind = "prerequisite_answer"\nclause = "YL3"\nquestion = "yl_open_to_all"\nanswer = true'),
    Kind("window", "期間", "送件或計畫的第一天、最後一天；寫 12-31 是送件那一年的那一天。", ("date", "text"),
         {**_EXCLUSIVE, "edge": must("choice", "管哪一天",
                                     choices=("filing_from", "filing_until", "starts_from", "ends_until"))},
         '[[condition]]\nkind = "window"\nclause = "YL4"\nedge = "ends_until"\nparameter = "plan.ends"'),
    Kind("days_before_start", "開始前幾日送件", "計畫開始前至少幾日要送件。", ("int",), _EXCLUSIVE,
         '[[condition]]\nkind = "days_before_start"\nclause = "YL4"\nparameter = "filing.days"'),
    Kind("own_share", "自籌比例", "自籌款至少占總經費的比例。", ("ratio",), _EXCLUSIVE,
         '[[condition]]\nkind = "own_share"\nclause = "YL5"\nparameter = "own.share"'),
    Kind("township_first", "先送公所", "案件先送公所初審，再轉縣府；方案會照這一條設定。", (), {},
         '[[condition]]\nkind = "township_first"\nclause = "YL7"'),
    Kind("applicant_kind", "申請單位類別", "可以申請的單位類別。", ("list",), {},
         '[[condition]]\nkind = "applicant_kind"\nclause = "YL2"\nparameter = "applicant.kinds"'),
    Kind("applicant_county", "立案的縣", "在哪一縣立案才能申請。", ("text",), {},
         '[[condition]]\nkind = "applicant_county"\nclause = "YL2"\nparameter = "applicant.county"'),
    Kind("applicant_tier", "社區分級", "哪些分級的社區可以申請。", ("list",), {},
         '[[condition]]\nkind = "applicant_tier"\nclause = "YL2"\nparameter = "applicant.tiers"'),
    Kind("nonprofit", "非營利", "申請單位不能以營利為目的。", (), {},
         '[[condition]]\nkind = "nonprofit"\nclause = "YL2"'),
    Kind("nothing_overdue", "沒有逾期未結報", "有逾期結報的補助就不行（或要說明）。", (), {},
         '[[condition]]\nkind = "nothing_overdue"\nclause = "YL8"\nseverity = "warning"'),
    Kind("cases_in_the_year", "一年幾件", "同一單位一年最多幾件，同類的（programme）或整個方案的（scheme）。", ("int",),
         {**_EXCLUSIVE, "of": must("choice", "哪些案件一起算", choices=("programme", "scheme"))},
         '[[condition]]\nkind = "cases_in_the_year"\nclause = "YL5"\nof = "programme"\nparameter = "cases.most"'),
    Kind("forbidden_words", "不補助的用途", "計畫或經費說明有這些字樣就請說明（或擋下）。", ("list",), {},
         '[[condition]]\nkind = "forbidden_words"\nclause = "YL9"\nparameter = "words.never"\nseverity = "warning"'),
)  # fmt: skip
BY_TABLE = {"cap": {kind.name: kind for kind in CAPS}, "condition": {kind.name: kind for kind in CONDITIONS}}

_CODE, _TEXT = must("new", "代碼，以 prefix 加 _ 開頭"), must("text", "文字")
_HELP = may("text", "白話說明", most=400)
LAW: Keys = {
    "slug": must("slug", "這部法規在系統裡的名字，小寫英文字母、數字和 _"),
    "prefix": must("prefix", "二到四個小寫英文字母，所有代碼的開頭"),
    "title": must("text", "法規名稱", most=80),
    "document": must("text", "文件名稱，通常和法規名稱相同", most=80),
    "confirmed_on": must("date", "和公告的條文核對的日期"),
    "effective_from": may("date", "從哪一天起受理"),
    "closed_clause": must("code", "還不能送件時引用的條文，也是沒有另外指定時的條文", "clause"),
    "includes": may("choices", "一起用的法定數字", choices=("basic_wage",)),
    "requires_parameters": may("texts", "縣府要先以函釋訂定才能送件的標準"),
    "cites": may("cites", "哪一條管什麼：" + "、".join(ROLES), "clause"),
    "chapters": may("titles", "章名，以條文代碼的開頭為準"),
    "steps": may(
        "steps", "在申請表哪一步改，以條文代碼的開頭為準", choices=("organisation", "project", "budget", "documents")
    ),
}
SCHEME: Keys = {
    "slug": must("address", "方案網址的最後一段，小寫英文字母、數字和 -"),
    "name": must("text", "方案名稱", most=80),
    "short_name": must("text", "簡稱", most=30),
    "summary": must("text", "白話說明", most=400),
    "number_prefix": must("number_prefix", "案號開頭，一到四個大寫英文字母或數字"),
    "dispatch_word": must("text", "發文字，例如 府社區字", most=20),
    "opens_on": must("date", "受理起日"),
    "closes_on": may("date", "受理迄日"),
}
PARAMETER: Keys = {
    "title": must("text", "標準的名稱", most=80),
    "clause": _CLAUSE,
    "type": may("choice", "不寫就是 int（整數）", choices=tuple(TYPES)),
    "unit": may("text", "單位，例如 元", most=8),
    "direction": may("choice", "max：數字小的較嚴；min：數字大的較嚴", choices=("max", "min")),
    "source": may("text", "出處，如果不是這份文件", most=80),
    "confirmed_on": may("date", "核對的日期"),
    "question": may("text", "兩種讀法時的問題", most=200),
    "why": may("text", "為什麼", most=200),
    "choices": may("titles", "讀法，從嚴到寬"),
    "default": may("bool", "true：條文沒有寫，由縣府確認"),
    "length": may("int", "一串數字要有幾個（審查權重）"),
    "values": must("values", "每個數字從哪一天起"),
}
CLAUSE: Keys = {
    "id": must("clause", "條文代碼，以大寫的 prefix 開頭"),
    "label": must("text", "條號，例如 第五點", most=40),
    "phrase": must("text", "條文的關鍵字句", most=400),
    "kind": must("text", "種類，例如 cap、eligibility", most=40),
    "enforcement": must(
        "choices", "E 擋下、W 請說明、R 審查項目、C 系統計算、I 說明", choices=("E", "W", "R", "C", "I")
    ),
    "explanation": must("text", "白話說明", most=400),
    "does": must("text", "系統怎麼做", most=400),
    "checklist": may("text", "R：審查的人要勾選的句子", most=200),
    "applies": may("codes", "只管這些類別或項目", "item or programme"),
    "page": may("choices", "I：顯示在哪裡", choices=("law", "home", "programme", "budget", "award")),
}
QUANTITY: Keys = {
    "key": _CODE, "label": must("text", "欄位名稱", most=20), "unit": may("text", "單位", most=8),
    "type": may("choice", "int 整數，number 可以有一半", choices=("int", "number")), "help": _HELP,
}  # fmt: skip
ITEM: Keys = {
    "code": _CODE,
    "name": must("text", "項目名稱", most=20),
    "group": must("code", "分組", "group"),
    "clause": _CLAUSE,
    "help": _HELP,
    "needed": may("codes", "一定要填的數量欄位", "quantity"),
    "asked": may("codes", "可以不填的數量欄位", "quantity"),
    "cost": may("codes", "和單價相乘的數量欄位", "quantity"),
    "person": may("bool", "true：付給人的，要填姓名和月份"),
    "priced": may("bool", "false：不問單價"),
    "counted": may("text", "沒有數量欄位時的單位", most=8),
    "offered": may("bool", "false：不再受理，舊案件還看得到"),
    "example": may("example", "一列例子的數量，預覽和法規頁用來試算", "quantity"),
}
QUESTION: Keys = {
    "key": _CODE,
    "label": must("text", "題目", most=60),
    "help": _HELP,
    "type": must(
        "choice", "回答的種類", choices=("int", "number", "money", "bool", "choice", "choices", "text", "date")
    ),
    "clause": _CLAUSE,
    "choices": may("titles", "選項：代碼 = 文字"),
    "depends": may("code", "先回答「是」才問的那一題", "question"),
}
PROGRAMME: Keys = {
    "code": _CODE,
    "name": must("text", "類別名稱", most=40),
    "part": must("code", "屬於哪一部分", "part"),
    "clause": _CLAUSE,
    "purpose": must("text", "一句白話說明", most=200),
    "items": must("codes", "常用的項目", "item"),
    "sums": may("texts", "方案頁上列出的標準"),
    "question": may("rows", "這個類別自己的題目"),
}
PAPER: Keys = {
    "code": _CODE,
    "name": must("text", "文件名稱", most=40),
    "clause": _CLAUSE,
    "when": must("choice", "always 每件都要；asked 有條件才要", choices=("always", "asked")),
    "help": _HELP,
}
TITLED: Keys = {"code": _CODE, "title": must("text", "名稱", most=40)}
CRITERION: Keys = {"code": _CODE, "name": must("text", "審查標準", most=60), "clause": _CLAUSE}
# file → its tables: (keys, how many rows at most).
FILES: Mapping[str, Mapping[str, tuple[Keys, int]]] = {
    "law.toml": {"law": (LAW, 1), "scheme": (SCHEME, 1), "parameter": (PARAMETER, 150)},
    "clauses.toml": {"clause": (CLAUSE, 200)},
    "items.toml": {"group": (TITLED, 20), "quantity": (QUANTITY, 30), "item": (ITEM, 100)},
    "programmes.toml": {
        "part": (TITLED, 10),
        "programme": (PROGRAMME, 40),
        "question": (QUESTION, 40),
        "paper": (PAPER, 40),
        "criterion": (CRITERION, 12),
    },
    "rules.toml": {"cap": ({}, 150), "condition": ({}, 150)},
}


def keys_of(table: str, kind: str) -> Keys:
    """Return the keys of a row of `[[cap]]` or `[[condition]]` by its kind; only the common ones if it is unknown."""
    known = BY_TABLE[table].get(kind)
    common = {"kind": must("choice", "種類", choices=tuple(BY_TABLE[table])), "clause": _CLAUSE, **_FOR}
    if known is None:
        return common
    own = {"parameter": must("parameter", "標準的名稱")} if known.parameter else {}
    return {**common, **own, **known.keys}
