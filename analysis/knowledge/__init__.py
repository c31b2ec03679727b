"""What the project knows of its field, as data files."""

import json
from functools import cache
from importlib import resources


@cache
def load(name: str) -> dict:
    """The content of `<name>.json` in this folder."""
    return json.loads((resources.files(__name__) / f"{name}.json").read_text(encoding="utf-8"))


@cache
def names(kind: str, language: str) -> dict[str, str]:
    """Id → name for readers of `language` (en, zh) of all targets, themes, entities or groups, in their order."""
    return {entry["id"]: entry[f"name_{language}"] for entry in load(kind)[kind]}
