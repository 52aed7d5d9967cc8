"""The operations of the provider's API that we use: each takes the path's ids and the parameters, answers an object."""

from . import books, checkout, connect, disputes
from .registry import Operation, found, names

__all__ = ["Operation", "books", "checkout", "connect", "disputes", "found", "names"]
