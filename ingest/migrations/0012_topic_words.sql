CREATE TABLE topic_words (
    topic_id INTEGER NOT NULL,
    word TEXT NOT NULL,
    weight DOUBLE PRECISION NOT NULL,
    idf DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (topic_id, word)
);
COMMENT ON TABLE topic_words IS 'What an article is held against to find its topic without a new fit: the words of the centres of the newest run';
COMMENT ON COLUMN topic_words.topic_id IS 'topics.topic_id';
COMMENT ON COLUMN topic_words.word IS 'A word as analysis.text cuts it';
COMMENT ON COLUMN topic_words.weight IS 'Weight of the word in the centre of the topic, in (0, 1]';
COMMENT ON COLUMN topic_words.idf IS 'Inverse document frequency of the word in the articles of the fit';
