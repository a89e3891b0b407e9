"""The roles that a clause can have for the portal. A law's `law.toml` names a clause for each role that it has
(`[law.cites]`); for the others nothing is cited. Read through `RuleSet.cite`.
"""

ROLES = {
    "first_instalment": "what is paid on a receipt, before the project is carried out",
    "second_instalment": "what is paid after the account, where a first part was paid before it",
    "single_payment": "all of it, paid after the account",
    "accepted_account": "what the county bears of an account",
    "refund": "what was paid beyond that and comes back",
    "not_executed": "all that was paid for a project that was not carried out",
    "misused": "what was spent against the plan",
    "ban_not_executed": "the years without applications after a project that was not carried out",
    "ban_misused": "the next application after money was misused",
    "settlement_due": "the term of the account",
    "year_closed": "the years that money is budgeted for",
    "year_money": "the money of a year",
    "training": "the training of whoever is paid as an aide",
    "attendance": "the least number of users of a day care",
    "surcharge_station_courses": "what is added to a station's courses for those who pay",
    "surcharge_station_meals": "what is added to a station's meals for those who pay",
    "surcharge_day_care": "what is added to a day care's courses for those who pay",
    "incidents": "what must be reported at once",
    "review": "what reviewers score",
}
