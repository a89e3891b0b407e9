from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts import heads
from miaoli_kaohsiung.accounts.enums import Office as Office


class OrganisationKind(models.TextChoices):
    """The kinds of applicant that the regulation (貳) and the plan (參) name."""

    COMMUNITY_ASSOCIATION = "community_association", _("社區發展協會")
    WELFARE_INSTITUTION = "welfare_institution", _("社會福利服務機構")
    CIVIC_GROUP = "civic_group", _("民間團體")
    TOWNSHIP_OFFICE = "township_office", _("公所")
    CHURCH = "church", _("教會")
    SCHOOL = "school", _("學校")
    NATIONAL_NONPROFIT = "national_nonprofit", _("全國性非營利團體")

    def head_word(self, name: str) -> str:
        """What the person who confirms for such a body is called. Of groups and nationwide bodies, which may be
        associations, foundations or temples, the name says it.
        """
        found = _HEADS.get(self)
        return str(found) if found else heads.head_by_name(name)

    def awaits_head(self, name: str) -> str:
        """The status of a case or a change that this person has yet to confirm."""
        return str(_("待%(head)s確認") % {"head": self.head_word(name)})


def office_choices(head: str | Promise) -> list[tuple[str, Any]]:
    """Return the offices of a body that calls its head `head`, for a form."""
    return [(name, head if name == Office.CHAIRPERSON else words) for name, words in Office.choices]


_HEADS = {
    OrganisationKind.COMMUNITY_ASSOCIATION: heads.OF_ASSOCIATIONS,
    OrganisationKind.TOWNSHIP_OFFICE: heads.OF_OFFICES,
    OrganisationKind.SCHOOL: heads.OF_SCHOOLS,
    OrganisationKind.CHURCH: heads.ANY_HEAD,
}


class OrganisationStatus(models.TextChoices):
    ACTIVE = "active", _("正常運作")
    REORGANISING = "reorganising", _("限期整理")
    DISSOLVED = "dissolved", _("已解散")


class ManpowerGrant(models.TextChoices):
    """State of the 在地組織社區重建人力支持計畫 grant (clause K4.6.1)."""

    NONE = "none", _("沒有申請")
    PENDING = "pending", _("申請中")
    GRANTED = "granted", _("已核定")
    REFUSED = "refused", _("未獲核定")


class Tier(models.TextChoices):
    EXCELLENT = "excellent", _("績優型")
    POTENTIAL = "potential", _("潛力型")
    BASIC = "basic", _("基本型")


class TierBasis(models.TextChoices):
    EVALUATION = "evaluation", _("年度評鑑")
    DECISION = "decision", _("個案認定")


class TierDecisionStatus(models.TextChoices):
    PROPOSED = "proposed", _("待主管確認")
    CONFIRMED = "confirmed", _("已確認")
    REFUSED = "refused", _("未同意")


class AccountRequestStatus(models.TextChoices):
    WAITING = "waiting", _("待處理")
    INVITED = "invited", _("已開立")
    REFUSED = "refused", _("不開立")


class CounterWay(models.TextChoices):
    """How somebody came to have a clerk act for the association."""

    COUNTER = "counter", _("本人到櫃檯")
    PHONE = "phone", _("電話說明")
    PAPER = "paper", _("送來紙本")


class RequestKind(models.TextChoices):
    """What somebody without an account asks for: an account, one for a body of the directory, or that a new body is
    entered in the registry.
    """

    ACCOUNT = "account", _("申請帳號")
    CLAIM = "claim", _("認領")
    REGISTRATION = "registration", _("新單位登記")


class Reached(models.TextChoices):
    """How a refusal reaches whoever asked."""

    MAIL = "mail", _("寄電子郵件")
    PHONE = "phone", _("打電話")
    LETTER = "letter", _("印成信寄出或當面交給他")


class PaperKind(models.TextChoices):
    """Papers of the association itself, which many cases ask for. A paper that a case asks for by a code of its own has
    the same code here.
    """

    REGISTRATION = "registration_certificate", _("立案證書")
    SERVICE_PROOF = "service_proof", _("在本縣服務的證明")
    CHARTER = "charter", _("章程")
    MEMBERS = "members", _("會員名冊")
    OFFICERS = "officers", _("理監事及幹部名冊")
    PASSBOOK = "passbook", _("存摺封面")
    ELECTED = "election_certificate", _("當選證明書")


