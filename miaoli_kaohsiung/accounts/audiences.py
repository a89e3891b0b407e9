"""Groups of posts, each named once for who they are. Apart from the tables of moves, no other module lists posts."""

from .enums import Role

# One post or several: the argument of every question about somebody's posts.
Who = Role | tuple[Role, ...]


def each(who: Who) -> tuple[Role, ...]:
    return (Role(who),) if isinstance(who, str) else who


EVERY_ROLE = tuple(Role)
# Everybody who acts for an authority; they need a second factor.
STAFF_ROLES = tuple(role for role in Role if role != Role.MEMBER)

# Those who do the county's work on a case, and those who may also look at everything that the county holds.
COUNTY_STAFF = (Role.CASE_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER)
COUNTY_READERS = (*COUNTY_STAFF, Role.AUDITOR)
# Those who carry a case and those who decide it: county staff except for finance.
CASE_HANDLERS = (Role.CASE_OFFICER, Role.APPROVER)
# Those who keep the county's money: envelopes and the accounts to which money is returned.
MONEY_KEEPERS = (Role.APPROVER, Role.FINANCE_OFFICER)
# Those who keep the data that a county edits itself: letterheads, schemes, the calendar, reminders and the like.
DATA_KEEPERS = (*COUNTY_STAFF, Role.ADMINISTRATOR)
# Of these, those who propose letterheads, laws and days of the calendar, and those who confirm letterheads and laws.
DATA_PROPOSERS = (*CASE_HANDLERS, Role.ADMINISTRATOR)
DATA_CONFIRMERS = (Role.APPROVER, Role.ADMINISTRATOR)
# Those who keep what all counties share: a further county, the calendar of the whole country.
ADMINISTRATORS = (Role.ADMINISTRATOR,)
# Those who check an application and ask for what it lacks.
CORRECTION_ASKERS = (Role.CASE_OFFICER, Role.TOWNSHIP_OFFICER)
# Those who call an association about a deadline.
CALLERS = (Role.TOWNSHIP_OFFICER, *CASE_HANDLERS)
# The association itself, or the case officer in its place.
ASSOCIATION_OR_OFFICER = (Role.MEMBER, Role.CASE_OFFICER)

# Those who bring a county's list of associations into the registry, and take it out.
LIST_KEEPERS = (Role.CASE_OFFICER, Role.ADMINISTRATOR)

# The authorities that look after associations; the same with the associations, who read what follows an approval.
OFFICE_READERS = (Role.TOWNSHIP_OFFICER, *COUNTY_READERS)
AWARD_READERS = (Role.MEMBER, *OFFICE_READERS)
# Whoever may look for a partner's help.
PARTNER_READERS = AWARD_READERS
# Until a case is decided, its reviewers read it too.
CASE_READERS = (*AWARD_READERS, Role.REVIEWER)
# Those of them who weigh the case and are not the association.
CASE_OFFICES = (*OFFICE_READERS, Role.REVIEWER)
# People who may not enter the registry have the public directory in the menu.
DIRECTORY_READERS = tuple(role for role in Role if role not in OFFICE_READERS)
# Papers with people's names, accounts and signatures: the association's own and the county's, not the township's.
PAPER_READERS = (Role.MEMBER, *COUNTY_READERS)
# The people who were paid, with the whole of their numbers: who makes the yearly statements, and who compares them.
PAYEE_READERS = (Role.MEMBER, Role.FINANCE_OFFICER)
# The work of checking an application, before it is decided.
CHECK_READERS = (*CASE_HANDLERS, Role.AUDITOR)
# A list by which work passed from hand to hand: of an officer's cases, or of an association's at a change of chair.
HANDOVER_READERS = (Role.MEMBER, *CHECK_READERS)
# Those who must know whether people of the county can be reached.
DELIVERY_READERS = (*CHECK_READERS, Role.ADMINISTRATOR)
LETTER_READERS = (*AWARD_READERS, Role.ADMINISTRATOR)
LETTER_PRINTERS = (*CASE_HANDLERS, Role.ADMINISTRATOR)
RULING_READERS = (*COUNTY_READERS, Role.ADMINISTRATOR)
# Those who look through the lists of personal data whose term is over.
DISPOSAL_READERS = (*CHECK_READERS, Role.ADMINISTRATOR)

# Yearly evaluations: those who give scores, those who see a round, and the same with the associations in it.
SCORERS = (Role.CASE_OFFICER, Role.REVIEWER)
EVALUATION_STAFF = (*COUNTY_STAFF, Role.REVIEWER, Role.AUDITOR)
EVALUATION_READERS = (Role.MEMBER, *EVALUATION_STAFF)

# Accounts: those who invite; those whom case officers invite; those who confirm another person's change of an account.
INVITERS = (Role.ADMINISTRATOR, Role.CASE_OFFICER)
INVITED_BY_OFFICERS = (Role.MEMBER, Role.TOWNSHIP_OFFICER)
CHANGE_CONFIRMERS = (Role.ADMINISTRATOR, Role.APPROVER)
# The record of an association: who proposes, who confirms facts. An account is confirmed by any two of the county's staff.
ASSOCIATION = (Role.MEMBER,)
CASE_OFFICERS = (Role.CASE_OFFICER,)
DECIDERS = (Role.APPROVER,)
# Those at whose counter somebody stands who lost the password, and those of whom another one confirms a new one.
CLERKS = (Role.TOWNSHIP_OFFICER, Role.CASE_OFFICER)
RECOVERY_CONFIRMERS = (Role.CASE_OFFICER, *CHANGE_CONFIRMERS)
RECOVERY_PRINTERS = (Role.TOWNSHIP_OFFICER, *RECOVERY_CONFIRMERS)
# Posts that decide, pay, look into everything or give posts: a second person confirms who gets one.
DECIDING_ROLES = (*COUNTY_READERS, Role.ADMINISTRATOR)
# Posts whose work somebody else does while their holder is away, and those who arrange that.
DEPUTISED = (Role.TOWNSHIP_OFFICER, *COUNTY_STAFF)
DEPUTY_ARRANGERS = (*DEPUTISED, Role.ADMINISTRATOR)
# Nobody holds one of each side on the same day.
APART = ((Role.ADMINISTRATOR, COUNTY_READERS),)
