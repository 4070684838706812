-- Reservations end: when, whether their call was begun, and that nobody else ended them. Of what was reserved before this, nobody knows whether it was begun.
ALTER TABLE ledger_entries ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger_entries ADD COLUMN begun_at INTEGER;
ALTER TABLE ledger_entries ADD COLUMN expired INTEGER NOT NULL DEFAULT 0;
UPDATE ledger_entries SET expires_at = reserved_at + 9000000000, begun_at = reserved_at;
CREATE INDEX ledger_overdue ON ledger_entries (expires_at) WHERE status = 'Reserved';
CREATE INDEX ledger_by_time ON ledger_entries (reserved_at);
