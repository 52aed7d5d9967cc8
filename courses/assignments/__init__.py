"""What an assignment is: its task, its rules and its rubric; what it lacks; how marks become points. No ORM."""
