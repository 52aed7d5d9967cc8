"""Doing an assignment: handing in, reviewing one another, what came of it, appeals, and the creator's inbox."""
