"""What the sentiment models look at: n-grams, classes of signed words, and sums of their values.

Two parts a text: what is so whatever the target (`text_features`), and what depends on where the target stands
(`target_features`). Keys are words with a tag before a bar: side of the target (L, R; lower case in another
clause), distance (L1..R3), `c` and `k` for n-grams in which signed words are shown by class (P1..P3, N1..N3), with
and without the plain words between them.
"""

from functools import cache

from analysis.lexicon import ROLES, Hit
from analysis.reading import MENTION, SPAN, UNMASKED
from analysis.signed import Annotated

TARGET, OTHER = "TGT", "OTH"
NEAR = 3
"""Words so close to the target are also known by their distance."""
SCALE = 0.25
"""Values of the lexicon are of the order of 4 in sum; numbers of the order of 1 suit the model."""
CAP = 1.5
CLEAR, STRONG = 0.3, 2.0
"""Sums beyond these are called signed, and strongly signed."""


def text_features(a: Annotated) -> tuple[set[str], list[float]]:
    """Keys and numbers of a whole text, the same for each of its targets."""
    words = a.reading.words
    keys = set(words)
    keys.discard(MENTION)
    for n in (2, 3, 4) if a.language == "zh" else (2, 3):
        keys.update(_grams(words, n, a.language))
    if a.language == "en":
        keys.update(map(_stem_key, words))
    keys.update("c|" + gram for gram in _class_grams(a.classes))
    keys.update("k|" + gram for gram in _mark_grams(a.classes))
    return keys, _text_numbers(a)


def target_features(a: Annotated, target: str) -> tuple[set[str], list[float]]:
    """Keys and numbers of one target of the text, to be added to those of `text_features`."""
    reading = a.reading
    at = reading.at.get(target, [])
    words = _masked(reading.words, at, target)
    sides, near = _sides(reading.clauses, at, len(words))
    keys = {f"is|{SPAN if target.startswith(SPAN) else target}"}
    grams = (2, 3, 4) if a.language == "zh" else (2, 3)
    if at:
        for i, word in enumerate(words):
            keys.add(f"{sides[i]}|{word}")
        if a.language == "en":
            keys.update(f"{tag}|{word}" for tag, word in zip(near, words, strict=True) if tag)
            keys.update(sides[i] + _stem_key(word) for i, word in enumerate(words))
        for n in grams:
            for i, gram in enumerate(_grams(words, n, a.language)):
                if TARGET in gram or OTHER in gram:
                    keys.add(gram)
                if n < 3 or a.language == "zh":
                    keys.add(f"{sides[i]}|{gram}")
        keys.update(_target_classes(a, words, sides))
    numbers = _target_numbers(a, at)
    if target == UNMASKED:
        keys.update("rg|" + word for word in words)
        keys.update("rg|" + printed for printed in reading.printed)
        keys.update("rg|" + shown for shown in a.classes)
    return keys, numbers


def _masked(words: list[str], at: list[int], target: str) -> list[str]:
    masked = [OTHER if word == MENTION else word for word in words]
    if target != UNMASKED:
        for i in at:
            masked[i] = TARGET
    return masked


def _sides(clauses: list[int], at: list[int], n: int) -> tuple[list[str], list[str]]:
    """For each token its side of the nearest target, and that with the distance where it is NEAR."""
    if not at:
        return [""] * n, [""] * n
    sides, near = [], []
    for i in range(n):
        nearest = at[0] if len(at) == 1 else min(at, key=lambda place: abs(place - i))
        side = "L" if i < nearest else "R"
        distance = abs(i - nearest)
        sides.append(side if clauses[i] == clauses[nearest] else side.lower())
        near.append(f"{side}{distance}" if distance <= NEAR else "")
    return sides, near


def _grams(words: list[str], n: int, language: str) -> list[str]:
    glue = "" if language == "zh" else " "
    return [glue.join(words[i : i + n]) for i in range(len(words) - n + 1)]


def _class_grams(classes: list[str]) -> list[str]:
    """Two and three words in a row that hold a signed one or a cue."""
    signed = [word in _MARKS for word in classes]
    grams = []
    for n in (2, 3):
        grams += [" ".join(classes[i : i + n]) for i in range(len(classes) - n + 1) if any(signed[i : i + n])]
    return grams


def _mark_grams(classes: list[str]) -> list[str]:
    """Up to four signed words, cues and mentions in a row, whatever stands between them; and all of them."""
    marks = [word for word in classes if word in _MARKS or word in _MENTIONS]
    grams = [" ".join(marks[i : i + n]) for n in (2, 3, 4) for i in range(len(marks) - n + 1)]
    return [*grams, "all " + " ".join(marks)]


