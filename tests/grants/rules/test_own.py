"""What a county asks beside the law: rows of a scheme's terms as papers, questions and criteria."""

from grants.rules.catalogue import Question
from grants.rules.own import OwnCriterion, OwnPaper, OwnQuestion, criteria, is_own, papers, questions

FOR_ALL = {"code": "own_1", "name": "水電單", "help": "最近一期", "required": True}
FOR_ONE = {"code": "own_2", "name": "地籍圖", "required": False, "programmes": ["day_care", "meals"]}


def test_a_paper_for_all_and_one_for_some_programmes():
    water, land = OwnPaper("own_1", "水電單", "最近一期", True), OwnPaper("own_2", "地籍圖", "", False)
    assert papers([FOR_ALL, FOR_ONE], "meals") == (water, land)
    assert papers([FOR_ALL, FOR_ONE], "tour") == (water,)
    assert papers([FOR_ALL | {"programmes": []}, FOR_ONE], "tour") == (water,)
    assert water.clause == ""


def test_questions_with_their_choices():
    rows = [
        {"code": "own_3", "label": "多久來一次？", "type": "choice", "choices": ["每天", "每週"], "help": "大約", "required": True},
        {"code": "own_4", "label": "有幾位志工？", "type": "number", "required": False, "programmes": ["meals"]},
    ]  # fmt: skip
    often = OwnQuestion(
        Question("own_3", "多久來一次？", "大約", "choice", "", (("每天", "每天"), ("每週", "每週"))), True
    )
    volunteers = OwnQuestion(Question("own_4", "有幾位志工？", "", "number", "", ()), False)
    assert questions(rows, "meals") == (often, volunteers)
    assert questions(rows, "tour") == (often,)


def test_criteria_with_their_weights():
    rows = [{"code": "own_5", "name": "在地參與", "weight": 60}, {"code": "own_6", "name": "可行", "weight": 40}]
    assert criteria(rows) == (OwnCriterion("own_5", "在地參與", 60), OwnCriterion("own_6", "可行", 40))


def test_a_code_of_the_county_begins_as_the_law_s_never_do():
    assert [is_own(code) for code in ("own_1", "own", "land_own_1")] == [True, False, False]
