"""What a ruling may set a parameter to."""

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grants.rules.ruleset import Parameter

TYPES = {
    "int": int,
    "text": str,
    "date": dt.date,
    "ratio": list,
    "list": list,
    "table": dict,
    "bool": bool,
    "choice": str,
}


class RulingError(ValueError):
    """A ruling that cannot be laid over the law; `key` says which part of it."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key, self.reason = key, reason


def typed(parameter: "Parameter", value: Any) -> Any:
    """Return a ruled value as the parameter's type has it; raises RulingError if it does not fit."""
    wanted = TYPES[parameter.type]
    if parameter.type == "date" and isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            value = None
    right = isinstance(value, wanted) and (parameter.type == "bool" or not isinstance(value, bool))
    if right and parameter.type == "choice":
        right = value in parameter.choices
    if right and parameter.type == "ratio":
        right = len(value) == 2 and all(type(part) is int for part in value) and value[0] >= 0 and value[1] > 0
    if right and parameter.type == "list":
        filed = {type(part) for known in parameter.values for part in known.strict} or {str, int}
        right = all(type(part) in filed for part in value)
        # Weights: one for each criterion, and not all of them zero.
        right = right and (not parameter.length or (len(value) == parameter.length and sum(value) > 0 <= min(value)))
    if right and parameter.type == "table":
        right = all(isinstance(key, str) and type(part) is int and part >= 0 for key, part in value.items())
    if right and parameter.type == "int":
        right = value >= 0
    if not right:
        raise RulingError("rulings.value", f"{value!r} is no {parameter.type} for {parameter.name}")
    return value


def in_order(parameter: "Parameter", strict: Any, lenient: Any) -> bool:
    """Return whether the strict side is no looser than the lenient one."""
    if parameter.type == "choice":
        order = list(parameter.choices)
        return order.index(strict) <= order.index(lenient)
    if parameter.type == "int" and parameter.direction:
        return bool(strict <= lenient if parameter.direction == "max" else strict >= lenient)
    return True
