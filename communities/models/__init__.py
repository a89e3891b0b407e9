from .registry import (
    CounterVisit,
    ImportRow,
    KeptPaper,
    OfficeTerm,
    Organisation,
    RegistryImport,
    TierDecision,
    Township,
    TownshipName,
)
from .requests import AccountRequest, RequestPaper

__all__ = [
    "AccountRequest",
    "CounterVisit",
    "ImportRow",
    "KeptPaper",
    "OfficeTerm",
    "Organisation",
    "RegistryImport",
    "RequestPaper",
    "TierDecision",
    "Township",
    "TownshipName",
]
