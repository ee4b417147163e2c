-- Schema 1. `PRAGMA user_version` carries the number; forward steps stand in schema.py.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,     -- head_seq, head_hash (the newest event), writer (who may write), erased_at
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE events (
    seq     INTEGER PRIMARY KEY,
    stream  TEXT    NOT NULL,   -- sale:<reference> or till:<name>
    at      TEXT    NOT NULL,   -- server time, ISO 8601 in UTC with microseconds
    agent   TEXT    NOT NULL,
    till    TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    version INTEGER NOT NULL,
    payload TEXT    NOT NULL,   -- canonical JSON
    prev    TEXT    NOT NULL,
    hash    TEXT    NOT NULL
);
CREATE INDEX events_of_stream ON events (stream, seq);
CREATE INDEX events_of_kind ON events (kind, seq);

CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER events_stand BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;

CREATE TABLE personal (
    id     TEXT PRIMARY KEY,    -- random; the payload names it beside a salted digest
    stream TEXT NOT NULL,
    at     TEXT NOT NULL,
    data   TEXT,                -- JSON; NULL once erased
    salt   BLOB                 -- NULL once erased, so that nobody can try names against the digest
);
CREATE INDEX personal_by_age ON personal (at) WHERE data IS NOT NULL;
CREATE INDEX personal_of_stream ON personal (stream);

CREATE TABLE sales (            -- an index, made again from the events at any time
    reference TEXT PRIMARY KEY,
    opened_at TEXT    NOT NULL,
    state     TEXT    NOT NULL, -- open, finished, voided
    last_seq  INTEGER NOT NULL
);
CREATE INDEX sales_by_state ON sales (state, last_seq);
CREATE INDEX sales_by_age ON sales (last_seq);

INSERT INTO meta VALUES ('head_seq', '0');
INSERT INTO meta VALUES ('head_hash', '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO meta VALUES ('writer', '');
