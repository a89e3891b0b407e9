"""A round from its last sheet to the published tiers: closed, previewed, published by another, letters drafted, certificates."""

import pytest

from communities.models import TierDecision
from grants.enums import LetterKind
from grants.models import Letter
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory
from tests.factories.evaluation import a_round, score_fully

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_round_is_closed_published_and_honoured(page, axe):
    bodies = [OrganisationFactory(name=f"高雄縣旗山鎮{name}社區發展協會") for name in ("楓香", "苦楝", "樟樹")]
    officer, head = person(Role.CASE_OFFICER), person(Role.APPROVER)
    round_ = a_round(opener=officer)
    for body, percent in zip(bodies, (90, 70, 40), strict=True):
        score_fully(round_.entries.get(organisation=body), percent)
    give_session(page, officer)
    county = Person(page, officer).goes("/evaluation/99/results/").sees("績優型", "33%").goes("/evaluation/99/")
    county.press("結束評分").press("結束評分").sees("已結束評分")
    give_session(page, head)
    own = Person(page, head).goes("/evaluation/99/").press("公布結果").sees("公布後的分級", "1 個")
    axe(page)
    own.press("確定公布").sees("分級已列入待確認名單")
    for _body in bodies:
        own.goes("/registry/tiers/").press("看過並確認").press("確認分級").sees("已確認分級")
    tiers = dict(TierDecision.objects.values_list("organisation__name", "tier"))
    assert [tiers[body.name] for body in bodies] == ["excellent", "potential", "basic"]
    assert Letter.objects.filter(kind=LetterKind.TIER).count() == 3
    own.goes("/evaluation/99/").sees("績優獎狀 PDF")
    axe(page)
    answer = page.request.get(page.get_by_role("link", name="績優獎狀 PDF").get_attribute("href"))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
