"""Where Django looks for the floor's tables."""

from .clock import ClockShift
from .emails import Mail

__all__ = ["ClockShift", "Mail"]
