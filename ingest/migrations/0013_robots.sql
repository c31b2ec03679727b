CREATE TABLE robots (
    origin TEXT PRIMARY KEY,
    asked_at TIMESTAMPTZ NOT NULL,
    text TEXT NOT NULL
);
COMMENT ON TABLE robots IS 'What hosts say in robots.txt, asked for once a day';
COMMENT ON COLUMN robots.origin IS 'Scheme, host and port, as in https://daily.example';
COMMENT ON COLUMN robots.asked_at IS 'When it was asked for (UTC)';
COMMENT ON COLUMN robots.text IS 'The file; empty where there is none or it could not be had, which allows everything';
