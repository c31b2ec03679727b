"""Large invented stores for benchmarks, filled by SQL in seconds. No benchmark by itself."""

from pathlib import Path

from ingest.store import open_store

OUTLETS = 40
DAYS = 3600
"""Ten years, ending in autumn 2026."""

RELEVANT_EVERY = 20
"""One article in this many is on blockchain in China."""

GROUPS = ("state", "mainland", "hongkong", "western", "trade_en", "trade_zh", "official", "regional")
TARGETS = ("blockchain", "crypto", "digital_yuan", "regulation", "exchanges", "mining")

_SQL = """
INSERT INTO outlets SELECT 'Outlet ' || i, list_value({groups})[1 + i % {n_groups}], FALSE FROM range({outlets}) t(i);
INSERT INTO articles
SELECT CAST(i AS TEXT), 'https://news.example/' || i, 'Blockchain report ' || i, 'A pilot of 数字人民币',
       'Outlet ' || (hash(i) % {outlets}), CASE WHEN hash(i) % 3 = 0 THEN 'zh' ELSE 'en' END,
       TIMESTAMPTZ '2016-12-01 00:00:00+00' + INTERVAL 1 SECOND * CAST(i * ({days} * 86400.0 / {size}) AS BIGINT),
       480, 'exact', TIMESTAMPTZ '2026-10-10 00:00:00+00', TIMESTAMPTZ '2026-10-10 00:00:00+00', 0, NULL, i
FROM range({size}) t(i);
INSERT INTO annotations
SELECT id, content_hash, 'bench', language, CASE WHEN content_hash % {every} = 0 THEN 'yes' ELSE 'no' END, 'mainland',
       '', s, greatest(-s, 0), 1 - abs(s), greatest(s, 0),
       CASE WHEN s > 0.3 THEN 'positive' WHEN s < -0.3 THEN 'negative' ELSE 'neutral' END, FALSE, NULL
FROM (SELECT *, (hash(id) % 2001) / 1000.0 - 1 AS s FROM articles);
INSERT INTO target_sentiment
SELECT article_id, list_value({targets})[1 + CAST(hash(article_id) % {n_targets} AS BIGINT)], score, p_negative,
       p_neutral, p_positive, label, FALSE, 'A pilot' FROM annotations WHERE relevance = 'yes';
INSERT INTO article_themes SELECT article_id, 'core_tech_innovation', 0, '[]' FROM annotations WHERE relevance = 'yes';
INSERT INTO stories (article_id, story_id, is_original)
SELECT article_id, article_id, TRUE FROM annotations WHERE relevance = 'yes';
INSERT INTO article_topics SELECT article_id, hash(article_id) % 12, 1 FROM annotations WHERE relevance = 'yes';
INSERT INTO topic_runs VALUES (1, now(), 1, 12, 0, 1, '{{}}');
INSERT INTO topics SELECT 1, i, 'topic ' || i, '[]', '[]', 1, 1, 0, 1 FROM range(12) t(i);
INSERT INTO search_texts
SELECT a.id, a.content_hash, lower(a.title || ' ' || a.summary)
FROM articles a JOIN annotations n ON n.article_id = a.id WHERE n.relevance = 'yes'
"""


def filled(path: Path, size: int) -> Path:
    """A store of `size` articles spread over ten years, annotated and rolled up."""
    from analysis import rollups

    store = open_store(str(path))
    blanks = {
        "size": size, "outlets": OUTLETS, "days": DAYS, "every": RELEVANT_EVERY, "n_groups": len(GROUPS),
        "n_targets": len(TARGETS), "groups": _quoted(GROUPS), "targets": _quoted(TARGETS),
    }  # fmt: skip
    with store.transaction() as tx:
        for statement in _SQL.format(**blanks).split(";\n"):
            tx.execute(statement)
        tx.stamp()
    rollups.rebuild(store)
    return path


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)
