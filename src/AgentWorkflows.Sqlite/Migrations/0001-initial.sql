CREATE TABLE sessions (
    id            TEXT PRIMARY KEY,
    agent         TEXT NOT NULL,
    agent_version TEXT NOT NULL,
    snapshot_hash TEXT NOT NULL,
    goal          TEXT NOT NULL,
    task_type     TEXT NOT NULL,
    user_id       TEXT NOT NULL,
    context       TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    status        TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    progress      TEXT NOT NULL
);
CREATE INDEX sessions_by_age ON sessions (created_at DESC, id DESC);
CREATE INDEX sessions_by_status ON sessions (status, created_at DESC, id DESC);
CREATE INDEX sessions_by_agent ON sessions (agent, created_at DESC, id DESC);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at DESC, id DESC);
CREATE INDEX sessions_by_task_type ON sessions (task_type, created_at DESC, id DESC);

CREATE TABLE documents (
    sequence   INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL,
    turn       INTEGER NOT NULL,
    step       TEXT NOT NULL,
    content    TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    UNIQUE (session_id, turn, step)
);

CREATE TABLE timeline (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL,
    key        TEXT NOT NULL,
    entry      TEXT NOT NULL,
    UNIQUE (session_id, key)
);
CREATE INDEX timeline_in_order ON timeline (session_id, sequence);

CREATE TABLE snapshots (
    hash       TEXT PRIMARY KEY,
    definition TEXT NOT NULL
);

CREATE TABLE approvals (
    sequence       INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT NOT NULL UNIQUE,
    session_id     TEXT NOT NULL,
    status         TEXT NOT NULL,
    arguments_hash TEXT NOT NULL,
    expires_at     INTEGER NOT NULL,
    decision_id    TEXT,
    delivered      INTEGER NOT NULL DEFAULT 0,
    request        TEXT NOT NULL
);
CREATE INDEX approvals_by_status ON approvals (status, sequence DESC);
CREATE INDEX approvals_by_session ON approvals (session_id, sequence DESC);
CREATE INDEX approvals_undelivered ON approvals (sequence) WHERE delivered = 0 AND status <> 'Pending';

-- One row for each scope: what is settled and reserved in it together.
CREATE TABLE ledger_scopes (
    scope TEXT PRIMARY KEY,
    used  INTEGER NOT NULL
);

CREATE TABLE ledger_entries (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE,
    session_id  TEXT NOT NULL,
    status      TEXT NOT NULL,
    reserved    INTEGER NOT NULL,
    cost        INTEGER NOT NULL,
    scopes      TEXT NOT NULL,
    entry       TEXT NOT NULL,
    actual      TEXT,
    reserved_at INTEGER NOT NULL,
    settled_at  INTEGER
);
CREATE INDEX ledger_by_session ON ledger_entries (session_id, sequence);
