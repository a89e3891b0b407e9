"""Every entry of the trail reads as a sentence: each action, each kind of row and each field has its words."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver

from grants.queries.audit import kinds, sentences
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from tests.factories import money
from tests.factories.accounts import person
from tests.factories.grants import ApplicationFactory
from tests.grants.settling import accepted, paid_first

ROOMS = ("grants", "communities", "evaluation", "miaoli_kaohsiung")
ROOT = Path(settings.BASE_DIR)
SAVE = actions.register("application.test_words", "儲存")


def codes() -> list[str]:
    """Every action of the portal; the views bring in all services."""
    assert get_resolver().url_patterns
    return [code for code, _label in actions.choices() if not code.startswith(("test.", "example."))]


def models_of_the_portal():
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in ROOMS]


def keys_recorded() -> set[str]:
    """The names that services give beside the columns: the keys of dicts within a call with `before=` or `after=`."""
    found = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
                    found |= _keys([word.value for word in node.keywords if word.arg in ("before", "after")])
    return found


def _keys(nodes) -> set[str]:
    dicts = [part for node in nodes for part in ast.walk(node) if isinstance(part, ast.Dict)]
    return {key.value for part in dicts for key in part.keys if isinstance(key, ast.Constant) and key.value}


def test_every_action_has_words_and_a_group():
    found = codes()
    assert len(found) > 400
    assert [code for code in found if not sentences.CHINESE.search(actions.label_of(code))] == []
    assert sorted({code.partition(".")[0] for code in found if kinds.group_of(code) == kinds.OTHER}) == []


def test_every_kind_of_row_has_words():
    named = {model._meta.label_lower: sentences.kind_of(model._meta.label_lower) for model in models_of_the_portal()}
    assert [label for label, words in named.items() if not sentences.CHINESE.search(words)] == []
    assert sentences.kind_of("gone.model") == "資料"


def test_every_column_has_words_or_is_left_to_programs():
    hidden = set(sentences.words()["hidden"]["names"])
    bare = {
        f"{model._meta.label_lower}.{field.name}"
        for model in models_of_the_portal()
        for field in model._meta.concrete_fields
        if field.name not in hidden | {"id"} and not sentences.label_of(model._meta.label_lower, field.name)
    }
    assert sorted(bare) == []


def test_every_name_that_a_service_records_has_words():
    hidden = set(sentences.words()["hidden"]["names"])
    columns = {field.name for model in models_of_the_portal() for field in model._meta.concrete_fields}
    known = columns | hidden | set(sentences.words()["fields"])
    assert sorted(keys_recorded() - known) == []


def written(before=None, after=None, number="88-099-0007", name="王甲"):
    case = ApplicationFactory(number=number)
    with trail.unit_of_work(Actor(person(Role.CASE_OFFICER), "承辦人", name)):
        trail.record(SAVE, case, before=before, after=after, case=case.number)
    row = AuditEntry.objects.latest("seq")
    return sentences.sentence_of(row, sentences.Names([row]))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, None, ""),
        ({"requested_total": 120_000}, {"requested_total": 98_500}, "申請金額由「120,000 元」改為「98,500 元」。"),
        ({"starts_on": "2010-06-01"}, {"starts_on": "2010-07-15"}, "開始日期由「99年6月1日」改為「99年7月15日」。"),
        ({"status": "submitted"}, {"status": "under_review"}, None),
        ({"edition": 1}, {"edition": 2}, ""),
        (None, {"reason": "單價偏高"}, "理由 單價偏高。"),
        # The county as it is called on the portal's day, not on that of the machine.
        ({"county": "miaoli"}, {"county": "kaohsiung"}, "縣市由「苗栗縣」改為「高雄縣」。"),
        ({"title": "舊"}, {"title": "舊"}, ""),
        ({"title": "舊"}, {"title": ""}, "計畫名稱由「舊」改為「（空白）」。"),
    ],
)
def test_a_sentence_says_who_did_what_and_what_changed(before, after, said):
    text = written(before, after)
    head = "王甲（承辦人）儲存：申請案 88-099-0007。"
    assert text.startswith(head)
    if said is None:
        assert not re.search(r"[a-z]{3,}", text)
    else:
        assert text == head + said


@pytest.mark.django_db
def test_of_many_changes_six_are_said_and_the_rest_counted():
    after = {
        "title": "1",
        "place": "2",
        "goal": "3",
        "content": "4",
        "outcome": "5",
        "beneficiaries": 6,
        "contact_name": "7",
    }
    assert written(None, after).endswith("；等 7 項。")
    assert written(None, {"goal": "長" * 61}, "88-099-0008").endswith(f"{'長' * 60}…。")


@pytest.mark.django_db
def test_no_code_stands_in_the_sentences_of_a_whole_case():
    people = money.county()
    award = money.approved(staff=people)
    paid_first(award, people)
    accepted(award, people, (60_000, 60_000))
    rows = list(AuditEntry.objects.order_by("seq"))
    assert len(rows) > 15
    coded = [row.text for row in sentences.sentences(rows) if re.search(r"[a-z_]{3,}|None|True|False|\{", row.text)]
    assert coded == []
