"""The merge fields of letters: marks such as 【核定金額】 in the words of a kind, filled in when the letter is drafted.

A closed list of plain names, each explained to whoever edits the words; it is no template language. A service gives the
value of a field by its code. What has no value (`sometimes`) leaves out the whole paragraph in which it stands.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from .marks import CORRECTION_DUE, RECEIPT_DUE, RETURN_DUE, SETTLEMENT_DUE

MARK = re.compile("【([^【】]*)】")
# What stands for nothing, in a text without pairs.
BRACKET = re.compile("[【】]")


@dataclass(frozen=True)
class Field:
    """A merge field: the name in its mark, what it stands for, and the value in a specimen.

    `code` is the name by which services give it. A list stands alone in its line; each value becomes a paragraph of that
    line's level. `sometimes` says that it may have no value, `levels` that its lines have levels of their own.
    """

    mark: str
    code: str
    explained: str | Promise
    example: str | tuple[str, ...]
    sometimes: bool = False
    levels: bool = False


OF_CASES = (
    Field("計畫", "title", _l("計畫名稱"), "長者共餐與健康促進計畫"),
    Field("案號", "number", _l("案件的號碼"), "88-099-0001"),
    Field("復文", "answered", _l("這封函回復的申請；公所先審的案件會寫公所層轉"), "復貴會99年5月20日申請書（案號88-099-0001）。"),
    Field("法規", "legal_basis", _l("補助方案的法令依據"), ""),
)  # fmt: skip
OF_ASSOCIATIONS = (
    Field("稱呼", "you", _l("貴會、貴校等，依單位的類別"), "貴會"),
    Field("單位", "organisation", _l("受文單位的全名"), "示範社區發展協會"),
)
OF_OFFICES = (Field("訴願教示", "remedy", _l("不服處分的救濟，依法要附記（行政程序法第96條）"), ""),)
RECEIVERS = (
    Field("受文者", "recipient", _l("受文單位的全名"), "示範社區發展協會"),
    Field("公所", "township_office", _l("計畫所在的公所；沒有就不列"), "", sometimes=True),
    Field("主計", "accounting", _l("縣市資料裡的主計單位"), "", sometimes=True),
    Field("業務單位", "department", _l("縣市資料裡的業務單位"), ""),
)
_AMOUNT, _DAY = "新臺幣12萬元整", "99年6月1日"
FACTS = (
    Field("核定金額", "total_mixed", _l("核定的補助款"), _AMOUNT),
    Field("申請金額", "requested_mixed", _l("原申請的補助款"), "新臺幣12萬3,456元整"),
    Field("核減金額", "cut_mixed", _l("核減的金額"), "新臺幣3,456元整"),
    Field("執行起日", "starts_on", _l("計畫執行的第一天"), "99年7月1日"),
    Field("執行迄日", "ends_on", _l("計畫執行的最後一天"), "99年12月31日"),
    Field("分期門檻", "threshold_words", _l("分兩期撥付的金額；不分期就沒有"), "10萬元", sometimes=True),
    Field("領據天數", "receipt_days", _l("檢送領據的天數；不分期就沒有"), "30", sometimes=True),
    Field("第一期大寫", "first_words", _l("第一期款，國字大寫；不分期就沒有"), "新臺幣陸萬元整", sometimes=True),
    Field("一次請領大寫", "once_words", _l("一次請領的金額，國字大寫；分期就沒有"), "", sometimes=True),
    Field("附款條件", "conditions", _l("核定附帶的條件，每項一點；沒有就不列"), ("請款前：先取得土地使用同意書。",), sometimes=True),
    Field("附款項數", "conditions_count", _l("附帶條件有幾項；沒有就沒有"), "1", sometimes=True),
    Field("理由", "reason", _l("決定的理由，登錄決定時寫的"), "計畫內容與補助項目不符。"),
    Field("補正事項", "items", _l("要補正的事項，每項一點"), ("設備請附估價單。", "請補活動中心使用同意書。")),
    Field("補正天數", "days", _l("文到後幾個工作日內補正"), "10"),
    Field("前函", "earlier", _l("先前那封函的日期和字號；還沒有發過就沒有"), "99年5月25日府社區字第0990001234號函", sometimes=True),
    Field("取代函", "replaced", _l("重新審查以前那封函的日期和字號；不是重新審查就沒有"), "", sometimes=True),
    Field("展延期限", "extended_to", _l("展延後的期限"), "99年6月30日"),
    Field("撤回日", "withdrawn_on", _l("申請單位撤回的日期"), _DAY),
    Field("決定文號", "decision_number", _l("重新審查所依據的訴願決定或簽的文號"), "內政部訴願決定（台內訴字第0990001234號）", sometimes=True),
    Field("會議時間", "meets_at", _l("會議的日期和時間"), "99年6月15日下午2時"),
    Field("會議地點", "meets_where", _l("會議的地點"), "本府第一會議室"),
    Field("會議名稱", "meeting", _l("會議的名稱"), "99年度第1次補助案審查會"),
    Field("簡報順序", "turn", _l("第幾個簡報；沒有排定就沒有"), "第3件，下午2時40分", sometimes=True),
    Field("審查案件", "cases", _l("會議審查的案件，每件一點"), ("88-099-0001示範社區發展協會「長者共餐」", "88-099-0002範例社區發展協會「社區防災」")),
    Field("變更申請日", "asked_on", _l("申請變更的日期"), _DAY),
    Field("變更事項", "changes", _l("變更的事項，每項一點"), ("執行期間自99年12月31日展延至100年1月31日。", "講師費1萬元流用至材料費。")),
    Field("變更結果", "result", _l("同意變更，或部分同意變更"), "同意變更"),
    Field("變更後期款", "plan_words", _l("變更後各期款的金額；金額不變，或第一期已撥就沒有"),
          "變更後第一期款新臺幣6萬元整，第二期款新臺幣6萬元整。", sometimes=True),
    Field("變更後結報", "settle_by", _l("變更後的結報期限；期限不變就沒有"),
          "結報期限改為【結報期限】，請於期限前檢送支出憑證、成果照片及活動相關資料函送本府結報。", sometimes=True),
    Field("不同意事項", "refusals", _l("沒有同意的事項和理由，每項一點；都同意就沒有"),
          ("辦理地點：場地容納人數不足。",), sometimes=True),
    Field("變更說明", "note", _l("主管決定時寫的補充說明；沒有寫就沒有"), "請於變更後通知參加民眾。", sometimes=True),
    Field("變更教示", "partly_remedy", _l("有沒有同意的事項時附記的救濟；都同意就沒有"), "", sometimes=True),
    Field("未領款說明", "unpaid_note", _l("還沒有領款，放棄不影響日後申請；領過款就沒有"),
          "本件不是處分，不影響貴會日後申請補助。", sometimes=True),
    Field("放棄日", "given_up_on", _l("通知放棄補助的日期"), _DAY),
    Field("催辦主旨", "headline", _l("在「提醒」頁編輯的主旨"), "貴會辦理「長者共餐」補助案，業逾結報期限，請查照"),
    Field("催辦內容", "paragraphs", _l("在「提醒」頁編輯的內容"), ("本案結報期限為99年5月31日，迄未收到貴會結報資料。",)),
    Field("核銷結果", "outcome", _l("准予備查；有款項要撥時加上金額"), "准予備查，並撥付第二期款新臺幣6萬元整"),
    Field("結報日", "reported_on", _l("申請單位送出結報的日期"), _DAY),
    Field("核銷金額", "accepted_mixed", _l("准予核銷的金額"), "新臺幣10萬8,000元整"),
    Field("撥付金額", "pays_mixed", _l("這次撥付的金額；不用再撥就沒有"), "新臺幣6萬元整", sometimes=True),
    Field("請領說明", "claim", _l("怎麼請領、哪一天前；不用再撥就沒有"),
          "請於文到30日內（【領據期限】前）檢送領據（新臺幣陸萬元整）及存摺影本，憑撥第二期款。", sometimes=True),
    Field("繳回金額", "refund_mixed", _l("應繳回的金額；不用繳回就沒有"), "新臺幣1萬2,000元整", sometimes=True),
    Field("繳回大寫", "refund_words", _l("應繳回的金額，國字大寫"), "新臺幣壹萬貳仟元整"),
    Field("計算式", "arithmetic", _l("應繳回金額怎麼算；不用繳回就沒有"), "已撥付6萬元－核銷4萬8,000元＝1萬2,000元", sometimes=True),
    Field("繳款方式", "return_way", _l("繳到哪個帳戶；方案沒有登錄帳戶時，洽承辦人"), "洽本府承辦人辦理繳款", sometimes=True),
    Field("溢付情形", "twice", _l("哪一期、哪一天、哪一張憑單多撥了款"), "99年6月1日第1期款重複撥付（付款憑單第0990011號）"),
    Field("繳回期限", "return_due", _l("繳回的最後一天"), RETURN_DUE),
    Field("依據", "basis", _l("依據的法規和條文"), ""),
    Field("處分事由", "cause", _l("經費支用不當，或未執行"), "經費支用不當"),
    Field("陳述意見日", "heard_on", _l("給予陳述意見機會的日期"), _DAY),
    Field("停止申請", "bar", _l("停止申請的期間；不停止就沒有"), "下次申請不予受理；該件退回後，再下一件即得申請。", sometimes=True),
    Field("原處分", "lifted", _l("撤銷的那份處分函的日期和字號"), "本府99年6月1日府社區字第0990001234號函"),
    Field("回復事項", "restored", _l("撤銷以後恢復的事項，每項一點"), ("本案補助回復，請依原核定函繼續辦理。",)),
    Field("不當金額", "misused", _l("結報時要扣除的金額；已經結報就沒有"), "新臺幣1萬2,000元整", sometimes=True),
    Field("未撥金額", "stopped", _l("不再撥付的金額；都撥了就沒有"), "新臺幣6萬元整", sometimes=True),
    Field("評鑑年度", "year", _l("評鑑的年度"), "99"),
    Field("成績", "score", _l("評鑑成績；沒有受評就沒有"), "88.5", sometimes=True),
    Field("分級", "tier", _l("評鑑後的分級"), "績優型"),
    Field("分級起日", "tier_from", _l("分級起算的日期"), "100年1月1日"),
    Field("評鑑意見", "comments", _l("評鑑意見，每項一點；沒有就不列"), ("會務運作良好。", "請充實財務公開資料。"), sometimes=True),
    Field("事由", "topic", _l("這封函的主旨，開函稿時填"), "檢送99年度補助說明會資料1份"),
    Field("內容", "body", _l("這封函的說明，開函稿時填，每行一點"), ("說明會訂於99年6月15日下午2時舉行。", "請派員參加。"), levels=True),
    Field("建議結果", "proposed", _l("承辦人建議的結果和金額"), "同意補助新臺幣12萬元整"),
    Field("申請日", "filed_on", _l("申請單位送件的日期"), "99年5月20日"),
    Field("審查情形", "findings", _l("檢核和審查的結果，每項一點"), ("申請文件齊全。", "鐘點費依標準核減3,456元。")),
    Field("年度額度", "envelope", _l("年度額度、已核定和剩餘的金額"), "99年度額度300萬元，已核定120萬元，尚餘180萬元。", sometimes=True),
)  # fmt: skip
# Days counted from the dispatch date (grants.letters.marks): they stay in a draft until it is issued.
DAYS = {
    CORRECTION_DUE: _l("補正的最後一天"),
    RECEIPT_DUE: _l("送領據的最後一天；沒有要送領據就沒有"),
    SETTLEMENT_DUE: _l("結報的最後一天"),
    RETURN_DUE: _l("繳回的最後一天"),
}


@cache
def by_code() -> Mapping[str, Field]:
    return {field.code: field for field in (*OF_CASES, *OF_ASSOCIATIONS, *OF_OFFICES, *RECEIVERS, *FACTS)}


@cache
def by_mark() -> Mapping[str, Field]:
    return {field.mark: field for field in by_code().values()}


def marks_in(text: str) -> list[str]:
    """Return the names of the marks in the text, in their order."""
    return MARK.findall(text)


def unknown(text: str, allowed: Iterable[str]) -> list[str]:
    """Return what stands in brackets and is no mark that is allowed, and brackets without their pair."""
    known = set(allowed)
    found = [f"【{name}】" for name in MARK.findall(text) if name not in known]
    return found + BRACKET.findall(MARK.sub("", text))
