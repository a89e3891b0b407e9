"""What the public law page says that the portal does for a clause is so: each sentence here has its test.

The clauses are those that no registered rule carries but the portal, and those whose sentence once said more than was
true. A sentence that is changed must be changed here too, beside the test that proves it.
"""

import ast
import datetime as dt

import pytest
from django.conf import settings

from grants import duty_kinds
from grants.compliance import checklist
from grants.enums import NOT_RUNNING
from grants.forms.rulings import RulingForm
from grants.queries import scope
from grants.rules import laws
from grants.rules.ruleset import load
from grants.services.schemes.sync import sync
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import office_calendar
from tests.factories import money
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of, yuanli
from tests.factories.grants import ApplicationFactory, ProgrammeFactory

HERE = "tests/grants/test_law_promises.py"
RULINGS = "tests/grants/test_services_rulings.py"
# Clause: (the sentence, the tests that prove it).
# fmt: off
PROVED = {
    "K0.2": ("99年1月8日以前不能送件。",
             "tests/grants/rules/test_chapter_6_application.py::test_before_the_law_nothing_else_is_judged"),
    "K1.1": ("在法規頁和核定案的頁面說明。", f"{HERE}::test_an_award_says_where_the_money_comes_from"),
    "K8.1": ("在法規頁和核定案的頁面說明。", f"{HERE}::test_an_award_says_where_the_money_comes_from"),
    "K3.I.6.4b": ("在這個方案的案件頁說明。", f"{HERE}::test_a_case_of_after_school_care_says_that_it_is_visited"),
    "K4.1.3.5a": (
        ("依服務月份的基本工資，合計同一人在同一單位各申請案的金額（草稿、撤回、不予受理、未獲補助的不算）；"
        "縣內其他單位的申請案有同名的人時，承辦人提出核定建議時會看到，請他查明。"),
        "tests/grants/test_compliance.py::test_another_bodys_case_is_looked_at_by_the_office_alone",
        f"{HERE}::test_cases_that_are_over_do_not_count"),
    "K5.1": ("審查時逐件確認整體助益、持續性、系列性、累積性和居民共同參與。", f"{HERE}::test_the_officer_ticks_what_comes_first"),
    "K6.2.0": ("系統產生的申請書就是這個格式。", f"{HERE}::test_the_form_is_a4_portrait_and_horizontal"),
    "K7.4c": ("每年12月提醒，由單位填領款人數；稅率不在本辦法。", f"{HERE}::test_withholding_is_called_to_mind_in_december"),
    "K9.1": ("縣府的函釋要有文號和生效日，兩人確認後才生效。",
             f"{RULINGS}::test_nothing_changes_before_another_officer_confirms",
             f"{RULINGS}::test_four_eyes_in_the_workflow_and_in_the_database", f"{HERE}::test_a_ruling_wants_number_and_day"),
    "M3.1": ("縣府人員以縣府的職務登入，只辦本縣的案件。", f"{HERE}::test_who_sees_the_cases_of_a_county_and_of_a_township"),
    "M3.2": ("公所只看得到自己轄區的案件。", f"{HERE}::test_who_sees_the_cases_of_a_county_and_of_a_township"),
    "M4.3a": ("每年的分級有分數、理由和歷史，由另一個人一件一件確認；差幾分、先做哪幾項可以升級看得到，各鄉鎮市歷年分級有一張表，地圖可以選年度。門檻待縣府訂定。",
              "tests/communities/test_directory_map.py::test_the_map_of_a_year_counts_the_tiers_of_that_year",
              "tests/communities/test_services_tiers.py::test_a_confirmed_tier_stands_on_the_organisation_and_in_the_trail",
              "tests/communities/test_services_tiers.py::test_nobody_confirms_the_own_proposal",
              "tests/evaluation/test_lift.py::test_the_largest_gaps_that_together_suffice_are_marked",
              "tests/communities/test_views.py::test_the_tiers_of_townships_by_year_in_words"),
    "M5.1": (("中央的計畫由縣府兩個人登錄；協會提出，縣府加註意見函轉，結果和金額列在協會的往來紀錄，審查時看得到。"
             "中央的基準不在這個網站；縣府把補助標準登錄為函釋以前不能送件。"),
             "tests/grants/test_central.py::test_the_list_is_kept_by_two_people",
             "tests/grants/test_central.py::test_asked_forwarded_and_granted",
             "tests/grants/test_services_filing.py::test_refused_while_the_county_has_filed_no_standards"),
    "M5.4b": ("評鑑結果成為分級的依據；公布並確認後，績優社區有獎狀可以列印。",
              "tests/evaluation/test_certificates.py::test_each_excellent_association_has_one_once_its_tier_is_confirmed",
              "tests/evaluation/test_services.py::test_published_results_become_tiers_when_an_approver_confirms"),
    "M5.4c": ("評鑑時由協會填寫困難與需要，縣府和評鑑結果一起看得到。",
              "tests/evaluation/test_services.py::test_an_association_tells_its_difficulties_until_the_end_of_scoring"),
    "M5.8": ("計畫沒有寫金額；縣府公告標準以前不能送件。送件前看得到今年的錢還剩多少、前面有幾件。",
             "tests/grants/test_assets.py::test_an_applicant_reads_what_is_left_and_who_stands_before"),
    "M5.9a": ("由公所自己申請，直接送縣府；審查時確認申請單位是公所。公所登錄活動中心的設備、狀況和照片，公開給大家看。",
              "tests/grants/test_centre_cases.py::test_the_office_files_straight_to_the_county",
              "tests/grants/test_centre_cases.py::test_it_is_offered_to_the_office_and_refused_to_an_association",
              "tests/communities/test_centres.py::test_what_stands_there_and_how_it_was_found"),
    "M5.9b": (("沒有寫需求說明不能送件；同一個活動中心上次的補助、以前買過或已經有的相同設備，送件前和核定前都會提醒；"
               "買的設備列入財產清冊。"),
              "tests/grants/test_centre_cases.py::test_without_centre_and_needs_it_cannot_be_filed",
              "tests/grants/test_centre_cases.py::test_the_last_awards_for_the_same_centre_are_named_to_both_sides",
              "tests/grants/test_centre_cases.py::test_equipment_that_stands_in_the_centre_is_named_on_the_last_page",
              "tests/grants/test_assets.py::test_equipment_that_is_asked_for_again_is_named_before_the_decision",
              "tests/grants/test_assets.py::test_what_was_admitted_under_equipment_is_entered_once"),
    "M5.10a": ("名錄有鄉鎮市示意圖和每個協會的頁面；開放資料頁有檔案、資料目錄、授權和更新日期，不含個資。",
               "tests/communities/test_directory_map.py::test_a_tile_filters_the_directory_and_the_map_is_that_of_its_county",
               "tests/grants/test_open_data_catalogue.py::test_the_catalogue_names_every_dataset_file_and_column",
               "tests/grants/test_nothing_personal.py::test_no_mark_on_any_public_page",
               "tests/grants/test_views_open_data.py::test_the_page_names_datasets_fields_and_age",
               "tests/grants/test_views_open_data.py::test_nothing_personal_leaves"),
    "M5.10b": ("開放資料頁有兩份申請書範例；協會自己的頁面有照登記資料填好的申請書和名冊，ODT 和 PDF 都有。",
               "tests/grants/test_registration_papers.py::test_a_paper_is_filled_from_the_record_in_both_formats",
               "tests/grants/test_views_open_data.py::test_the_sample_forms_of_registration_are_offered_and_marked_as_samples"),
    "M4.1": (
        "縣府登錄公私部門的聯絡對象：可以幫什麼、服務哪裡、每次用到；審查案件和輔導訪視時查得到。審查時確認。",
        "tests/communities/test_partners.py::test_help_is_counted_by_what_was_given",
        "tests/communities/test_partners.py::test_who_can_help_is_near_and_of_the_county",
    ),
    "M4.2": (
        "協會登錄公司、寺廟、學校、診所等夥伴，記下承諾和提供的幫助，畫成網絡圖。申請時填合作夥伴，審查時確認。",
        "tests/communities/test_partners.py::test_an_association_reads_what_it_got_itself",
        "tests/browser/test_partners_walk.py::test_partners_are_kept_and_found",
    ),
    "M4.3b": (
        "依分級排每個社區一年的輔導工作，排在行事曆上，提醒去的人和協會，紀錄附照片，記到辦完為止；次數待縣府訂定。",
        "tests/grants/test_association_duties.py::test_visits_are_as_many_as_the_tier_asks_for",
        "tests/grants/test_guidance.py::test_who_goes_and_who_is_visited_are_reminded",
    ),
    "M4.4a": (
        (
        "結盟的協議線上提出、各理事長用自己的帳號確認，目的、協會、期間和經過都留下紀錄。共同申請時登錄各協會的分攤，合計要等於申請金額；結報依協會分單據。鄉鎮市是否相鄰"
        "由系統依協議判斷，不相鄰時請說明。"
    ),
        "tests/communities/alliances/test_agreement.py::test_it_begins_when_the_last_chairperson_has_answered",
        "tests/communities/alliances/test_agreement.py::test_the_invitation_stands_on_the_desk_of_the_chairperson_until_it_is_answered",
        "tests/grants/test_joint.py::test_vouchers_by_association_come_to_the_account",
    ),
    "M4.4b": (
        "績優型的協會才能發起結盟；輔導訪視和各協會學到什麼逐次登錄。帶領的社區不是績優型，要修正。",
        "tests/communities/alliances/test_agreement.py::test_only_an_excellent_association_leads",
        "tests/communities/alliances/test_coaching.py::test_each_association_writes_what_it_learned",
    ),
    "M4.5": (
        "協會登錄志工隊、訓練、保險和每月時數，現場可以簽到退；達到獎勵門檻會列出來，縣府和公所看得到合計。申請時填志工人數和時數，審查時確認。",
        "tests/communities/test_volunteers.py::test_hours_of_a_month_and_of_the_door_are_added_up",
        "tests/communities/test_volunteers.py::test_which_honours_hours_reach",
    ),
    "M5.2": (
        "縣府推薦參選的社區並附文件，登錄每次輔導和選拔結果；歷年獎項和晉級列在協會的頁面和公開的名錄。",
        "tests/grants/test_occasions.py::test_a_selection_has_entries_any_number_of_mentorings_and_a_result",
        "tests/grants/test_occasions.py::test_the_ladder_climbs_year_by_year_and_names_the_next_step",
    ),
    "M5.3": (
        "結盟的輔導團（帶領的協會、縣府、外聘）和每次訪視都登錄在結盟的頁面，審查時確認輔導人員。",
        "tests/communities/alliances/test_coaching.py::test_the_lead_and_the_county_keep_the_team",
    ),
    "M5.4a": (
        "縣府每年開辦：協會自評，每位委員各填一份評分表，結束後公布；當年登錄的會務紀錄和按時的比例帶入自評和評分表。",
        "tests/evaluation/test_services.py::test_a_year_is_opened_once",
        "tests/evaluation/test_own_marks.py::test_the_record_of_the_year_stands_at_its_indicators_until_the_association_says_something",
    ),
    "M5.5a": (
        (
        "會員大會、理監事會議、改選、財務報表、職員名冊、財產清冊各有期限，90天和30天前各提醒一次，協會登錄，縣府確認；按時辦的比例在評鑑和審查時看得到。期限待縣府訂"
        "定。縣府以函釋規定「沒有開會員大會的不受理」以後，送件時才會檢查。"
    ),
        "tests/grants/test_health.py::test_reminded_ninety_and_thirty_days_ahead_also_across_the_new_year",
        "tests/grants/test_health.py::test_deciders_and_the_list_read_the_same_figure",
    ),
    "M5.5b": (
        "協會每12個月看一次登記的資料，按「資料都對」才算更新，到期前提醒；超過12個月沒確認，申請時請說明。",
        "tests/grants/test_health.py::test_only_the_associations_own_word_renews_its_record",
    ),
    "M5.6": (
        "縣府公告課程，協會報名，額滿排候補自動遞補，當天用方塊碼報到；時數記在個人和協會名下，發研習證明，收課程意見。",
        "tests/communities/test_training.py::test_who_finds_no_place_waits_and_moves_up_by_itself",
        "tests/communities/test_training.py::test_hours_count_for_those_who_were_there",
        "tests/browser/test_training_walk.py::test_a_course_from_announcement_to_certificate",
    ),
    "M5.7": (
        "觀摩參訪和課程一樣公告、報名、報到、計時數；辦完後，當年要辦的參訪記為辦完。",
        "tests/grants/test_course_duties.py::test_a_course_that_took_place_does_what_the_year_asks_for",
    ),
    "M7": ("顯示在首頁。", f"{HERE}::test_the_home_page_says_what_the_plan_is_for"),
    "M1": ("顯示在首頁。", f"{HERE}::test_the_home_page_says_what_the_plan_is_for"),
    "M8": ("每次修改都是新版本，有生效日。", f"{RULINGS}::test_a_ruling_takes_effect_on_its_day_and_not_the_day_before"),
}
# fmt: on


