"""Who may do what in the registry. `queries.registered` decides what a person may see at all."""

import datetime as dt

from django.utils.translation import gettext as _

from miaoli_kaohsiung.accounts.audiences import CORRECTION_ASKERS, COUNTY_READERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import post_with, posts_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny

from .enums import OPEN_ALLIANCES, AllianceStatus, MembershipStatus, OrganisationKind, Tier, TierDecisionStatus
from .models import Alliance, AllianceMember, Organisation, Partner, TierDecision

# The last days of an alliance are still written about so long after its end.
LEARNED_UNTIL = dt.timedelta(days=30)


def may_register(user: User, organisation: Organisation) -> Answer:
    """Allow the county's case officer to keep registration facts, bank account, terms of office and tier proposals."""
    if post_with(user, Role.CASE_OFFICER, county=organisation.county):
        return ALLOW
    return deny(_("單位登記資料由縣府承辦人維護。要更正請打電話給縣府的社區業務承辦人，電話在本頁最下方。"))


def may_update_contact(user: User, organisation: Organisation) -> Answer:
    """Allow the organisation itself to keep its contact data, and the case officer to help."""
    if post_with(user, Role.MEMBER, organisation_id=organisation.pk) or may_register(user, organisation):
        return ALLOW
    return deny(_("聯絡資料由單位自己或縣府承辦人更新。"))


def may_help(user: User, organisation: Organisation) -> Answer:
    """Allow the township's officer and the county's case officer to act for an association at the counter, unless they
    belong to it.
    """
    if any(post.organisation_id == organisation.pk and not post.counter_for for post in posts_of(user)):
        return deny(_("您是這個單位的人員，請直接辦理，不用櫃檯代辦。"))
    township = {"county": organisation.county, "township_code": organisation.township_id}
    if post_with(user, Role.TOWNSHIP_OFFICER, **township):
        return ALLOW
    if post_with(user, Role.CASE_OFFICER, county=organisation.county):
        return ALLOW
    return deny(_("櫃檯代辦由當地公所或縣府承辦人辦理。"))


def may_propose_changes(user: User, organisation: Organisation) -> Answer:
    """Allow the organisation's own people to propose changes of its record, which an officer confirms."""
    if post_with(user, Role.MEMBER, organisation_id=organisation.pk):
        return ALLOW
    return deny(_("登記資料的變更由單位的人員提出，縣府承辦人確認。"))


def may_propose_bank(user: User, organisation: Organisation) -> Answer:
    """Allow the organisation, or the case officer with its papers, to propose another bank account."""
    return may_propose_changes(user, organisation) or may_register(user, organisation)


def may_ask_recovery(user: User, organisation: Organisation) -> Answer:
    """Allow the clerk of the township or the county, who sees the person, to ask for a new password."""
    place = {"county": organisation.county, "township_code": organisation.township_id}
    if post_with(user, Role.TOWNSHIP_OFFICER, **place) or may_register(user, organisation):
        return ALLOW
    return deny(_("重設密碼由公所或縣府承辦人，看過本人的身分證件後提出。"))


def may_decide_for(user: User, organisation: Organisation) -> Answer:
    """Allow everybody but the organisation's own people."""
    return _stand_aside() if _belongs(user, organisation.pk) else ALLOW


def may_see_bank(user: User, organisation: Organisation) -> Answer:
    """Allow only the organisation and the county to see the bank account and telephone numbers of office holders."""
    own = post_with(user, Role.MEMBER, organisation_id=organisation.pk)
    if own or post_with(user, COUNTY_READERS, county=organisation.county):
        return ALLOW
    return deny(_("金融帳戶和聯絡電話只提供單位本身和縣府使用。"))


def may_propose_tier(user: User, organisation: Organisation) -> Answer:
    """Allow the case officer to propose a tier, for community associations only (M4.3a)."""
    if organisation.kind != OrganisationKind.COMMUNITY_ASSOCIATION:
        return deny(_("分級只適用於社區發展協會。"))
    if _belongs(user, organisation.pk):
        return _stand_aside()
    return may_register(user, organisation)


def may_decide_tier(user: User, decision: TierDecision) -> Answer:
    """Allow the county's approver to decide, unless that person made the proposal (four eyes)."""
    if decision.status != TierDecisionStatus.PROPOSED:
        return deny(_("這個分級已經決定過了。"))
    if not post_with(user, Role.APPROVER, county=decision.organisation.county):
        return deny(_("分級由主管確認。"))
    if _belongs(user, decision.organisation_id):
        return _stand_aside()
    if decision.proposed_by_id == user.pk:
        return deny(_("提報人不能確認自己提報的分級，請由另一位主管確認。"))
    return ALLOW


def may_see_proposed_tiers(user: User, organisation: Organisation) -> Answer:
    """Allow only the county to see proposed and refused tiers; the association and others see confirmed ones."""
    if post_with(user, COUNTY_READERS, county=organisation.county):
        return ALLOW
    return deny(_("還沒有確認的分級只提供縣府使用。"))


def _belongs(user: User, organisation_id: int) -> bool:
    return post_with(user, Role.MEMBER, organisation_id=organisation_id) is not None


