"""What stands on a disposal list: by term of the register, which records are over on a day and how they are emptied.

`tests/privacy/test_register.py` holds that the rules empty what the register says.
"""

from . import accounts, cases, people

RULES = (*accounts.RULES, *people.RULES, *cases.RULES)
BY_TERM = {rule.term: rule for rule in RULES}
