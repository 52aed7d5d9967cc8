from .demand import Demand
from .entry import Entry
from .spoken import Spoken
from .word import Word

__all__ = ["Demand", "Entry", "Spoken", "Word"]