def _stand_aside() -> Answer:
    return deny(_("您是這個協會的人員，要迴避，請由別的同仁辦理。"))


def may_keep_courses(user: User, county: str) -> Answer:
    """Allow the county's case officer to announce courses and to note who was there."""
    if post_with(user, Role.CASE_OFFICER, county=county):
        return ALLOW
    return deny(_("課程由縣府承辦人辦理。"))


def may_keep_people(user: User, organisation: Organisation) -> Answer:
    """Allow the organisation itself, and the county's case officer in its place, to enrol its people."""
    if post_with(user, Role.MEMBER, organisation_id=organisation.pk) or may_register(user, organisation):
        return ALLOW
    return deny(_("這裡的資料由協會自己或縣府承辦人登錄。"))


def may_lead(user: User, organisation: Organisation) -> Answer:
    """Allow the people of an excellent association to start an alliance."""
    if not post_with(user, Role.MEMBER, organisation_id=organisation.pk):
        return deny(_("結盟由帶領的協會自己發起。"))
    if organisation.kind != OrganisationKind.COMMUNITY_ASSOCIATION or organisation.current_tier != Tier.EXCELLENT:
        return deny(_("結盟由績優型的社區發展協會帶領；其他協會可以受邀參加。"))
    return ALLOW


def may_keep_alliance(user: User, alliance: Alliance) -> Answer:
    """Allow the lead's people and the county's case officer to keep the coaching team and its visits, while it lives."""
    if alliance.status not in OPEN_ALLIANCES:
        return deny(_("這個結盟已經結束，只能查閱。"))
    own = post_with(user, Role.MEMBER, organisation_id=alliance.lead_id)
    if own or post_with(user, Role.CASE_OFFICER, county=alliance.county):
        return ALLOW
    return deny(_("這裡由帶領的協會或縣府承辦人登錄。"))


def may_invite(user: User, alliance: Alliance) -> Answer:
    """Allow the lead's people to invite further associations."""
    if not post_with(user, Role.MEMBER, organisation_id=alliance.lead_id):
        return deny(_("參加的協會由帶領的協會邀請。"))
    return may_keep_alliance(user, alliance)


def is_chair_of(user: User, organisation_id: int) -> Answer:
    """Allow the chairperson in office, with an account of one's own: no clerk at the counter answers for somebody."""
    chair = {"organisation_id": organisation_id, "office": Office.CHAIRPERSON, "counter_for": ""}
    if post_with(user, Role.MEMBER, **chair):
        return ALLOW
    return deny(_("要由現任理事長用自己的帳號確認。"))


def may_learn(user: User, member: AllianceMember) -> Answer:
    """Allow the people of an association that agreed to write what it learned, until some time after the end."""
    if not post_with(user, Role.MEMBER, organisation_id=member.organisation_id):
        return deny(_("學習紀錄由參加的協會自己寫。"))
    ended = member.alliance.ended_on if member.alliance.status == AllianceStatus.ENDED else None
    late = ended is not None and clock.today() <= ended + LEARNED_UNTIL
    if member.status != MembershipStatus.AGREED or not (late or member.alliance.status in OPEN_ALLIANCES):
        return deny(_("理事長確認過的協會，在結盟期間和結束後30天內可以寫學習紀錄。"))
    return ALLOW


def may_keep_centre(user: User, county: str, township_code: str) -> Answer:
    """Allow the township's officer, and the county's case officer, to keep the record of an activity centre (伍九)."""
    if post_with(user, Role.TOWNSHIP_OFFICER, county=county, township_code=township_code):
        return ALLOW
    if post_with(user, Role.CASE_OFFICER, county=county):
        return ALLOW
    return deny(_("活動中心由當地公所或縣府承辦人登錄。"))


def may_keep_partner(user: User, county: str, organisation: Organisation | None) -> Answer:
    """Allow the county's case officer to keep the county's contacts, and the association its own partners."""
    if organisation is not None:
        return may_keep_people(user, organisation)
    if post_with(user, Role.CASE_OFFICER, county=county):
        return ALLOW
    return deny(_("縣府的聯絡名單由縣府承辦人維護。"))


def may_note_help(user: User, partner: Partner, organisation: Organisation | None) -> Answer:
    """Allow to note the help of an own partner to who keeps it; that of a contact of the county to the offices that carry
    cases, and to an association for itself.
    """
    if partner.organisation is not None:
        return may_keep_people(user, partner.organisation)
    if organisation is not None and post_with(user, Role.MEMBER, organisation_id=organisation.pk):
        return ALLOW
    if post_with(user, CORRECTION_ASKERS, county=partner.county):
        return ALLOW
    return deny(_("這裡由縣府、公所或用到幫助的協會登錄。"))


def may_read_contact(user: User, partner: Partner) -> Answer:
    """Allow the offices of the county to read whom to ask, and the association for its own partner."""
    own = partner.organisation_id
    if own and post_with(user, Role.MEMBER, organisation_id=own):
        return ALLOW
    if post_with(user, OFFICE_READERS, county=partner.county):
        return ALLOW
    return deny(_("聯絡人和電話只提供縣府和公所使用，請洽縣府承辦人。"))
