"""A price in monthly parts. Each part is an ordinary order; a plan binds them, and says when the next one is due."""
