from .audit import AuditEvent
from .token import ApiToken
from .user import RoleGrant, User

__all__ = ["ApiToken", "AuditEvent", "RoleGrant", "User"]
