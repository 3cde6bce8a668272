-- Decisions that were recorded, each with everything that it rested on. Nothing is decided by them.
CREATE TABLE capsules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    root BLOB NOT NULL UNIQUE CHECK (length(root) = 32),
    recorded_at INTEGER NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('allow', 'deny')),
    purpose TEXT NOT NULL,
    certificate BLOB NOT NULL CHECK (length(certificate) = 32),
    trace BLOB NOT NULL CHECK (length(trace) = 32),
    octets INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
-- what is forgotten is found without the bodies
CREATE INDEX capsules_size ON capsules (id, recorded_at, octets);
