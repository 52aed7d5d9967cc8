"""Data pages of what search and matching reckon. What one person saved, follows or is shown is hers: not here."""

from marketplace.lib.admin import show

from .models import Attention, Demand, Entry, Links, Spoken, Word

show(Entry, "course creator_name quality tier indexed_at", search="course__slug creator_name", without="words")
show(Spoken, "lesson course caption_revision is_free", search="course__slug", without="words")
show(Links, "course", search="course__slug")
show(Attention, "course day looks", search="course__slug")
show(Demand, "week words people searches courses", search="words")
show(Word, "text courses pinyin", search="text")
