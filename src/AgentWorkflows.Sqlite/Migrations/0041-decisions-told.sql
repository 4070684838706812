-- How often a session was told of a decision, and when it is told again.
ALTER TABLE approvals ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
ALTER TABLE approvals ADD COLUMN tell_at INTEGER NOT NULL DEFAULT 0;
