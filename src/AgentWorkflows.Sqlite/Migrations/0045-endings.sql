-- Sessions that are to be ended from outside: recorded first, forgotten when all of it is done.
CREATE TABLE endings (
    session_id TEXT NOT NULL PRIMARY KEY,
    reason     TEXT,
    roll_back  INTEGER NOT NULL,
    asked_at   INTEGER NOT NULL
) WITHOUT ROWID;
