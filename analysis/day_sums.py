"""SELECTs of what `analysis.rollups` keeps, from the tables that it is added up from.

Their braces are filled in with `{day}`, the SQL of the day of an article; `{days}`, conditions on the articles; and
`{twin}`, what begins the names of the tables of another engine (`analysis.rereading`).
"""

_ARTICLE = "id, day, outlet, language, vader, original"

FRESH = f"""
    WITH counted AS (
        SELECT a.id, {{day}} AS day, a.outlet, n.language, n.relevance, n.score, n.abstain, n.vader,
               CASE WHEN s.is_original IS FALSE THEN 0 ELSE 1 END AS original
        FROM articles a JOIN {{twin}}annotations n ON n.article_id = a.id LEFT JOIN stories s ON s.article_id = a.id
        WHERE a.duplicate_of IS NULL AND {{days}}
    ), kinds AS (
        SELECT {_ARTICLE}, score, abstain, 'all' AS kind, '' AS key FROM counted
        UNION ALL SELECT {_ARTICLE}, score, abstain, 'relevant', '' FROM counted WHERE relevance = 'yes'
        UNION ALL SELECT {_ARTICLE}, score, abstain, 'theme', t.theme
            FROM counted c JOIN {{twin}}article_themes t ON t.article_id = c.id WHERE c.relevance = 'yes'
        UNION ALL SELECT {_ARTICLE}, score, abstain, 'topic', CAST(t.topic_id AS TEXT)
            FROM counted c JOIN article_topics t ON t.article_id = c.id WHERE c.relevance = 'yes'
        UNION ALL SELECT {_ARTICLE}, t.score, t.abstain, 'target', t.target
            FROM counted c JOIN {{twin}}target_sentiment t ON t.article_id = c.id WHERE c.relevance = 'yes'
    ), fresh AS (
        SELECT day, outlet, language, kind, key, count(*) AS n, sum(original) AS n_stories, count(score) AS n_scored,
               sum(CASE WHEN abstain AND score IS NOT NULL THEN 1 ELSE 0 END) AS n_abstain,
               coalesce(sum(score), 0) AS score_sum, coalesce(sum(score * score), 0) AS score_sum2,
               count(vader) AS vader_n, coalesce(sum(vader), 0) AS vader_sum
        FROM kinds GROUP BY day, outlet, language, kind, key
    )
"""
"""Begins a SELECT from `fresh`, the rows of `roll_day`."""

# A text that is folded already is not read again: folding takes longer than everything else.
RELEVANT = """
    SELECT a.id AS article_id, a.content_hash, a.published, {day} AS day, a.outlet, n.language, n.score, n.label,
           n.abstain, n.vader, coalesce(s.story_id, a.id) AS story_id, coalesce(s.is_original, TRUE) AS is_original,
           r.text, CASE WHEN r.text IS NULL THEN a.title END AS title,
           CASE WHEN r.text IS NULL THEN a.summary END AS summary
    FROM articles a JOIN {twin}annotations n ON n.article_id = a.id LEFT JOIN stories s ON s.article_id = a.id
    LEFT JOIN relevant_articles r ON r.article_id = a.id AND r.content_hash = a.content_hash
    WHERE a.duplicate_of IS NULL AND n.relevance = 'yes' AND {days}
    ORDER BY a.published, a.id
"""
"""Rows of `relevant_articles` but for `copies` and `copied_story`; instead of the text, title and summary where it is
yet to be folded."""

SIZES = "SELECT story_id, count(*) AS copies FROM stories WHERE NOT is_original {some} GROUP BY story_id"
"""How many copies stories have; `{some}`: which ones, beginning with AND."""

SAID = """
    SELECT article_id, 'target' AS kind, target AS key, score FROM {twin}target_sentiment {some}
    UNION ALL SELECT article_id, 'theme', theme, NULL FROM {twin}article_themes {some}
    UNION ALL SELECT article_id, 'topic', CAST(topic_id AS TEXT), NULL FROM article_topics {some}
"""
"""What articles say, under the kinds and keys of `roll_day`; `{some}`: of which ones, beginning with WHERE. The score
is missing where it is the article's."""