def every_clause():
    return {clause.id: clause for law in laws.found() for clause in load(law).clauses.values()}


@pytest.mark.parametrize("clause", PROVED)
def test_the_sentence_is_the_one_that_is_proved(clause):
    sentence, *tests = PROVED[clause]
    assert every_clause()[clause].does == sentence
    for test in tests:
        path, name = test.split("::")
        tree = ast.parse((settings.BASE_DIR / path).read_text(encoding="utf-8"))
        assert name in {part.name for part in ast.walk(tree) if isinstance(part, ast.FunctionDef)}, test


def test_what_no_rule_carries_is_proved_here():
    carried = {key for key, clause in every_clause().items() if clause.by.startswith(("portal: ", "ruleset."))}
    assert carried - set(PROVED) == set()


@pytest.mark.django_db
def test_an_award_says_where_the_money_comes_from(client):
    award = money.approved()
    client.force_login(money.member(award))
    page = client.get(f"/awards/{award.number}/").content.decode()
    for clause in ("K1.1", "K8.1"):
        assert every_clause()[clause].explanation in page


@pytest.mark.django_db
def test_a_case_of_after_school_care_says_that_it_is_visited(client):
    case = ApplicationFactory(programme=ProgrammeFactory(code="after_school_care", clause="K3.I.6"))
    client.force_login(member_of(case.organisation))
    assert every_clause()["K3.I.6.4b"].explanation in client.get(f"/applications/{case.number}/").content.decode()


