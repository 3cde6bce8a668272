-- What is watched: who looks next, what was told, and what still has to be delivered.
CREATE TABLE jobs (
    name TEXT PRIMARY KEY,
    due_at INTEGER NOT NULL,
    owner TEXT NOT NULL,
    owned_until INTEGER NOT NULL,
    claims INTEGER NOT NULL,
    finished_at INTEGER,
    outcome TEXT NOT NULL
) STRICT;
-- The last telling of each thing, by SHA-256 of what it is: of a certificate, its fingerprint.
CREATE TABLE told (
    watched BLOB PRIMARY KEY CHECK (length(watched) = 32),
    times INTEGER NOT NULL,
    stage TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    acknowledged TEXT,
    snoozed_until INTEGER
) STRICT;
CREATE TABLE alarms (
    id TEXT PRIMARY KEY,
    watched BLOB NOT NULL,
    code TEXT NOT NULL,
    stage TEXT NOT NULL,
    severity TEXT NOT NULL,
    subject TEXT NOT NULL,
    document TEXT NOT NULL,
    raised_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'acknowledged', 'resolved')),
    snoozed_until INTEGER,
    answered_at INTEGER,
    answered_by TEXT NOT NULL
) STRICT;
CREATE INDEX alarms_newest ON alarms (raised_at, id);
CREATE INDEX alarms_watched ON alarms (watched);
CREATE TABLE deliveries (
    alarm TEXT NOT NULL REFERENCES alarms (id),
    channel TEXT NOT NULL,
    queued_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    delivered_at INTEGER,
    last_error TEXT NOT NULL,
    PRIMARY KEY (alarm, channel)
) STRICT;
CREATE INDEX deliveries_waiting ON deliveries (channel, next_at) WHERE delivered_at IS NULL;
