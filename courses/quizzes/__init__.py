"""Quizzes without a database: their shape, what a draw asks, and how an answer is graded."""
