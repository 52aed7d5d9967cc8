from .audit import AuditEvent
from .record import AccountDeletion, RecordExport
from .token import ApiToken
from .user import RoleGrant, User

__all__ = ["AccountDeletion", "ApiToken", "AuditEvent", "RecordExport", "RoleGrant", "User"]
