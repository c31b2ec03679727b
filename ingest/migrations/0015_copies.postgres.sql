-- A store that is being read again begins that anew: its twins have not the columns of now.
DROP TABLE IF EXISTS next_annotations;
DROP TABLE IF EXISTS next_target_sentiment;
DROP TABLE IF EXISTS next_article_themes;
DROP TABLE IF EXISTS next_article_entities;
DROP TABLE IF EXISTS next_roll_day;
DROP TABLE IF EXISTS next_relevant_articles;

ALTER TABLE relevant_articles ADD COLUMN copies INTEGER NOT NULL DEFAULT 0;
ALTER TABLE relevant_articles ALTER COLUMN copies DROP DEFAULT;
UPDATE relevant_articles SET copies = c.copies FROM (
    SELECT story_id, count(*) - 1 AS copies FROM relevant_articles WHERE copied GROUP BY story_id
) c WHERE c.story_id = relevant_articles.story_id;
ALTER TABLE relevant_articles DROP COLUMN copied;
COMMENT ON TABLE relevant_articles IS 'The relevant articles that count, each with all that questions choose and add up by: what article lists and the search read';
COMMENT ON COLUMN relevant_articles.copies IS 'How many other articles its story has';
