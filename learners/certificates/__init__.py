"""Certificates: issued on the learner's wish by what she has done, checked by anybody, proved without us."""
