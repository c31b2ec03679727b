"""Small stores for tests: one dict an article, everything else filled in."""

from datetime import UTC, datetime

from analysis import rollups
from ingest.store import Store, open_store

SEEN = datetime(2021, 12, 31, 12, tzinfo=UTC)


def filled_store(path, articles: list[dict], groups: dict[str, str] | None = None, seen: datetime = SEEN) -> Store:
    """A store with these articles, annotated and rolled up.

    Keys of an article, all but `day` optional: id, day (ISO, Beijing; None: undated), outlet, language, score, vader,
    abstain, title, summary, relevance, targets {id: score}, themes [id], topic, entities [id], story, duplicate_of,
    sample.
    """
    store = open_store(str(path))
    rows = [_article({"id": f"a{number}", **article}) for number, article in enumerate(articles)]
    outlets = {
        row["outlet"]: {
            "outlet": row["outlet"],
            "group_id": (groups or {}).get(row["outlet"], "other"),
            "sample": row["sample"],
        }
        for row in rows
    }
    with store.transaction() as tx:
        tx.upsert("outlets", list(outlets.values()), key=["outlet"])
        tx.upsert("articles", [_stored(row, seen) for row in rows], key=["id"])
        tx.upsert("annotations", [_annotation(row) for row in rows], key=["article_id"])
        tx.upsert("target_sentiment", [t for row in rows for t in _targets(row)], key=["article_id", "target"])
        tx.upsert("article_themes", [t for row in rows for t in _themes(row)], key=["article_id", "theme"])
        tx.upsert("article_entities", [e for row in rows for e in _entities(row)], key=["article_id", "entity"])
        tx.upsert("stories", [_story(row) for row in rows], key=["article_id"])
        topics = [row for row in rows if row["topic"] is not None]
        tx.upsert("article_topics", [_topic(row) for row in topics], key=["article_id"])
        tx.stamp()
    rollups.rebuild(store)
    return store


def _article(article: dict) -> dict:
    defaults = {
        "day": None, "outlet": "Harbour Daily", "language": "en", "score": 0.0, "vader": None, "abstain": False,
        "title": f"Title of {article['id']}", "summary": "", "relevance": "yes", "targets": {}, "themes": [],
        "topic": None, "entities": [], "story": None, "duplicate_of": None, "sample": False,
    }  # fmt: skip
    return defaults | article


def _stored(row: dict, seen: datetime) -> dict:
    published = None if row["day"] is None else datetime.fromisoformat(f"{row['day']}T12:00:00+08:00").astimezone(UTC)
    return {
        "id": row["id"], "url": f"https://daily.example/{row['id']}", "title": row["title"],
        "summary": row["summary"], "outlet": row["outlet"], "language": row["language"], "published": published,
        "published_offset": 480, "published_quality": "exact" if published else "missing", "first_seen": seen,
        "text_at": seen, "title_key": 0, "duplicate_of": row["duplicate_of"], "content_hash": hash_of(row["id"]),
    }  # fmt: skip


def hash_of(text: str) -> int:
    return int.from_bytes(text.encode()[:7].ljust(7), "big")


def _annotation(row: dict) -> dict:
    score = row["score"]
    return {
        "article_id": row["id"], "content_hash": hash_of(row["id"]), "engine": "test", "language": row["language"],
        "relevance": row["relevance"], "scope": None, "reason": None, "score": score, "p_negative": None,
        "p_neutral": None, "p_positive": None, "label": None if score is None else label(score),
        "abstain": row["abstain"], "vader": row["vader"],
    }  # fmt: skip


def label(score: float) -> str:
    return "positive" if score > 0.2 else "negative" if score < -0.2 else "neutral"


def _targets(row: dict) -> list[dict]:
    return [
        {
            "article_id": row["id"], "target": target, "score": score, "p_negative": 0.0, "p_neutral": 0.0,
            "p_positive": 0.0, "label": label(score), "abstain": row["abstain"], "evidence": row["title"],
        }
        for target, score in row["targets"].items()
    ]  # fmt: skip


def _themes(row: dict) -> list[dict]:
    return [
        {"article_id": row["id"], "theme": theme, "position": position, "probability": 0.5, "evidence": '["cue"]'}
        for position, theme in enumerate(row["themes"])
    ]


def _entities(row: dict) -> list[dict]:
    return [{"article_id": row["id"], "entity": entity} for entity in row["entities"]]


def _story(row: dict) -> dict:
    story = row["story"] or row["id"]
    return {"article_id": row["id"], "story_id": story, "is_original": story == row["id"]}


def _topic(row: dict) -> dict:
    return {"article_id": row["id"], "topic_id": row["topic"], "weight": 1.0}

