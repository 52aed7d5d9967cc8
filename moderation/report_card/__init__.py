"""The platform's report card: by quarter, from rows, reckoned by a job, so that whoever has the rows gets the same."""

from .keeping import NothingToCorrect, NotOfRecord, correct, differences, final_at, reckon_due
from .reckoning import reckon

__all__ = ["NotOfRecord", "NothingToCorrect", "correct", "differences", "final_at", "reckon", "reckon_due"]
