"""Community reviewers: how trust is earned, how one joins and leaves, how votes become advice."""
