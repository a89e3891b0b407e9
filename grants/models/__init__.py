from .amendments import Amendment, AmendmentItem, AwardVersion
from .applications import (
    Application,
    ApplicationVersion,
    BudgetLine,
    ChairCode,
    Document,
    Justification,
    PaperBatch,
    PaperPart,
    StoredEvaluation,
)
from .awards import Award, AwardCondition, AwardLine, Letter, PrintPart, PrintRun
from .calendar import CalendarDay, CalendarYear, Closure, DueMove
from .corrections import RecordCorrection
from .desk import Handover
from .duties import Duty, DutyEntry
from .law import FiledLaw, LawText
from .letters import LetterWords
from .panels import Conflict, ReviewerDetails, ReviewerRemit
from .payments import Deadline, Instalment, LedgerEntry, ReturnProof
from .reminders import CallRecord, CountyReminder
from .reviews import (
    ChecklistAnswer,
    ConcernAnswer,
    CorrectionItem,
    CorrectionRequest,
    FirstReview,
    Proposal,
    ProposalDraft,
    ProposedLine,
    Reopening,
    ReviewAssignment,
    ReviewScore,
)
from .rulings import Ruling, Waiver
from .sanctions import Sanction, SanctionLifting
from .schemes import (
    Envelope,
    EnvelopeChange,
    NumberSeries,
    Programme,
    ReturnTermsChange,
    Scheme,
    SchemeRound,
    SchemeTerms,
)
from .settlements import Settlement, SettlementDocument, SettlementLine, SettlementMonth, SettlementReason

__all__ = [
    "Amendment",
    "AmendmentItem",
    "Application",
    "ApplicationVersion",
    "Award",
    "AwardCondition",
    "AwardLine",
    "AwardVersion",
    "BudgetLine",
    "CalendarDay",
    "CalendarYear",
    "CallRecord",
    "ChairCode",
    "ChecklistAnswer",
    "Closure",
    "ConcernAnswer",
    "Conflict",
    "CorrectionItem",
    "CorrectionRequest",
    "CountyReminder",
    "Deadline",
    "Document",
    "DueMove",
    "Duty",
    "DutyEntry",
    "Envelope",
    "EnvelopeChange",
    "FiledLaw",
    "FirstReview",
    "Handover",
    "Instalment",
    "Justification",
    "LawText",
    "LedgerEntry",
    "Letter",
    "LetterWords",
    "NumberSeries",
    "PaperBatch",
    "PaperPart",
    "PrintPart",
    "PrintRun",
    "Programme",
    "Proposal",
    "ProposalDraft",
    "ProposedLine",
    "RecordCorrection",
    "Reopening",
    "ReturnProof",
    "ReturnTermsChange",
    "ReviewAssignment",
    "ReviewScore",
    "ReviewerDetails",
    "ReviewerRemit",
    "Ruling",
    "Sanction",
    "SanctionLifting",
    "Scheme",
    "SchemeRound",
    "SchemeTerms",
    "Settlement",
    "SettlementDocument",
    "SettlementLine",
    "SettlementMonth",
    "SettlementReason",
    "StoredEvaluation",
    "Waiver",
]
