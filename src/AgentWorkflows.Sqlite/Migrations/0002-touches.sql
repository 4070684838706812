-- Which steps changed which resource, in the order in which they began.
CREATE TABLE touches (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    resource   TEXT NOT NULL,
    session_id TEXT NOT NULL,
    turn       INTEGER NOT NULL,
    step       TEXT NOT NULL,
    tool       TEXT NOT NULL,
    state      TEXT NOT NULL,
    at         INTEGER NOT NULL,
    UNIQUE (session_id, turn, step)
);
CREATE INDEX touches_by_resource ON touches (resource, sequence);
