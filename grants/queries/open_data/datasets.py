"""The open datasets: who is registered, in which tier, what was awarded, how much is left, which courses there are, how
many hours volunteers gave. No personal data, nothing undecided.
"""

from django.db.models import Max
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _l

from communities.enums import PUBLIC_COURSES, TierDecisionStatus
from communities.models import ActivityCentre, CentreRecord, Course, Organisation, ServiceHours, TierDecision
from communities.places import TOWNSHIP
from grants.models import Award, Envelope, LedgerEntry

from .fields import Dataset, fields
from .money import awards, envelopes
from .registry import activity_centres, courses, organisations, tiers, volunteer_hours, volunteer_years

DATASETS: dict[str, Dataset] = {
    dataset.slug: dataset
    for dataset in (
        Dataset(
            "organisations",
            _l("社區發展協會與團體"),
            _l("各縣登記的單位、分級和社區規模。不含人名、地址、電話和帳號。"),
            fields(
                ("id", _l("單位代碼"), _l("本網站的代碼，其他資料集也用它")),
                ("name", _l("立案全名"), ""),
                ("kind", _l("類別"), ""),
                ("county", _l("縣"), ""),
                ("township", TOWNSHIP, _l("資料產生當天的名稱")),
                ("village", _l("村里"), _l("資料產生當天的名稱")),
                ("status", _l("狀態"), ""),
                ("registration_number", _l("立案字號"), ""),
                ("registered_on", _l("立案日期"), _l("西元年-月-日")),
                ("households", _l("戶數"), _l("戶")),
                ("population", _l("人口數"), _l("人")),
                ("members", _l("會員數"), _l("人")),
                ("tier", _l("分級"), _l("績優型、潛力型或基本型")),
                ("tier_year", _l("分級年度"), _l("西元年")),
                ("updated_on", _l("資料更新日期"), _l("西元年-月-日")),
            ),
            organisations,
            lambda: Organisation.objects.count(),
            lambda: Organisation.objects.aggregate(day=Max("profile_updated_on"))["day"],
        ),
        Dataset(
            "awards",
            _l("核定補助"),
            _l("誰在什麼時候得到補助、做什麼、多少錢、已撥多少。"),
            fields(
                ("number", _l("案號"), ""),
                ("scheme", _l("補助方案"), ""),
                ("county", _l("縣"), ""),
                ("programme", _l("方案類別"), ""),
                ("organisation_id", _l("單位代碼"), ""),
                ("organisation", _l("受補助單位"), ""),
                ("township", TOWNSHIP, _l("資料產生當天的名稱")),
                ("title", _l("計畫名稱"), ""),
                ("requested", _l("申請金額"), _l("新臺幣元")),
                ("approved", _l("核定金額"), _l("新臺幣元")),
                ("approved_on", _l("核定日期"), _l("西元年-月-日")),
                ("starts_on", _l("執行起日"), _l("西元年-月-日")),
                ("ends_on", _l("執行迄日"), _l("西元年-月-日")),
                ("status", _l("狀態"), ""),
                ("paid", _l("已撥付"), _l("新臺幣元")),
                ("returned", _l("已繳回"), _l("新臺幣元，含追繳")),
            ),
            awards,
            lambda: Award.objects.count(),
            lambda: LedgerEntry.objects.aggregate(day=Max("on"))["day"],
        ),
        Dataset(
            "envelopes",
            _l("年度額度"),
            _l("每個方案每年的額度、已核定、已撥付和還剩多少。"),
            fields(
                ("scheme", _l("補助方案"), ""),
                ("county", _l("縣"), ""),
                ("year", _l("年度"), _l("西元年")),
                ("amount", _l("額度"), _l("新臺幣元")),
                ("approved", _l("已核定"), _l("新臺幣元")),
                ("paid", _l("已撥付"), _l("新臺幣元，已扣繳回")),
                ("left", _l("尚可核定"), _l("新臺幣元")),
            ),
            envelopes,
            lambda: Envelope.objects.count(),
            lambda: LedgerEntry.objects.aggregate(day=Max("on"))["day"],
        ),
        Dataset(
            "tiers",
            _l("歷年分級"),
            _l("每個社區發展協會每一年確認的分級。"),
            fields(
                ("organisation_id", _l("單位代碼"), ""),
                ("organisation", _l("單位"), ""),
                ("county", _l("縣"), ""),
                ("township", TOWNSHIP, _l("資料產生當天的名稱")),
                ("year", _l("年度"), _l("西元年")),
                ("tier", _l("分級"), _l("績優型、潛力型或基本型")),
                ("basis", _l("依據"), _l("年度評鑑或個案認定")),
                ("decided_on", _l("確認日期"), _l("西元年-月-日")),
            ),
            tiers,
            lambda: TierDecision.objects.filter(status=TierDecisionStatus.CONFIRMED).count(),
            lambda: TierDecision.objects.aggregate(day=Max("decided_on"))["day"],
        ),
        Dataset(
            "courses",
            _l("培力課程與觀摩"),
            _l("縣府公告和辦過的課程、名額和出席人數。"),
            fields(
                ("id", _l("課程代碼"), ""),
                ("county", _l("縣"), ""),
                ("kind", _l("類別"), ""),
                ("title", _l("名稱"), ""),
                ("day", _l("日期"), _l("西元年-月-日")),
                ("hours", _l("時數"), _l("小時")),
                ("place", _l("地點"), ""),
                ("places", _l("名額"), _l("人")),
                ("status", _l("狀態"), ""),
                ("present", _l("出席"), _l("人")),
            ),
            courses,
            lambda: Course.objects.filter(status__in=PUBLIC_COURSES).count(),
            lambda: Course.objects.filter(status__in=PUBLIC_COURSES).aggregate(day=Max("day"))["day"],
        ),
        Dataset(
            "volunteer-hours",
            _l("志願服務時數"),
            format_lazy(_l("各{kinds}每一年的志工人數和服務時數。"), kinds=TOWNSHIP),
            fields(
                ("county", _l("縣"), ""),
                ("township", TOWNSHIP, _l("資料產生當天的名稱")),
                ("year", _l("年度"), _l("西元年")),
                ("associations", _l("協會數"), _l("有登錄時數的協會")),
                ("volunteers", _l("志工數"), _l("有登錄時數的人")),
                ("hours", _l("服務時數"), _l("小時")),
            ),
            volunteer_hours,
            volunteer_years,
            lambda: ServiceHours.objects.aggregate(day=Max("day"))["day"],
        ),
        Dataset(
            "activity-centres",
            _l("社區活動中心"),
            _l("公所登錄的活動中心，和最近一次看到的狀況。"),
            fields(
                ("id", _l("活動中心代碼"), ""),
                ("county", _l("縣"), ""),
                ("township", TOWNSHIP, _l("資料產生當天的名稱")),
                ("name", _l("名稱"), ""),
                ("address", _l("地址"), _l("資料產生當天的名稱")),
                ("organisation", _l("管理的協會"), _l("空白是公所自己管理")),
                ("built_in", _l("啟用年度"), _l("民國年")),
                ("area", _l("樓地板面積"), _l("平方公尺")),
                ("things", _l("設備"), _l("件")),
                ("condition", _l("狀況"), _l("良好、待修或不能用")),
                ("seen_on", _l("看的日期"), _l("西元年-月-日")),
                ("closed_on", _l("停用日期"), _l("西元年-月-日")),
            ),
            activity_centres,
            lambda: ActivityCentre.objects.count(),
            lambda: CentreRecord.objects.aggregate(day=Max("day"))["day"],
        ),
    )
}
