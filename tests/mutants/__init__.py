"""Deliberate faults of the house, each of which a named test must find. `bin/mutants` tries them all."""
