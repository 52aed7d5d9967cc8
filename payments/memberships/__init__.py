"""Memberships: a creator's courses, or the whole site's, for a monthly payment. Each month is an ordinary order."""
