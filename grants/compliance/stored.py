"""Evaluations stored with everything that they rest on, to be made again byte for byte even after the law files changed."""

import hashlib
import json
from functools import lru_cache

from grants.compliance.judging import Judgement
from grants.compliance.rulesets import canonical, ruleset_with
from grants.models import Application, LawText, StoredEvaluation
from grants.rules import engine, facts
from grants.rules.ruleset import RuleSet, from_files, name_of
from miaoli_kaohsiung.lib import clock


class LostLawError(LookupError):
    """The law text of an evaluation is lost: it is not the loaded one and was not kept, or was changed since."""


def store_evaluation(case: Application, stage: str, judged: Judgement) -> StoredEvaluation:
    """Store the evaluation with its inputs and the law's text for good, so that `replay` gives the same bytes again."""
    keep_text(judged.ruleset)
    result = judged.evaluation.to_json()
    return StoredEvaluation.objects.create(
        application=case,
        stage=stage,
        on=judged.on,
        at=clock.now(),
        ruleset=case.scheme.ruleset,
        ruleset_sha256=judged.ruleset.sha256,
        rulings=list(judged.rulings),
        facts={"case": facts.to_dict(judged.case), "waived": dict(judged.waived)},
        result=json.loads(result),
        result_sha256=hashlib.sha256(result).hexdigest(),
    )


def keep_text(ruleset: RuleSet) -> None:
    """Keep the law files of the rule set once, even if two callers keep the same text at the same time."""
    if not LawText.objects.filter(pk=ruleset.text_sha256).exists():
        row = LawText(sha256=ruleset.text_sha256, slug=ruleset.slug, files=ruleset.files, kept_at=clock.now())
        LawText.objects.bulk_create([row], ignore_conflicts=True)


def law_of(stored: StoredEvaluation) -> RuleSet:
    """Return the rule set of the evaluation: the loaded law, or a kept text. Raises LostLawError."""
    loaded = ruleset_with(stored.ruleset, canonical(stored.rulings), stored.on)
    if loaded.sha256 == stored.ruleset_sha256:
        return loaded
    for sha256 in LawText.objects.filter(slug=stored.ruleset).values_list("sha256", flat=True):
        if name_of(sha256, stored.rulings) == stored.ruleset_sha256:
            kept = _kept(stored.ruleset, canonical(LawText.objects.get(pk=sha256).files), canonical(stored.rulings))
            if kept is None or kept.sha256 != stored.ruleset_sha256:
                raise LostLawError(f"the kept law text {sha256[:12]} was changed or cannot be read")
            return kept
    raise LostLawError(f"the law text of rule set {stored.ruleset_sha256[:12]} is not kept")


@lru_cache(maxsize=64)
def _kept(slug: str, files: str, rulings: str) -> RuleSet | None:
    """Return the rule set of texts read from the database; None if they cannot be read as law files."""
    try:
        return from_files(slug, json.loads(files)).with_rulings(json.loads(rulings))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def replay(stored: StoredEvaluation) -> tuple[bool, str]:
    """Return whether today's code makes the same bytes from the stored facts and their law, and if not, what differs."""
    try:
        ruleset = law_of(stored)
    except LostLawError as lost:
        return False, str(lost)
    case, waived = facts.from_dict(stored.facts["case"]), stored.facts["waived"]
    result = engine.evaluate(case, ruleset, trace=True, waived=waived).to_json()
    if hashlib.sha256(result).hexdigest() != stored.result_sha256:
        return False, "the findings differ"
    if result.decode() != canonical(stored.result):
        return False, "the stored findings were changed"
    return True, ""
