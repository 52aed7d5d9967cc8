"""Tips: who has a course may give its creators something more. An order of its own, which gives no right."""
