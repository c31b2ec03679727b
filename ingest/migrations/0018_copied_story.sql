-- A store that is being read again begins that anew: its twins have not the columns of now.
DROP TABLE IF EXISTS next_annotations;
DROP TABLE IF EXISTS next_target_sentiment;
DROP TABLE IF EXISTS next_article_themes;
DROP TABLE IF EXISTS next_article_entities;
DROP TABLE IF EXISTS next_roll_day;
DROP TABLE IF EXISTS next_roll_copies;
DROP TABLE IF EXISTS next_relevant_articles;

ALTER TABLE relevant_articles ADD COLUMN copied_story TEXT;
UPDATE relevant_articles SET copied_story = story_id WHERE copies > 0;
COMMENT ON COLUMN relevant_articles.copied_story IS 'stories.story_id where it has copies, else NULL: what a search groups by, without unpacking the ids of all others';
