"""The moves as they were agreed: from which status to which, and which posts may make them."""

# A post of each kind, and people of the same posts elsewhere, who may do nothing.
POSTS = (
    "staff",
    "chair",
    "township",
    "officer",
    "proposer",
    "approver",
    "approver who proposed",
    "finance",
    "reviewer",
    "auditor",
    "administrator",
    "other association's chair",
    "other township",
    "other county's officer",
    "other county's approver",
    "other county's finance",
    "job",
)
MEMBERS = {"staff", "chair"}
OFFICERS = {"officer", "proposer"}
APPROVERS = {"approver"}
# Holds both posts; as officer the person proposed the case at hand.
BOTH = {"approver who proposed"}

# move: ({status it starts from}, the status it leads to, {who may}), for a scheme that goes straight to the county, a
# correction that the county asked for, and a proposal to approve.
APPLICATION = {
    "hand_to_chair": ({"draft"}, "awaiting_chair", MEMBERS),
    "take_back": ({"awaiting_chair"}, "draft", MEMBERS),
    "return_to_staff": ({"awaiting_chair"}, "draft", {"chair"}),
    "discard": ({"draft", "awaiting_chair"}, "withdrawn", MEMBERS),
    "file": ({"draft", "awaiting_chair"}, "submitted", {"chair"}),
    "file_to_township": (set(), "township_review", set()),
    # Only while a misuse decision waits for the next application: see test_bans.
    "bar": (set(), "not_accepted", set()),
    "forward": ({"township_review"}, "submitted", {"township"}),
    "ask_correction_by_township": ({"township_review"}, "correction_requested", {"township"}),
    "receive": ({"submitted"}, "completeness_check", OFFICERS | BOTH),
    "ask_correction": ({"completeness_check", "under_review"}, "correction_requested", OFFICERS | BOTH),
    "refile": ({"correction_requested"}, "completeness_check", {"chair"}),
    "refile_to_township": (set(), "township_review", set()),
    "complete": ({"completeness_check"}, "under_review", OFFICERS | BOTH),
    # What was asked of the association was due yesterday.
    "propose_refusal": ({"submitted", "completeness_check", "correction_requested"}, "proposed", OFFICERS | BOTH),
    "propose": ({"under_review"}, "proposed", OFFICERS | BOTH),
    "send_back": ({"proposed"}, "under_review", APPROVERS | BOTH),
    "send_back_to_check": (set(), "completeness_check", set()),
    "send_back_to_correction": (set(), "correction_requested", set()),
    "approve": ({"proposed"}, "approved", APPROVERS),
    # Whatever was proposed.
    "reject": ({"proposed"}, "rejected", APPROVERS),
    "not_accept": (set(), "not_accepted", set()),
    # Only once two people have found that the case is decided anew: see test_reopening.
    "reopen": (set(), "under_review", set()),
    "reopen_to_check": (set(), "completeness_check", set()),
    "take_back_proposal": ({"proposed"}, "under_review", BOTH),
    "take_back_to_check": (set(), "completeness_check", set()),
    "take_back_to_correction": (set(), "correction_requested", set()),
    "withdraw": (
        {"township_review", "submitted", "completeness_check", "correction_requested", "under_review", "proposed"},
        "withdrawn",
        {"chair"},
    ),
}
# The cells that differ where the township comes first, asked for the correction, and rejection is proposed.
TOWNSHIP_FIRST = APPLICATION | {
    "file": (set(), "submitted", set()),
    "file_to_township": ({"draft", "awaiting_chair"}, "township_review", {"chair"}),
    "refile": (set(), "completeness_check", set()),
    "refile_to_township": ({"correction_requested"}, "township_review", {"chair"}),
    "approve": (set(), "approved", set()),
}
# The cells that differ where it is proposed not to take the case up, with a correction open and without one.
REFUSAL = APPLICATION | {
    "send_back": (set(), "under_review", set()),
    "send_back_to_correction": ({"proposed"}, "correction_requested", APPROVERS | BOTH),
    "approve": (set(), "approved", set()),
    "not_accept": ({"proposed"}, "not_accepted", APPROVERS),
    "take_back_proposal": (set(), "under_review", set()),
    "take_back_to_correction": ({"proposed"}, "correction_requested", BOTH),
}
REFUSAL_AT_CHECK = REFUSAL | {
    "send_back_to_check": ({"proposed"}, "completeness_check", APPROVERS | BOTH),
    "send_back_to_correction": (set(), "correction_requested", set()),
    "take_back_to_check": ({"proposed"}, "completeness_check", BOTH),
    "take_back_to_correction": (set(), "correction_requested", set()),
}
AWARD = {
    "complete": ({"active"}, "completed", MEMBERS),
    "close": ({"completed"}, "closed", {"job"}),
    "halt": ({"active", "completed"}, "reopened", {"job"}),
    "decide_anew": ({"reopened"}, "active", {"job"}),
    "decide_completed": ({"reopened"}, "completed", {"job"}),
    "end_anew": ({"reopened"}, "revoked", {"job"}),
    "halt_again": ({"revoked", "given_up"}, "reopened", {"job"}),
    "reopen": ({"closed"}, "completed", {"job"}),
    "open_again": ({"closed"}, "completed", {"job"}),
    "settle_again": ({"closed"}, "completed", {"job"}),
    "not_execute": (set(), "not_executed", set()),
    "reinstate": ({"not_executed", "revoked"}, "active", {"job"}),
    "reinstate_completed": ({"not_executed", "revoked"}, "completed", {"job"}),
    "give_up": ({"active"}, "given_up", {"job"}),
    "revoke": (set(), "revoked", set()),
}
_UNDECIDED = {"awaiting_chair", "submitted", "checked"}
AMENDMENT = {
    "confirm": ({"awaiting_chair"}, "submitted", {"chair"}),
    "check": ({"submitted"}, "checked", OFFICERS | BOTH),
    "approve": ({"checked"}, "approved", APPROVERS | BOTH),
    "refuse": ({"checked"}, "refused", APPROVERS | BOTH),
    "send_back": ({"checked"}, "submitted", APPROVERS | BOTH),
    "withdraw": (_UNDECIDED, "withdrawn", MEMBERS),
    "drop": (_UNDECIDED, "withdrawn", {"job"}),
}
SANCTION = {
    "confirm": ({"draft"}, "confirmed", OFFICERS - {"officer"} | APPROVERS | BOTH),
    "refuse": ({"draft"}, "refused", OFFICERS - {"officer"} | APPROVERS | BOTH),
    "withdraw": ({"draft"}, "withdrawn", {"officer"}),
}
DECISION = SANCTION | {"lift": ({"confirmed"}, "lifted", {"job"})}
INSTALMENT = {
    "release": ({"scheduled"}, "awaiting_receipt", {"job"}),
    "request": ({"awaiting_receipt"}, "requested", MEMBERS | OFFICERS | BOTH),
    "return_receipt": ({"requested"}, "awaiting_receipt", OFFICERS | BOTH),
    "approve": ({"requested"}, "approved", OFFICERS | APPROVERS | BOTH),
    "pay": ({"approved"}, "paid", {"finance"}),
    "withdraw_approval": ({"approved"}, "requested", OFFICERS | APPROVERS | BOTH | {"finance"}),
    "bounce": ({"paid"}, "awaiting_receipt", {"job"}),
    "pay_again": ({"paid"}, "requested", {"job"}),
    "not_paid": ({"paid"}, "approved", {"job"}),
    "end_unpaid": ({"paid"}, "cancelled", {"job"}),
    "take_back": ({"awaiting_receipt", "requested", "approved"}, "scheduled", {"job"}),
    "restore": ({"cancelled"}, "scheduled", {"job"}),
    "cancel": ({"scheduled", "awaiting_receipt"}, "cancelled", {"job"}),
}
BATCH = {
    "send": ({"drafted"}, "sent", {"finance"}),
    "recall": ({"sent"}, "drafted", {"finance"}),
    "discard": ({"drafted"}, "ended", {"finance"}),
    "pay_part": ({"sent"}, "part", {"job"}),
    "pay_whole": ({"sent", "part"}, "paid", {"job"}),
    "end": ({"sent"}, "ended", {"job"}),
}
SETTLEMENT = {
    "submit": ({"draft"}, "submitted", MEMBERS),
    "resubmit": ({"correction_requested"}, "submitted", MEMBERS),
    "ask_correction": ({"submitted", "sums_checked"}, "correction_requested", OFFICERS | BOTH | {"finance"}),
    "check_sums": ({"submitted"}, "sums_checked", {"finance"}),
    "check_content": ({"sums_checked"}, "content_checked", OFFICERS | BOTH),
    "send_back": ({"content_checked"}, "correction_requested", APPROVERS | BOTH),
    "reverse": ({"accepted"}, "submitted", {"job"}),
    "accept": ({"content_checked"}, "accepted", APPROVERS | BOTH),
}
LETTER = {
    "issue": ({"draft"}, "issued", OFFICERS | APPROVERS | BOTH),
    # Only of a draft that was to replace another letter: see test_services_letters.
    "cancel": (set(), "cancelled", set()),
    "drop": ({"draft"}, "cancelled", {"job"}),
    "void": ({"issued"}, "void", OFFICERS | APPROVERS | BOTH),
}
