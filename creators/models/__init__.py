from .creator import Creator
from .suspension import Suspension

__all__ = ["Creator", "Suspension"]
