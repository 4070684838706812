-- Held sessions, forks and what people think of a session.
ALTER TABLE sessions ADD COLUMN suspended INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN forked_from TEXT;
ALTER TABLE sessions ADD COLUMN forked_turn INTEGER;
ALTER TABLE sessions ADD COLUMN feedback TEXT;
CREATE INDEX sessions_suspended ON sessions (created_at DESC, id DESC) WHERE suspended;
CREATE INDEX sessions_forks ON sessions (forked_from) WHERE forked_from IS NOT NULL;
