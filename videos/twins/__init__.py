"""The same film in another creator's hands: prints of pictures and sound, and where two films run side by side."""
