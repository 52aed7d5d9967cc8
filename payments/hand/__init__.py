"""Payment by hand: a buyer sends the money herself, and finance says that it arrived."""
