ALTER TABLE article_themes ADD COLUMN probability DOUBLE PRECISION;
COMMENT ON COLUMN article_themes.probability IS 'Of the theme, in [0, 1]; NULL where it was annotated before this was kept';
