"""自己算一次 in Chromium: the engine runs unchanged in Pyodide and answers byte by byte as here."""

import json
import os
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from grants.rules import ask, facts
from grants.rules.engine import evaluate
from tests.grants.deciding_once import decided_award
from tests.grants.oracle import cases
from tests.grants.rules.build import LAW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Cases for check_cases, where they lie beside the checkout (.ci/run), and random ones.
EXAMPLES = Path(os.environ.get("LAW_CASES", settings.BASE_DIR.parent / "shared" / "law")) / "cases"
RANDOM = 200
SLOW = 240_000
FETCHED = "performance.getEntriesByType('resource').map(one => new URL(one.name).pathname).filter(one => one.includes('pyodide'))"
ANSWER = """
import json
from grants.rules import ask, facts
from grants.rules.engine import evaluate
from grants.rules.ruleset import load
law = load("kaohsiung_88")
workday = lambda day: day.weekday() < 5
budgets, questions = json.loads(asked)
json.dumps([
    [evaluate(facts.from_dict(case), law, trace=True).to_json().decode() for case in budgets],
    [json.dumps(ask.answer(case, law, workday), ensure_ascii=False) for case in questions],
], ensure_ascii=False)
"""


def asked() -> tuple[list[dict], list[dict]]:
    chance = Random(88)
    budgets = [cases.budget(chance, str(number)) for number in range(RANDOM)]
    questions = [cases.money(chance) for _ in range(RANDOM)]
    for file in sorted(EXAMPLES.glob("*.json")):
        questions += [
            {key: value for key, value in case.items() if key not in ("expect", "note")}
            for case in json.loads(file.read_text("utf-8"))["cases"]
        ]
    return budgets, questions


def test_a_reader_reckons_an_award_again(phone, live_server):
    award = decided_award()
    phone.goto(live_server.url + reverse("grants:award_again", args=[award.number]))
    assert phone.evaluate(FETCHED) == []
    phone.get_by_role("button", name="自己算一次").click()
    expect(phone.locator("[data-again-state]")).to_have_text("重算完成：1 項的上限，和公布的完全相同。", timeout=SLOW)
    expect(phone.locator("[data-again-line]").nth(1)).to_have_text("相同：9,600 元")
    assert sorted(phone.evaluate(FETCHED)) == [
        f"/static/pyodide/{name}"
        for name in ("pyodide-lock.json", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.mjs", "python_stdlib.zip")
    ]
    budgets, questions = asked()
    phone.evaluate("async (text) => (await import('/static/js/again.js')).device().globals.set('asked', text)",
                   json.dumps([budgets, questions]))  # fmt: skip
    there = json.loads(
        phone.evaluate("async (code) => (await import('/static/js/again.js')).device().runPython(code)", ANSWER)
    )
    here = [evaluate(facts.from_dict(case), LAW, trace=True).to_json().decode() for case in budgets]
    assert there[0] == here
    assert there[1] == [
        json.dumps(ask.answer(case, LAW, lambda day: day.weekday() < 5), ensure_ascii=False) for case in questions
    ]
