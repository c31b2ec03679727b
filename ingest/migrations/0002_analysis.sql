CREATE TABLE annotations (
    article_id TEXT PRIMARY KEY,
    content_hash BIGINT NOT NULL,
    engine TEXT NOT NULL,
    language TEXT NOT NULL,
    relevance TEXT NOT NULL,
    scope TEXT,
    reason TEXT,
    score DOUBLE PRECISION,
    p_negative DOUBLE PRECISION,
    p_neutral DOUBLE PRECISION,
    p_positive DOUBLE PRECISION,
    label TEXT,
    abstain BOOLEAN NOT NULL,
    vader DOUBLE PRECISION
);
COMMENT ON TABLE annotations IS 'What the engine says of an article; one row an article, made again when text or engine changes';
COMMENT ON COLUMN annotations.article_id IS 'articles.id';
COMMENT ON COLUMN annotations.content_hash IS 'articles.content_hash of the text that was read';
COMMENT ON COLUMN annotations.engine IS 'Engine version: model, lexicon and knowledge files';
COMMENT ON COLUMN annotations.language IS 'Detected language: en, zh or other';
COMMENT ON COLUMN annotations.relevance IS 'yes, peripheral or no: about China and blockchain, crypto or e-CNY';
COMMENT ON COLUMN annotations.scope IS 'mainland, hongkong, macau, taiwan; NULL where not relevant';
COMMENT ON COLUMN annotations.reason IS 'Rule and words that made the relevance verdict';
COMMENT ON COLUMN annotations.score IS 'Overall sentiment in [-1, 1]: p_positive - p_negative; NULL where the language is not scored';
COMMENT ON COLUMN annotations.p_negative IS 'Calibrated probability';
COMMENT ON COLUMN annotations.p_neutral IS 'Calibrated probability';
COMMENT ON COLUMN annotations.p_positive IS 'Calibrated probability';
COMMENT ON COLUMN annotations.label IS 'negative, neutral or positive: the most probable';
COMMENT ON COLUMN annotations.abstain IS 'True where the engine is too unsure to be counted by label';
COMMENT ON COLUMN annotations.vader IS 'VADER compound in [-1, 1], English only: the transparent baseline';

CREATE TABLE target_sentiment (
    article_id TEXT NOT NULL,
    target TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    p_negative DOUBLE PRECISION NOT NULL,
    p_neutral DOUBLE PRECISION NOT NULL,
    p_positive DOUBLE PRECISION NOT NULL,
    label TEXT NOT NULL,
    abstain BOOLEAN NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (article_id, target)
);
COMMENT ON TABLE target_sentiment IS 'Sentiment of an article toward each target it mentions';
COMMENT ON COLUMN target_sentiment.article_id IS 'articles.id';
COMMENT ON COLUMN target_sentiment.target IS 'Target id (analysis/knowledge/targets.json)';
COMMENT ON COLUMN target_sentiment.score IS 'In [-1, 1]: p_positive - p_negative';
COMMENT ON COLUMN target_sentiment.p_negative IS 'Calibrated probability';
COMMENT ON COLUMN target_sentiment.p_neutral IS 'Calibrated probability';
COMMENT ON COLUMN target_sentiment.p_positive IS 'Calibrated probability';
COMMENT ON COLUMN target_sentiment.label IS 'negative, neutral or positive';
COMMENT ON COLUMN target_sentiment.abstain IS 'True where the engine is too unsure to be counted by label';
COMMENT ON COLUMN target_sentiment.evidence IS 'The clause it was read from';

CREATE TABLE article_themes (
    article_id TEXT NOT NULL,
    theme TEXT NOT NULL,
    position INTEGER NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (article_id, theme)
);
COMMENT ON TABLE article_themes IS 'Themes of an article, main first';
COMMENT ON COLUMN article_themes.article_id IS 'articles.id';
COMMENT ON COLUMN article_themes.theme IS 'Theme id (analysis/knowledge/themes.json)';
COMMENT ON COLUMN article_themes.position IS '0 for the main theme, then 1, 2, ...';
COMMENT ON COLUMN article_themes.evidence IS 'JSON list of the matched cues; "model" where no cue matched';

CREATE TABLE article_entities (
    article_id TEXT NOT NULL,
    entity TEXT NOT NULL,
    PRIMARY KEY (article_id, entity)
);
COMMENT ON TABLE article_entities IS 'People, institutions, companies and places named in an article';
COMMENT ON COLUMN article_entities.article_id IS 'articles.id';
COMMENT ON COLUMN article_entities.entity IS 'Entity id (analysis/knowledge/entities.json)';

CREATE TABLE stories (
    article_id TEXT PRIMARY KEY,
    story_id TEXT NOT NULL,
    is_original BOOLEAN NOT NULL
);
COMMENT ON TABLE stories IS 'Copies of one text: article to story; an article without copies is a story of its own';
COMMENT ON COLUMN stories.article_id IS 'articles.id';
COMMENT ON COLUMN stories.story_id IS 'articles.id of the story''s original';
COMMENT ON COLUMN stories.is_original IS 'True for the first published of the story';
CREATE INDEX stories_story ON stories (story_id);