_SIGNED = {f"{sign}{size}" for sign in "PN" for size in (1, 2, 3)}
_MARKS = _SIGNED | {role.upper() for role in ROLES}
_MENTIONS = {MENTION, TARGET, OTHER}


def _target_classes(a: Annotated, words: list[str], sides: list[str]) -> set[str]:
    classes = [words[place] if shown == MENTION else shown for place, shown in zip(a.places, a.classes, strict=True)]
    tags = [sides[place] for place in a.places]
    keys = {f"c|{tag}{shown}" for tag, shown in zip(tags, classes, strict=True) if shown in _SIGNED}
    for i in range(len(classes) - 1):
        if classes[i] in _SIGNED or classes[i + 1] in _SIGNED:
            keys.add(f"c|{tags[i]}|{classes[i]} {classes[i + 1]}")
    keys.update("c|" + gram for gram in _class_grams(classes) if TARGET in gram or OTHER in gram)
    keys.update("k|" + gram for gram in _mark_grams(classes) if TARGET in gram or OTHER in gram)
    return keys


def _text_numbers(a: Annotated) -> list[float]:
    """Sums over the whole text: see `_signs` for the form of each; then the roles of its cues, and VADER's figure."""
    good, bad, raw_good, raw_bad = _sums(a.hits)
    roles = [role for cue in a.cues for role in cue.roles]
    first, last = (a.hits[0].value, a.hits[-1].value) if a.hits else (0.0, 0.0)
    return [
        *map(_scaled, (good, bad, raw_good, raw_bad)),
        *_signs(good - bad),
        *_signs(raw_good - raw_bad),
        _scaled(2 * first),
        _scaled(2 * last),
        min(roles.count("hedge"), 3) / 3,
        float("neg" in roles),
        float("rev" in roles),
        float(not a.hits),
        min(len(a.hits), 6) / 6,
        a.vader,
        float(a.vader > CLEAR),
        float(a.vader < -CLEAR),
    ]


def _target_numbers(a: Annotated, at: list[int]) -> list[float]:
    """Sums by side of the target and by clause, the nearest value on each side, a sum that fades with distance."""
    clauses = a.reading.clauses
    regions: dict[tuple[int, bool], list[Hit]] = {}
    nearest = {0: (len(clauses), 0.0), 1: (len(clauses), 0.0)}
    fading = 0.0
    for hit in a.hits if at else ():
        place = min(at, key=lambda p: abs(p - hit.start))
        side, same = int(hit.start >= place), clauses[hit.start] == clauses[place]
        distance = abs(hit.start - place)
        regions.setdefault((side, same), []).append(hit)
        fading += hit.value / (1 + distance / NEAR)
        if same and distance < nearest[side][0]:
            nearest[side] = (distance, hit.value)
    numbers = []
    clause_net = 0.0
    for side in (0, 1):
        for same in (True, False):
            good, bad, raw_good, raw_bad = _sums(regions.get((side, same), []))
            numbers += map(_scaled, (good, bad, raw_good, raw_bad))
            numbers += [float(good - bad > CLEAR), float(good - bad < -CLEAR)]
            clause_net += (good - bad) * same
    own = {clauses[p] for p in at}
    numbers += map(_scaled, (nearest[0][1], nearest[1][1], fading))
    return [*numbers, *_signs(clause_net), float(len(own) > 1), float(not at)]


def _sums(hits: list[Hit]) -> tuple[float, float, float, float]:
    """Good and bad, in place and raw, all counted upward."""
    good = bad = raw_good = raw_bad = 0.0
    for hit in hits:
        if hit.value > 0:
            good += hit.value
        else:
            bad -= hit.value
        if hit.raw > 0:
            raw_good += hit.raw
        else:
            raw_bad -= hit.raw
    return good, bad, raw_good, raw_bad


def _signs(net: float) -> list[float]:
    """A net sum, and whether it is good, bad, neither, strongly good, strongly bad."""
    return [
        _scaled(net),
        float(net > CLEAR),
        float(net < -CLEAR),
        float(abs(net) <= CLEAR),
        float(net > STRONG),
        float(net < -STRONG),
    ]


def _scaled(value: float) -> float:
    return max(-CAP, min(CAP, value * SCALE))


@cache
def _stem_key(word: str) -> str:
    """A rough stem, so that "launches" and "launching" meet; after a bar, to stand apart from words."""
    for ending in ("ings", "ing", "ies", "ied", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            base = word[: -len(ending)]
            if ending in ("ies", "ied"):
                return f"s|{base}y"
            if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lse":
                base = base[:-1]
            return f"s|{base.removesuffix('e')}"
    return f"s|{word[:-1] if word.endswith('e') and len(word) > 4 else word}"
