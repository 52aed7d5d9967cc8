"""Finding many words in one pass (Aho and Corasick, 1975): time grows with the text, not with the number of words."""

from collections import deque
from collections.abc import Iterator, Sequence


class Automaton:
    """Built once of all words; each word is a sequence of symbols, and is told by its place in `words`."""

    def __init__(self, words: Sequence[Sequence[str]]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._fail: list[int] = [0]
        # Words that end in a state, and the nearest shorter state in which words end: 0 for none.
        self._ends: list[list[int]] = [[]]
        self._shorter: list[int] = [0]
        for number, word in enumerate(words):
            self._add(number, word)
        self._link()

    def _add(self, number: int, word: Sequence[str]) -> None:
        state = 0
        for symbol in word:
            if symbol not in self._next[state]:
                self._next[state][symbol] = len(self._next)
                self._next.append({})
                self._fail.append(0)
                self._ends.append([])
                self._shorter.append(0)
            state = self._next[state][symbol]
        if state:
            self._ends[state].append(number)

    def _link(self) -> None:
        waiting = deque(self._next[0].values())
        while waiting:
            state = waiting.popleft()
            for symbol, child in self._next[state].items():
                fail = self._fail[state]
                while fail and symbol not in self._next[fail]:
                    fail = self._fail[fail]
                self._fail[child] = self._next[fail].get(symbol, 0)
                waiting.append(child)
            back = self._fail[state]
            self._shorter[state] = back if self._ends[back] else self._shorter[back]

    def scan(self, symbols: Sequence[str]) -> Iterator[tuple[int, int]]:
        """(place after the last symbol, number of the word) for each word wherever it ends."""
        state = 0
        for at, symbol in enumerate(symbols):
            while state and symbol not in self._next[state]:
                state = self._fail[state]
            state = self._next[state].get(symbol, 0)
            found = state if self._ends[state] else self._shorter[state]
            while found:
                for number in self._ends[found]:
                    yield at + 1, number
                found = self._shorter[found]
