"""People, institutions, companies and places of the field named in a text, in either language."""

from collections.abc import Iterable, Sequence
from functools import cache

from analysis import knowledge
from analysis.matcher import Hit
from analysis.text import fold


def entries() -> Iterable[tuple[str, str, str]]:
    """Names and aliases as (kind, entity id, alias), for the matcher; kind tells plain from gated entities."""
    for entity in knowledge.load("entities")["entities"]:
        kind = "entity_gated" if entity.get("gated") else "entity"
        # A name that is a common word too (Visa, Neo) stands in the aliases, with the mark that keeps its case.
        names = (entity["name_zh"],) if entity.get("cased_name") else (entity["name_en"], entity["name_zh"])
        for alias in (*names, *entity["aliases"]):
            yield kind, entity["id"], alias


def find_entities(hits: Sequence[Hit], in_field: bool) -> tuple[str, ...]:
    """Ids of the entities named, in the order of their first mention; the longest name where names overlap.

    A gated entity has a name that means something else as well; it counts only in a text of the field (`in_field`).
    """
    named = [hit for hit in hits if hit.kind in ("entity", "entity_gated")]
    whole = [hit for hit in named if not any(other.holds(hit) for other in named)]
    counted = sorted((hit.start, hit.value) for hit in whole if in_field or hit.kind == "entity")
    return tuple(dict.fromkeys(entity for _, entity in counted))


def id_of(name: str) -> str:
    """Id of the entity that has this id or name, in whatever case and script; `name` itself where none has it."""
    return _ids().get(fold(name), name)


@cache
def _ids() -> dict[str, str]:
    named = {fold(name.lstrip("=")): entity for _, entity, name in entries()}
    return named | {entity: entity for entity in named.values()}
