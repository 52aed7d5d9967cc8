"""A person's own data: all of it given to her, and taken away when she leaves.

Accounts knows no app above it, and every app has something to tell and something to forget: each registers a `Part`
(`parts.register`) when it starts. `docs/architecture.md` lists them.
"""
