"""The machine's own look at a film before people look: how loud it is, where it is silent, black or still."""
