-- One row per instance: what queries show, and what a start-up must find without reading histories.
CREATE TABLE instance (
  key INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: an append to a purged instance must not meet a new one
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  status INTEGER NOT NULL,                -- 0 Pending, 1 Running, 2 Suspended, 3 Completed, 4 Failed, 5 Terminated
  execution INTEGER NOT NULL,             -- counts continue-as-new, from 0
  created INTEGER NOT NULL,               -- all times are UTC ticks of 100 ns
  updated INTEGER NOT NULL,
  start_at INTEGER,
  parent_id TEXT,
  parent_execution INTEGER,
  parent_task INTEGER,
  unreported INTEGER NOT NULL DEFAULT 0,  -- 1: it has ended and its parent has not recorded that yet
  diverged INTEGER NOT NULL DEFAULT 0,    -- 1: failed because code and history differ; may be resumed
  busy INTEGER NOT NULL,                  -- 1: has activities outstanding or arrivals to hand over; loaded at start-up
  due INTEGER,                            -- when its next timer fires
  custom_status TEXT,
  failure BLOB
);
CREATE INDEX instance_created ON instance (created);
CREATE INDEX instance_status ON instance (status, created);
CREATE INDEX instance_name ON instance (name, created);
CREATE INDEX instance_parent ON instance (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX instance_unreported ON instance (key) WHERE unreported = 1;
CREATE INDEX instance_busy ON instance (key) WHERE busy = 1;
CREATE INDEX instance_due ON instance (due) WHERE due IS NOT NULL;

-- The truth: records of events, several events to a record. Append-only within an execution; seq never goes back, so that two
-- writers that both think they are next collide. An ordinary rowid table: new records go to the end of the file.
CREATE TABLE history (
  instance INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  events BLOB NOT NULL
);
CREATE UNIQUE INDEX history_record ON history (instance, seq);
