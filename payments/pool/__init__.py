"""The pool of the pass: each month divided among the creators by what its members watched. Decision 119."""
