"""Is a text about China and blockchain? Rules over word lists (`knowledge/relevance.json`), with the reason kept.

The rules R1 to R8 are written out in that file. They look at the lead: the headline and the first two sentences of
the summary; what stands later makes a text peripheral at most.
"""

import re
from collections.abc import Iterable, Sequence

from analysis import knowledge
from analysis.document import Document, Relevance
from analysis.matcher import MASK, Hit, Scan

DOMESTIC_GROUPS = frozenset({"state", "mainland", "official"})
FOREIGN_GROUPS = frozenset({"western", "trade_en"})
TRADE_GROUPS = frozenset({"trade_en", "trade_zh"})
LIST_LENGTH = 3
"""From this many places in a row on, each is one of a list and no subject."""
LIST_GAP = re.compile(r"(?:\s|,|and|or|the|&|、|，|和|及|与|或|以及|/)*")
LEAD_SENTENCES = 2
LEAD_LIMIT = 600
_FOREIGN_NAME = re.compile(
    r"(?!(?:APP|App|ETF|NFT|RWA|BSN|BaaS|DCEP|CBDC|DID|ATM|POS|IPO|CEO|Web|ICO|AI)\b)[A-Z][A-Za-z]{2,}"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SENTENCE_END = re.compile(r"[.!?](?=\s)|[。！？]")


def entries() -> Iterable[tuple[str, str, str]]:
    """The word lists as (kind, value, term), for the matcher."""
    lists = knowledge.load("relevance")
    flat = {
        ("core", "strong"): lists["core"]["strong"],
        ("core", "firm"): lists["core"]["firms"],
        ("core", "weak"): lists["core"]["weak"],
        ("self", "mainland"): lists["self_sufficient"],
        ("organ", ""): lists["organs"],
        ("domestic", ""): lists["domestic_core"],
        ("company", "native"): lists["companies"],
        ("company", "context"): lists["companies_need_context"],
        ("country", ""): lists["countries"],
        (MASK, ""): lists["masks"],
        **{("china", scope): terms for scope, terms in lists["china"].items()},
        **{("unless", place): terms for place, terms in lists["ambiguous"].items()},
    }
    return ((kind, value, term) for (kind, value), terms in flat.items() for term in terms)


def judge(scan: Scan) -> Relevance:
    """Verdict, scope and reason for a scanned document."""
    document, folded, _, hits = scan
    found = _by_kind(hits)
    if "core" not in found and "self" not in found:
        return Relevance("no", None, "R8 no core term")
    end = _lead_end(document)
    lead = _by_kind(hit for hit in hits if hit.end <= end)
    verdict = _judge_part(document, folded, lead)
    if verdict.verdict == "no" and len(folded) > end and found.keys() != lead.keys():
        later = _judge_part(document, folded, found)
        if later.verdict != "no":
            return Relevance("peripheral", later.scope, f"R5 after the lead: {later.reason}")
    return verdict


def _judge_part(document: Document, folded: str, found: dict[str, list[Hit]]) -> Relevance:
    cores = found.get("core", [])
    if own := found.get("self"):
        return Relevance("yes", _scope(found.get("china", ())) or "mainland", f"R2 {own[0].term}")
    core = next((hit for hit in cores if hit.value != "weak"), None)
    weak = {hit.term for hit in cores if hit.value == "weak"}
    if not core and not weak:
        return Relevance("no", None, "R8 no core term")
    listed = _listed_places(folded, found)
    places = [hit for hit in found.get("china", ()) if not _is_ambiguous(hit, found)]
    china = [hit for hit in places if (hit.start, hit.end) not in listed]
    firms = found.get("company", [])
    native = [hit for hit in firms if hit.value == "native"]
    if not core and not (len(weak) > 1 or document.outlet_group in TRADE_GROUPS):
        return Relevance("no", None, f"R8 {min(weak)} alone is no core term")
    about = core.term if core else " + ".join(sorted(weak))
    rule = "R1" if core else "R4"
    scope = _scope(china)
    if scope == "taiwan" and not native:
        return Relevance("peripheral", scope, f"R7 {about} + {china[0].term}")
    if china or native:
        return Relevance("yes", scope or "mainland", f"{rule} {about} + {(china or native)[0].term}")
    if core and (home := _home(document, folded, found)):
        return Relevance("yes", home[0], f"R3 {about} + {home[1]}")
    if places:
        return Relevance("peripheral", _scope(places), f"R5 {about}; {places[0].term} in a list")
    if firms:
        return Relevance("peripheral", None, f"R6 {about}; {firms[0].term} without a second cue")
    return Relevance("no", None, f"R8 {about} without China")


def _by_kind(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        found.setdefault(hit.kind, []).append(hit)
    return found


def _home(document: Document, folded: str, found: dict[str, list[Hit]]) -> tuple[str, str] | None:
    """(scope, what shows it) of a text that names no place but is of China: an organ, wording, or the outlet.

    A foreign place or firm speaks against it; so do, against wording alone, a Latin name (of a project abroad) and
    加密, which mainland media avoid.
    """
    group = document.outlet_group
    foreign = "country" in found or "company" in found or any(hit.value == "firm" for hit in found["core"])
    if foreign or group in FOREIGN_GROUPS:
        return None
    if group in DOMESTIC_GROUPS:
        return "mainland", "mainland outlet"
    chinese = _HAN.search(folded) is not None
    if group == "hongkong" and (chinese or "domestic" in found):
        return "hongkong", "Hong Kong outlet"
    if not chinese:
        return None
    if organs := found.get("organ"):
        return "mainland", organs[0].term
    if group in TRADE_GROUPS:
        return None
    abroad = _FOREIGN_NAME.search(document.title) or any(hit.term.startswith("加密") for hit in found["core"])
    return ("mainland", "wording of mainland media") if "domestic" in found and not abroad else None


def _scope(china: Sequence[Hit]) -> str | None:
    """The place named most; of equals the one named first."""
    if not china:
        return None
    scopes = [hit.value for hit in sorted(china, key=lambda hit: hit.start)]
    return max(dict.fromkeys(scopes), key=scopes.count)


def _is_ambiguous(hit: Hit, found: dict[str, list[Hit]]) -> bool:
    return any(other.value == hit.term for other in found.get("unless", ()))


def _listed_places(folded: str, found: dict[str, list[Hit]]) -> set[tuple[int, int]]:
    """Spans of places that stand in a row of LIST_LENGTH or more."""
    if len(found.get("country", ())) + 1 < LIST_LENGTH:
        return set()
    spans = sorted({(hit.start, hit.end) for kind in ("country", "china") for hit in found.get(kind, ())})
    listed: set[tuple[int, int]] = set()
    row = spans[:1]
    for span in [*spans[1:], (len(folded) + 1, len(folded) + 1)]:
        if span[0] <= len(folded) and LIST_GAP.fullmatch(folded, row[-1][1], max(span[0], row[-1][1])):
            row.append(span)
            continue
        if len(row) >= LIST_LENGTH:
            listed.update(row)
        row = [span]
    return listed


def _lead_end(document: Document) -> int:
    title = len(document.title)
    if not document.summary:
        return title
    ends = [match.end() for match in _SENTENCE_END.finditer(document.summary)][:LEAD_SENTENCES]
    sentences = ends[-1] if len(ends) == LEAD_SENTENCES else len(document.summary)
    return title + 1 + min(sentences, LEAD_LIMIT)
