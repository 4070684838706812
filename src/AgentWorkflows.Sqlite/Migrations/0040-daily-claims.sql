-- Who does what is due once a day, and forgetting notes about resources by their age.
CREATE TABLE daily_claims (
    work       TEXT NOT NULL,
    day        TEXT NOT NULL,
    held_until INTEGER NOT NULL,
    done_at    INTEGER,
    PRIMARY KEY (work, day)
);
CREATE INDEX touches_by_time ON touches (at);
