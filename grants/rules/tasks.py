"""The kinds of task and reminder that the clauses of enforcement M name. The jobs make rows of them; no date is written
here. `rhythm` is once, monthly, yearly or event; `parameters` are the law's numbers that set the dates.
"""

from dataclasses import dataclass
from typing import Any

from grants.rules.ruleset import Clause, RuleSet


@dataclass(frozen=True, slots=True)
class TaskKind:
    key: str
    title: str
    rhythm: str
    programmes: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


_ROWS: tuple[tuple[Any, ...], ...] = (
    ("register_update", "更新關懷名冊", "monthly", ("welfare_survey",)),
    ("report_incidents", "家庭保護通報提醒", "event", ("welfare_survey",)),
    (
        "statistics_report",
        "填報服務統計表",
        "monthly",
        ("welfare_survey",),
        ("statistics.every_months", "statistics.due_day"),
    ),
    ("monthly_visits", "登錄關懷訪視或電話問安", "monthly", ("elder_care_station",)),
    ("rental_visits", "登錄租屋督訪", "monthly", ("rental_housing",)),
    ("carer_training", "上傳照顧者訓練紀錄", "once", ("child_day_care",)),
    ("monthly_meeting", "上傳聯繫會報紀錄", "monthly", ("child_day_care",)),
    ("training_record", "上傳人員訓練紀錄", "once"),
    ("presentation", "簡報說明", "event"),
    ("settlement_due", "辦理結報", "once", (), ("settlement.reminder_days",)),
    ("activity_log", "記錄推動過程", "monthly"),
    ("withholding", "辦理所得稅扣繳", "yearly"),
    ("site_visit", "縣府督導訪視", "event"),
    (
        "guidance",
        "分級輔導",
        "yearly",
        (),
        ("guidance.visits_excellent", "guidance.visits_potential", "guidance.visits_basic"),
    ),
    ("selection_campaign", "金卓越社區選拔", "yearly"),
    ("yearly_evaluation", "社區評鑑", "yearly"),
    ("assembly", "會員大會", "yearly", (), ("governance.assembly_month",)),
    ("board_meeting", "理監事會議", "yearly", (), ("governance.board_every",)),
    ("election", "理監事改選", "yearly", (), ("governance.election_days",)),
    ("accounts", "財務報表", "yearly", (), ("governance.accounts_month",)),
    ("officers_roster", "職員名冊", "yearly", (), ("governance.roster_month",)),
    ("property_list", "財產清冊", "yearly", (), ("governance.property_month",)),
    ("profile_renewal", "確認會務資料", "yearly", (), ("profile.months",)),
    ("training_event", "社區培力訓練", "yearly"),
    ("observation_visit", "觀摩參訪", "yearly"),
)
KINDS = {row[0]: TaskKind(*row) for row in _ROWS}


def kinds_for(programme: str) -> tuple[TaskKind, ...]:
    """Return the kinds that a case of this programme has, in order."""
    return tuple(kind for kind in KINDS.values() if not kind.programmes or programme in kind.programmes)


def clauses_of(ruleset: RuleSet, key: str) -> tuple[Clause, ...]:
    """Return the clauses that ask for a kind of task."""
    return tuple(clause for clause in ruleset.clauses.values() if key in clause.task)