def test_cases_that_are_over_do_not_count():
    assert set(NOT_RUNNING) == {"draft", "awaiting_chair", "withdrawn", "not_accepted", "rejected"}


@pytest.mark.django_db
def test_the_officer_ticks_what_comes_first():
    texts = [item.text for item in checklist.items_for(ApplicationFactory()) if item.clause == "K5.1"]
    assert texts == ["整體助益、持續性、系列性、累積性、居民共同參與"]


def test_the_form_is_a4_portrait_and_horizontal():
    style = (settings.BASE_DIR / "static/pdf/application.css").read_text()
    assert "size: A4 portrait" in style
    assert "writing-mode" not in style


@pytest.mark.parametrize(("day", "wanted"), [(dt.date(2010, 11, 30), []), (dt.date(2010, 12, 1), ["2010"])])
def test_withholding_is_called_to_mind_in_december(day, wanted):
    span = dt.date(2010, 3, 1), dt.date(2010, 12, 31)
    found = duty_kinds.of_award("growth_prevention", ["lecturer_fee"], *span, day, 1, 10, office_calendar.published())
    assert [want.period for want in found if want.duty.key == "withholding"] == wanted
    assert [name for name, _label in duty_kinds.DUTIES["withholding"].figures] == ["payees"]


def test_a_ruling_wants_number_and_day():
    law = load("kaohsiung_88")
    parameter = law.parameter("casual_pay.hourly")
    form = RulingForm({}, ruleset=law, parameter=parameter, now=parameter.at(dt.date(2010, 6, 1)))
    assert {"memo_number", "effective_from"} <= set(form.errors)


