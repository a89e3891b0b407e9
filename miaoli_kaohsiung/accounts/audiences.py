"""Groups of posts, each named once for who they are. No other module but the tables of moves lists posts."""

from .enums import Role

# One post or several: what every question after somebody's posts takes.
Who = Role | tuple[Role, ...]


def each(who: Who) -> tuple[Role, ...]:
    return (Role(who),) if isinstance(who, str) else who


EVERY_ROLE = tuple(Role)
# Everybody who acts for an authority; they need a second factor.
STAFF_ROLES = tuple(role for role in Role if role != Role.MEMBER)

# Who does the county's work on a case, and who besides looks at all that the county holds.
COUNTY_STAFF = (Role.CASE_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER)
COUNTY_READERS = (*COUNTY_STAFF, Role.AUDITOR)
# Who carries a case and who decides it: county staff but for those who pay.
CASE_HANDLERS = (Role.CASE_OFFICER, Role.APPROVER)
# Who keeps the county's money: envelopes and the accounts to which money is returned.
MONEY_KEEPERS = (Role.APPROVER, Role.FINANCE_OFFICER)
# Who finds what an application lacks and asks for it.
CORRECTION_ASKERS = (Role.CASE_OFFICER, Role.TOWNSHIP_OFFICER)
# The association itself, or the case officer in its place.
ASSOCIATION_OR_OFFICER = (Role.MEMBER, Role.CASE_OFFICER)

# The authorities that look after associations; and those with the associations, who read what follows an approval.
OFFICE_READERS = (Role.TOWNSHIP_OFFICER, *COUNTY_READERS)
AWARD_READERS = (Role.MEMBER, *OFFICE_READERS)
# A case has reviewers besides, until it is decided.
CASE_READERS = (*AWARD_READERS, Role.REVIEWER)
# Whoever is not let into the registry has the public directory in the menu.
DIRECTORY_READERS = tuple(role for role in Role if role not in OFFICE_READERS)
# Papers with people's names, accounts and signatures: the association's own and the county's, not the township's.
PAPER_READERS = (Role.MEMBER, *COUNTY_READERS)
# The work of checking an application, before it is decided.
CHECK_READERS = (*CASE_HANDLERS, Role.AUDITOR)
LETTER_READERS = (*AWARD_READERS, Role.ADMINISTRATOR)
LETTER_PRINTERS = (*CASE_HANDLERS, Role.ADMINISTRATOR)
RULING_READERS = (*COUNTY_READERS, Role.ADMINISTRATOR)

# Yearly evaluations: who gives scores, who sees a round, and those with the associations in it.
SCORERS = (Role.CASE_OFFICER, Role.REVIEWER)
EVALUATION_STAFF = (*COUNTY_STAFF, Role.REVIEWER, Role.AUDITOR)
EVALUATION_READERS = (Role.MEMBER, *EVALUATION_STAFF)

# Accounts: who invites; whom case officers invite; who confirms what another one changes about somebody.
INVITERS = (Role.ADMINISTRATOR, Role.CASE_OFFICER)
INVITED_BY_OFFICERS = (Role.MEMBER, Role.TOWNSHIP_OFFICER)
CHANGE_CONFIRMERS = (Role.ADMINISTRATOR, Role.APPROVER)
# Posts that decide, pay, look into everything or give posts: a second person confirms who gets one.
DECIDING_ROLES = (*COUNTY_READERS, Role.ADMINISTRATOR)
# Nobody holds one of each side on the same day.
APART = ((Role.ADMINISTRATOR, COUNTY_READERS),)
