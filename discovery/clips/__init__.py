"""The feed of clips: which ones, in which order, why, and where it ends."""
