"""What a view is given: who reads, what is chosen, and what there is to choose from."""

from dataclasses import dataclass
from datetime import date

from analysis.queries import Extent
from analysis.selection import Frequency, Selection
from dashboard.filters import Chosen
from dashboard.theme import Look
from dashboard.words import Words

_DIMENSIONS = {"groups": "group", "languages": "lang", "targets": "target", "themes": "theme", "entities": "entity"}


@dataclass(frozen=True, slots=True)
class Reader:
    """One run of the page. `first` and `last` are the days asked for; `topics` maps ids to labels."""

    words: Words
    look: Look
    chosen: Chosen
    selection: Selection
    freq: Frequency
    extent: Extent
    first: date
    last: date
    topics: dict[str, str]

    @property
    def state(self) -> tuple:
        """All that a view may draw from; readers in the same state see the same."""
        return self.words, self.look, self.selection, self.freq, self.first, self.last

    @property
    def period(self) -> str:
        """The days asked for, in words."""
        return f"{self.words.day(self.first)} – {self.words.day(self.last)}"

    def name(self, field: str, key) -> str:
        """Readable name of a value of a field of Selection."""
        if field == "topics":
            return self.topics.get(str(key), str(key))
        return self.words.name(_DIMENSIONS.get(field, field), str(key))