CREATE TABLE topic_runs (
    run_id INTEGER PRIMARY KEY,
    fitted_at TIMESTAMPTZ NOT NULL,
    n_texts INTEGER NOT NULL,
    k INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    stability DOUBLE PRECISION,
    details TEXT NOT NULL
);
COMMENT ON TABLE topic_runs IS 'One row a topic fit; the newest is the one shown';
COMMENT ON COLUMN topic_runs.run_id IS 'Running number';
COMMENT ON COLUMN topic_runs.fitted_at IS 'When it was fitted';
COMMENT ON COLUMN topic_runs.n_texts IS 'Relevant articles it was fitted on';
COMMENT ON COLUMN topic_runs.k IS 'Number of topics';
COMMENT ON COLUMN topic_runs.seed IS 'random_state';
COMMENT ON COLUMN topic_runs.stability IS 'Mean Jaccard of matched top words over refits, in [0, 1]';
COMMENT ON COLUMN topic_runs.details IS 'JSON: choice of k, splits, merges, ended topics';

CREATE TABLE topics (
    run_id INTEGER NOT NULL,
    topic_id INTEGER NOT NULL,
    label TEXT NOT NULL,
    words TEXT NOT NULL,
    examples TEXT NOT NULL,
    size INTEGER NOT NULL,
    stability DOUBLE PRECISION,
    coherence DOUBLE PRECISION,
    first_run INTEGER NOT NULL,
    PRIMARY KEY (run_id, topic_id)
);
COMMENT ON TABLE topics IS 'Topics of a run; topic_id is kept from run to run';
COMMENT ON COLUMN topics.run_id IS 'topic_runs.run_id';
COMMENT ON COLUMN topics.topic_id IS 'Lasting id of the topic';
COMMENT ON COLUMN topics.label IS 'Readable phrase';
COMMENT ON COLUMN topics.words IS 'JSON list of the top words';
COMMENT ON COLUMN topics.examples IS 'JSON list of three headlines';
COMMENT ON COLUMN topics.size IS 'Articles assigned';
COMMENT ON COLUMN topics.stability IS 'Jaccard of top words over refits, in [0, 1]';
COMMENT ON COLUMN topics.coherence IS 'NPMI of the top 10 words, in [-1, 1]';
COMMENT ON COLUMN topics.first_run IS 'Run in which the topic first appeared';

CREATE TABLE article_topics (
    article_id TEXT PRIMARY KEY,
    topic_id INTEGER NOT NULL,
    weight DOUBLE PRECISION NOT NULL
);
COMMENT ON TABLE article_topics IS 'Main topic of each relevant article in the newest run';
COMMENT ON COLUMN article_topics.article_id IS 'articles.id';
COMMENT ON COLUMN article_topics.topic_id IS 'topics.topic_id';
COMMENT ON COLUMN article_topics.weight IS 'Share of the topic in the article, in [0, 1]';

CREATE TABLE roll_day (
    day DATE NOT NULL,
    outlet TEXT NOT NULL,
    language TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    n BIGINT NOT NULL,
    n_stories BIGINT NOT NULL,
    n_scored BIGINT NOT NULL,
    n_abstain BIGINT NOT NULL,
    score_sum DOUBLE PRECISION NOT NULL,
    score_sum2 DOUBLE PRECISION NOT NULL,
    vader_n BIGINT NOT NULL,
    vader_sum DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (day, outlet, language, kind, key)
);
COMMENT ON TABLE roll_day IS 'Counts and sums a day, outlet and language: what the charts read';
COMMENT ON COLUMN roll_day.day IS 'Day of publication in LIANWATCH_TIMEZONE';
COMMENT ON COLUMN roll_day.outlet IS 'outlets.outlet';
COMMENT ON COLUMN roll_day.language IS 'annotations.language';
COMMENT ON COLUMN roll_day.kind IS 'all (every article), relevant, target, theme or topic';
COMMENT ON COLUMN roll_day.key IS 'Target, theme or topic id; empty for all and relevant';
COMMENT ON COLUMN roll_day.n IS 'Articles';
COMMENT ON COLUMN roll_day.n_stories IS 'Articles that are the original of their story';
COMMENT ON COLUMN roll_day.n_scored IS 'Articles with a score (toward the target where kind is target)';
COMMENT ON COLUMN roll_day.n_abstain IS 'Scored articles in the abstain band';
COMMENT ON COLUMN roll_day.score_sum IS 'Sum of the scores';
COMMENT ON COLUMN roll_day.score_sum2 IS 'Sum of the squared scores';
COMMENT ON COLUMN roll_day.vader_n IS 'Articles with a VADER score';
COMMENT ON COLUMN roll_day.vader_sum IS 'Sum of the VADER scores';