class RowOutcome(models.TextChoices):
    """What a row of a county's list would do in the registry."""

    ADDED = "added", _("新增")
    CHANGED = "changed", _("修改")
    UNCHANGED = "unchanged", _("沒有變")
    REFUSED = "refused", _("不匯入")


class CourseKind(models.TextChoices):
    """What the county offers its associations: a course (伍六), or a visit to an excellent one (伍七)."""

    COURSE = "course", _("培力課程")
    VISIT = "visit", _("觀摩參訪")


class CourseStatus(models.TextChoices):
    DRAFT = "draft", _("籌備中")
    ANNOUNCED = "announced", _("已公告")
    HELD = "held", _("已辦理")
    CANCELLED = "cancelled", _("停辦")


# A course that may still be changed; one in which presence is noted.
CHANGEABLE_COURSES = (CourseStatus.DRAFT, CourseStatus.ANNOUNCED)
ATTENDED_COURSES = (CourseStatus.ANNOUNCED, CourseStatus.HELD)
# What the public calendar shows.
PUBLIC_COURSES = (CourseStatus.ANNOUNCED, CourseStatus.HELD, CourseStatus.CANCELLED)


class EnrolmentStatus(models.TextChoices):
    ENROLLED = "enrolled", _("已報名")
    WAITING = "waiting", _("候補")
    WITHDRAWN = "withdrawn", _("已取消")
    ATTENDED = "attended", _("已出席")
    ABSENT = "absent", _("沒有出席")


# Who holds one of the places; who can still be withdrawn.
HOLDS_A_PLACE = (EnrolmentStatus.ENROLLED, EnrolmentStatus.ATTENDED, EnrolmentStatus.ABSENT)
OPEN_ENROLMENT = (EnrolmentStatus.ENROLLED, EnrolmentStatus.WAITING)
# Who was there; who stands on the list at the door.
WAS_THERE = (EnrolmentStatus.ATTENDED,)
ON_THE_LIST = (*OPEN_ENROLMENT, *WAS_THERE)


class Presence(models.TextChoices):
    """How somebody was noted as present."""

    DOOR = "door", _("方塊碼報到")
    LIST = "list", _("簽到表")


class HoursWay(models.TextChoices):
    """How hours of service were written down."""

    MONTH = "month", _("每月登錄")
    DOOR = "door", _("方塊碼簽到退")


class AllianceStatus(models.TextChoices):
    PROPOSED = "proposed", _("等各理事長確認")
    RUNNING = "running", _("結盟中")
    ENDED = "ended", _("已結束")
    WITHDRAWN = "withdrawn", _("沒有成立")


# An alliance that still lives; one that came about, which the public sees.
OPEN_ALLIANCES = (AllianceStatus.PROPOSED, AllianceStatus.RUNNING)
PUBLIC_ALLIANCES = (AllianceStatus.RUNNING, AllianceStatus.ENDED)


class MembershipStatus(models.TextChoices):
    INVITED = "invited", _("等理事長確認")
    AGREED = "agreed", _("已確認")
    DECLINED = "declined", _("不參加")
    LEFT = "left", _("已退出")


class CoachKind(models.TextChoices):
    """Who somebody of the coaching team is."""

    LEAD = "lead", _("帶領的協會")
    COUNTY = "county", _("縣府")
    MENTOR = "mentor", _("外聘輔導")


class CentreCondition(models.TextChoices):
    """How an activity centre, or a thing in it, is."""

    GOOD = "good", _("良好")
    REPAIR = "repair", _("待修")
    UNUSABLE = "unusable", _("不能用")


class PartnerKind(models.TextChoices):
    OFFICE = "office", _("公部門")
    COMPANY = "company", _("公司商號")
    TEMPLE = "temple", _("寺廟教會")
    SCHOOL = "school", _("學校")
    CLINIC = "clinic", _("醫院診所")
    FOUNDATION = "foundation", _("基金會與團體")
    EXPERT = "expert", _("專家學者")


class HelpWay(models.TextChoices):
    PROMISED = "promised", _("承諾")
    GIVEN = "given", _("提供了")
