"""What an auditor asks for when drawing a sample."""

from grants.models import AuditSample, Award
from grants.queries.audit.sampling import Plan


def plan_of(award: Award, **changed) -> Plan:
    """Return the plan of a sample from the cases of the award's county and year."""
    values = {"county": award.county, "year": award.approved_on.year, "by": AuditSample.By.PROGRAMME}
    values |= {"small": 50_000, "large": 100_000, "per": 2, "seed": "0990601"}
    return Plan(**{**values, **changed})
