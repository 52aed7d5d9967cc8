from .audit import AuditEvent
from .curb import AccountCurb
from .notice import Notice
from .record import AccountDeletion, RecordExport
from .seeing import Seeing
from .token import ApiToken
from .user import RoleGrant, User

__all__ = [
    "AccountCurb",
    "AccountDeletion",
    "ApiToken",
    "AuditEvent",
    "Notice",
    "RecordExport",
    "RoleGrant",
    "Seeing",
    "User",
]
