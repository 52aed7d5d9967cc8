from .attention import Attention
from .demand import Demand
from .entry import Entry
from .exposure import Exposure
from .link import Links, LinksReading
from .name import Name
from .newcomer import Newcomer
from .news import NewsLine, NewsStop, NewsTopic
from .pace import Pace
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
    "Exposure",
    "Follow",
    "Links",
    "LinksReading",
    "Name",
    "Newcomer",
    "NewsLine",
    "NewsStop",
    "NewsTopic",
    "Pace",
    "SavedCourse",
    "Sign",
    "Spoken",
    "Synonym",
    "Taste",
    "Word",
]
