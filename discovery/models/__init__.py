from .demand import Demand
from .entry import Entry
from .spoken import Spoken
from .word import Sign, Word

__all__ = ["Demand", "Entry", "Sign", "Spoken", "Word"]
