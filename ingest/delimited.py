"""Records of delimited text (CSV, TSV), each with its line; a quote that is never closed costs its line and no more."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator

MAX_LINES_A_RECORD = 1_000
MAX_FIELD_LENGTH = 10_000_000

Record = tuple[int, list[str], str]


def records(lines: Iterable[str], delimiter: str, quoting: int, line: int = 1) -> Iterator[Record]:
    """(Number of its first line, its cells, why it cannot be read or "") of each record; `line` numbers the first.

    A quote still open MAX_LINES_A_RECORD lines on, or at the end, makes one unreadable record of its line; reading
    goes on with the next line.
    """
    csv.field_size_limit(MAX_FIELD_LENGTH)
    source = _Lines(lines)
    reader = csv.reader(source, delimiter=delimiter, quoting=quoting)
    while True:
        source.taken.clear()
        try:
            cells, problem = next(reader), ""
        except StopIteration:
            return
        except csv.Error as error:
            cells, problem = [], str(error)
        if source.ran_out:
            cells, problem = [], "a quote that is opened here is never closed"
        if problem and len(source.taken) > 1:
            source.give_back()
            reader = csv.reader(source, delimiter=delimiter, quoting=quoting)
        if cells or problem:
            yield line, cells, problem
        line += len(source.taken)


class _Lines:
    """Lines for `csv.reader`, which asks for another one within a record only while a quote is open."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.ran_out = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        left = len(self.taken) < MAX_LINES_A_RECORD
        line = (self._waiting.popleft() if self._waiting else next(self._lines, None)) if left else None
        if line is None:
            self.ran_out = bool(self.taken)
            raise StopIteration
        self.taken.append(line)
        return line

    def give_back(self) -> None:
        """Have all lines of the record but its first one read again."""
        self._waiting.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]
        self.ran_out = False
