from .attention import Attention
from .demand import Demand
from .entry import Entry
from .link import Links
from .name import Name
from .spoken import Spoken
from .taste import Dismissal, Follow, Taste
from .word import Sign, Word

__all__ = ["Attention", "Demand", "Dismissal", "Entry", "Follow", "Links", "Name", "Sign", "Spoken", "Taste", "Word"]
