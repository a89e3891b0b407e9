from .amendments import Amendment, AmendmentItem, AmendmentPaper, AwardVersion
from .applications.cases import (
    Application,
    ApplicationVersion,
    BudgetLine,
    ChairCode,
    Document,
    Justification,
    StoredEvaluation,
)
from .applications.papers import PaperBatch, PaperPart
from .assets import PropertyItem
from .audit import AuditSample
from .awards import Award, AwardCondition, AwardLine, Letter, PrintPart, PrintRun
from .books import BookEntry
from .calendar import CalendarDay, CalendarYear, Closure, DueMove
from .central import CentralProgramme, CentralRequest
from .corrections import RecordCorrection
from .desk import Handover
from .duties import Duty, DutyEntry, EntryPaper
from .guidance import VisitPhoto, VisitPlan
from .joint import JointCase, JointShare, JointVoucher
from .law import FiledLaw, LawText
from .letters import LetterWords
from .panels import AgendaItem, Conflict, PresentationSession, ReviewerDetails, ReviewerRemit, SessionMember
from .payments import Deadline, Debt, Instalment, LedgerEntry, MoneySum, ReturnProof
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
from .settlements import (
    ReceiptReading,
    RosterRow,
    Settlement,
    SettlementDocument,
    SettlementLine,
    SettlementMonth,
    SettlementReason,
    Voucher,
)
from .treasury import BatchPayment, PaymentBatch, PaymentImport, PaymentImportRow

__all__ = [
    "AgendaItem",
    "Amendment",
    "AmendmentItem",
    "AmendmentPaper",
    "Application",
    "ApplicationVersion",
    "AuditSample",
    "Award",
    "AwardCondition",
    "AwardLine",
    "AwardVersion",
    "BatchPayment",
    "BookEntry",
    "BudgetLine",
    "CalendarDay",
    "CalendarYear",
    "CallRecord",
    "CentralProgramme",
    "CentralRequest",
    "ChairCode",
    "ChecklistAnswer",
    "Closure",
    "ConcernAnswer",
    "Conflict",
    "CorrectionItem",
    "CorrectionRequest",
    "CountyReminder",
    "Deadline",
    "Debt",
    "Document",
    "DueMove",
    "Duty",
    "DutyEntry",
    "EntryPaper",
    "Envelope",
    "EnvelopeChange",
    "FiledLaw",
    "FirstReview",
    "Handover",
    "Instalment",
    "JointCase",
    "JointShare",
    "JointVoucher",
    "Justification",
    "LawText",
    "LedgerEntry",
    "Letter",
    "LetterWords",
    "MoneySum",
    "NumberSeries",
    "PaperBatch",
    "PaperPart",
    "PaymentBatch",
    "PaymentImport",
    "PaymentImportRow",
    "PresentationSession",
    "PrintPart",
    "PrintRun",
    "Programme",
    "PropertyItem",
    "Proposal",
    "ProposalDraft",
    "ProposedLine",
    "ReceiptReading",
    "RecordCorrection",
    "Reopening",
    "ReturnProof",
    "ReturnTermsChange",
    "ReviewAssignment",
    "ReviewScore",
    "ReviewerDetails",
    "ReviewerRemit",
    "RosterRow",
    "Ruling",
    "Sanction",
    "SanctionLifting",
    "Scheme",
    "SchemeRound",
    "SchemeTerms",
    "SessionMember",
    "Settlement",
    "SettlementDocument",
    "SettlementLine",
    "SettlementMonth",
    "SettlementReason",
    "StoredEvaluation",
    "VisitPhoto",
    "VisitPlan",
    "Voucher",
    "Waiver",
]
