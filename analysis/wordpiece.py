"""Words in the pieces of a WordPiece vocabulary (Wu et al. 2016), as the English encoder reads them.

    Reading ─► words, each mention by the mark of its target ─► the longest pieces that make up a word
"""

from analysis.document import TARGETS
from analysis.reading import BLANK, MENTION, UNMASKED, Reading

MENTION_OF = {target: f"{MENTION} {target}" for target in TARGETS if target != UNMASKED}
STANDING_FOR = {
    mark: f"[unused{at}]"
    for at, mark in enumerate((MENTION, BLANK, "USD", "PCT", "NUM", "YEAR", *MENTION_OF.values()), 1)
}
"""Words of a reading that are marks of ours, and the pieces of the vocabulary that learned to stand for them."""
PLAIN = {"“": '"', "”": '"', "—": "-", "–": "-", "…": "."}


def shown(reading: Reading) -> list[str]:
    """The words, each mention by the mark of its target: a ban says one thing of coins and another of their rivals."""
    words = list(reading.words)
    for target, places in reading.at.items():
        for place in places:
            if words[place] == MENTION:
                words[place] = MENTION_OF.get(target, MENTION)
    return words


def split(word: str, vocabulary: dict[str, int]) -> list[int]:
    """Ids of the longest pieces that make up a word, from its start; one unknown piece where none do."""
    if word in STANDING_FOR:
        return [vocabulary[STANDING_FOR[word]]]
    word, found, start = PLAIN.get(word, word), [], 0
    while start < len(word):
        ends = range(len(word), start, -1)
        end = next((e for e in ends if ("##" if start else "") + word[start:e] in vocabulary), None)
        if end is None:
            return [vocabulary["[UNK]"]]
        found.append(vocabulary[("##" if start else "") + word[start:end]])
        start = end
    return found
