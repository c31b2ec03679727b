"""SELECTs of what `analysis.rollups` keeps, from the tables that it is added up from.

Their braces are filled in with `{day}`, the SQL of the day of an article; `{days}`, conditions on the articles; and
`{twin}`, what begins the names of the tables of another engine (`analysis.rereading`).
"""

_ARTICLE = "id, day, outlet, language, vader, original, story"

# Of copies only those of the stories at hand are counted: a look at a day costs no sum over all stories.
_STORIES = """
    sized AS (
        SELECT story_id, count(*) AS copies FROM stories
        WHERE NOT is_original AND story_id IN (
            SELECT s.story_id FROM stories s JOIN articles a ON a.id = s.article_id WHERE {days})
        GROUP BY story_id
    )
"""
FRESH = f"""
    WITH {_STORIES}, counted AS (
        SELECT a.id, {{day}} AS day, a.outlet, n.language, n.relevance, n.score, n.abstain, n.vader,
               z.story_id AS story, CASE WHEN s.is_original IS FALSE THEN 0 ELSE 1 END AS original
        FROM articles a JOIN {{twin}}annotations n ON n.article_id = a.id LEFT JOIN stories s ON s.article_id = a.id
             LEFT JOIN sized z ON z.story_id = s.story_id
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
    ), copies AS (
        SELECT id AS article_id, kind, key, day, outlet, language, story AS story_id, score
        FROM kinds WHERE story IS NOT NULL AND score IS NOT NULL AND kind <> 'all'
    ), fresh AS (
        SELECT day, outlet, language, kind, key, count(*) AS n, sum(original) AS n_stories, count(score) AS n_scored,
               sum(CASE WHEN abstain AND score IS NOT NULL THEN 1 ELSE 0 END) AS n_abstain,
               coalesce(sum(score), 0) AS score_sum, coalesce(sum(score * score), 0) AS score_sum2,
               count(vader) AS vader_n, coalesce(sum(vader), 0) AS vader_sum
        FROM kinds GROUP BY day, outlet, language, kind, key
    )
"""

"""Begins a SELECT from `fresh`, the rows of `roll_day`, or from `copies`, those of `roll_copies`."""

# A text that is folded already is not read again: folding takes longer than everything else.
RELEVANT = f"""
    WITH {_STORIES}
    SELECT a.id AS article_id, a.content_hash, a.published, {{day}} AS day, a.outlet, n.language, n.score, n.label,
           n.abstain, n.vader, coalesce(s.story_id, a.id) AS story_id, coalesce(s.is_original, TRUE) AS is_original,
           CAST(coalesce(z.copies, 0) AS INTEGER) AS copies,
           r.text, CASE WHEN r.text IS NULL THEN a.title END AS title,
           CASE WHEN r.text IS NULL THEN a.summary END AS summary
    FROM articles a JOIN {{twin}}annotations n ON n.article_id = a.id LEFT JOIN stories s ON s.article_id = a.id
    LEFT JOIN sized z ON z.story_id = s.story_id
    LEFT JOIN relevant_articles r ON r.article_id = a.id AND r.content_hash = a.content_hash
    WHERE a.duplicate_of IS NULL AND n.relevance = 'yes' AND {{days}}
    ORDER BY a.published, a.id
"""
"""Rows of `relevant_articles`; instead of the text, title and summary where it has to be folded yet."""
