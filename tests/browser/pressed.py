"""Which test of this folder sends each form of the money path from a real browser: tests/grants/test_money_forms.py asserts that none is
left out, and `conftest.py` fails a test that promises a form and does not send it.
"""

BY_TEST: dict[str, frozenset[str]] = {
    "test_day_care_settlement::test_too_few_are_explained_twice_and_the_money_comes_back_in_two_parts[phone]": frozenset(
        {
            "grants:settlement_accept",
            "grants:settlement_complete",
            "grants:settlement_content",
            "grants:settlement_correction",
            "grants:settlement_paper_add",
            "grants:settlement_report",
            "grants:settlement_sums",
        }
    ),
    "test_ledger_pages::test_a_payment_is_put_right_by_two_people": frozenset(
        {
            "grants:award_regained",
            "grants:entry_correct",
            "grants:instalment_approve",
            "grants:instalment_overpaid",
            "grants:instalment_pay",
            "grants:instalment_request",
            "grants:instalment_return",
            "grants:instalment_withdraw",
        }
    ),
    "test_ledger_pages::test_an_acceptance_is_taken_back_by_two_people_and_checked_anew": frozenset(
        {
            "grants:settlement_reverse",
        }
    ),
    "test_money_buttons::test_a_batch_and_a_file_that_are_not_wanted": frozenset(
        {
            "grants:payment_batch_discard",
            "grants:payment_batch_recall",
            "grants:payment_batch_send",
            "grants:payment_batch_table",
            "grants:payment_batches",
            "grants:payment_import_discard",
        }
    ),
    "test_money_buttons::test_a_wrong_day_of_completion_is_refused_and_withdrawn": frozenset(
        {
            "grants:completion_correct",
            "grants:completion_correct_decide",
            "grants:completion_correct_withdraw",
        }
    ),
    "test_money_buttons::test_the_associations_own_book": frozenset(
        {
            "grants:book",
            "grants:book_cancel",
        }
    ),
    "test_money_buttons::test_vouchers_are_changed_removed_and_admitted_at_once": frozenset(
        {
            "grants:sampling",
            "grants:settlement_start",
            "grants:settlement_voucher_change",
            "grants:settlement_voucher_remove",
            "grants:settlement_vouchers_at_once",
        }
    ),
    "test_rosters::test_people_are_paid_and_finance_sees_what_is_too_much[phone]": frozenset(
        {
            "grants:payees",
            "grants:settlement_roster_add",
            "grants:settlement_roster_change",
            "grants:settlement_voucher_check",
        }
    ),
    "test_sanction_pages::test_a_project_that_was_not_carried_out_bars_until_it_is_refused_on_filing": frozenset(
        {
            "grants:lifting_decide",
            "grants:sanction_decide",
            "grants:sanction_lift",
            "grants:sanction_new",
            "grants:sanctions",
            "grants:settlement_money_back",
            "grants:settlement_return_proof",
        }
    ),
    "test_settlement_page::test_what_is_typed_and_not_saved_outlives_each_upload": frozenset(
        {
            "grants:settlement_paper_remove",
            "grants:settlement_paper_restore",
        }
    ),
    "test_treasury::test_a_batch_from_the_list_to_the_payment[phone]": frozenset(
        {
            "grants:payment_batch_row",
            "grants:payment_batch_transfer",
            "grants:payment_import",
            "grants:payment_imports",
            "grants:payment_list",
        }
    ),
    "test_vouchers_offline::test_a_roster_waits_without_the_numbers_of_its_people": frozenset(
        {
            "grants:settlement_roster_send",
        }
    ),
    "test_vouchers_offline::test_without_a_net_nothing_is_lost_and_with_one_nothing_is_entered_twice": frozenset(
        {
            "grants:settlement_voucher_send",
        }
    ),
    "test_vouchers_on_a_phone::test_from_the_first_photo_to_handing_in[phone]": frozenset(
        {
            "grants:settlement_voucher_add",
            "grants:settlement_voucher_photo",
        }
    ),
}
PRESSED = {view: test for test, views in BY_TEST.items() for view in views}
