"""Kezhan on one machine: embedded servers, the front-end build and the processes that bin/dev and bin/test run.

Nothing in here is imported by the product; it only starts it.
"""
