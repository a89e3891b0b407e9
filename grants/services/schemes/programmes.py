"""The programmes of a scheme, as its law words them; the county may say in its own words what each is for."""

from collections.abc import Iterable, Mapping

from grants.models import Programme, Scheme
from grants.rules import catalogue


def keep_programmes(scheme: Scheme, codes: Iterable[str], purposes: Mapping[str, str] | None = None) -> None:
    """Create or refresh the rows of these codes. A purpose in the county's own words replaces the law's; without one,
    a row that is there keeps its purpose.
    """
    known = catalogue.programmes(scheme.ruleset)
    for programme in (known[code] for code in codes if code in known):
        said = {
            "name": programme.name,
            "part": programme.part,
            "clause": programme.clause,
            "position": programme.order,
        }
        own = (purposes or {}).get(programme.code)
        Programme.objects.update_or_create(
            scheme=scheme,
            code=programme.code,
            defaults=said | ({"purpose": own} if own else {}),
            create_defaults=said | {"purpose": own or programme.purpose},
        )
