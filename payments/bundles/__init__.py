"""Bundles: sets of a creator's courses at one price, spread over the courses so that each is sold by its own rules."""