@pytest.mark.django_db
def test_who_sees_the_cases_of_a_county_and_of_a_township():
    body = OrganisationFactory(county="miaoli", township=yuanli())
    scheme = next(one for one in sync() if one.slug == "miaoli-welfare")
    fields = {
        "programme": scheme.programmes.get(code="welfare_services"),
        "organisation": body,
        "status": "submitted",
        "first_filed_on": dt.date(2010, 6, 1),
    }
    here = ApplicationFactory(township_code=body.township_id, number="ML-099-0001", **fields)
    there = ApplicationFactory(township_code="10005110", number="ML-099-0002", **fields)
    elsewhere = ApplicationFactory(status="submitted", first_filed_on=dt.date(2010, 6, 1))
    officer = person(Role.CASE_OFFICER, "miaoli")
    office = person(Role.TOWNSHIP_OFFICER, "miaoli", township_code=body.township_id)
    assert set(scope.cases(officer)) == {here, there}
    assert set(scope.cases(office)) == {here}
    assert elsewhere in scope.cases(person(Role.CASE_OFFICER, "kaohsiung"))


@pytest.mark.django_db
def test_the_home_page_says_what_the_plan_is_for(client):
    sync()
    page = client.get("/").content.decode()
    for clause in ("M1", "M7"):
        assert every_clause()[clause].explanation in page
