"""The words of a kind changed by two people, then a free letter in these words: what is previewed is what is locked."""

import pytest
from playwright.sync_api import expect

from grants.models import Letter
from tests.factories import reviews

from . import deciding_steps
from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASK = "如有疑問，請洽本府承辦人。"


def test_words_changed_by_two_stand_on_the_next_free_letter_as_it_is_locked(open_page):
    people = reviews.staff()
    case = reviews.received(people)

    def enters(user) -> Person:
        page = open_page()
        give_session(page, user)
        return Person(page, user)

    officer, head = enters(people.officer), enters(people.head)
    officer.goes("/letters/words/").fits().goes("/letters/words/kaohsiung/free/").press("修改用語")
    said = officer.field("說明")
    said.fill("【內容】\n【承辦】")
    expect(officer.page.locator("main")).to_contain_text("【承辦】 不能用")
    said.fill(f"【內容】\n{ASK}")
    expect(officer.page.locator("#preview-text")).to_contain_text(ASK)
    officer.fill({"從哪一天起": "99/6/1", "為什麼改": "統一用語"}).press("送另一位確認")
    officer.sees("等候另一位同仁確認")
    head.goes("/desk/").press("看變更").sees(ASK).press("確認這件變更").sees("已確認")
    officer.goes(f"/applications/{case.number}/letter/").fits()
    officer.fill({"主旨": "檢送說明會資料1份", "說明": "請於【文到10日】前回復。"}).press("擬成函稿")
    assert Letter.objects.get().explanation == ["請於【文到10日】前回復。", ASK]
    deciding_steps.issue_letter(officer, "府社區字第0990003333號", "99年6月14日", ASK)
    assert Letter.objects.get().explanation == ["請於99年6月14日前回復。", ASK]
