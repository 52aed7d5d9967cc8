from .attention import Attention
from .demand import Demand
from .entry import Entry
from .link import Links
from .name import Name
from .news import NewsLine, NewsStop, NewsTopic
from .saved import SavedCourse
from .spoken import Spoken
from .synonym import Synonym
from .taste import Dismissal, Follow, Taste
from .word import Sign, Word

__all__ = [
    "Attention",
    "Demand",
    "Dismissal",
    "Entry",
    "Follow",
    "Links",
    "Name",
    "NewsLine",
    "NewsStop",
    "NewsTopic",
    "SavedCourse",
    "Sign",
    "Spoken",
    "Synonym",
    "Taste",
    "Word",
]
