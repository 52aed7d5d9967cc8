"""Closing a month: finance declares it finished, its figures are frozen, and nothing is booked into it any more."""
