-- A policy document that is judged by beside the one in force and never decided by; one at most.
CREATE TABLE candidate (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    against INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL
) STRICT;
-- What came of it by purpose, of all nodes together. What is written late for an earlier candidate is read by nobody.
CREATE TABLE candidate_counts (
    candidate INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    same INTEGER NOT NULL,
    otherwise INTEGER NOT NULL,
    allow_to_deny INTEGER NOT NULL,
    deny_to_allow INTEGER NOT NULL,
    asks_for_more INTEGER NOT NULL,
    cannot_be_asked INTEGER NOT NULL,
    undecided INTEGER NOT NULL,
    dropped INTEGER NOT NULL,
    noted_at INTEGER NOT NULL,
    PRIMARY KEY (candidate, purpose)
) STRICT;
-- The newest decisions that would have been others.
CREATE TABLE candidate_flips (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    candidate INTEGER NOT NULL,
    decided_at INTEGER NOT NULL,
    node TEXT NOT NULL,
    certificate BLOB NOT NULL CHECK (length(certificate) = 32),
    subject TEXT NOT NULL,
    serial TEXT NOT NULL,
    purpose TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('allow', 'deny')),
    would_be TEXT NOT NULL CHECK (would_be IN ('allow', 'deny', 'none')),
    asks_for_more INTEGER NOT NULL CHECK (asks_for_more IN (0, 1)),
    trace BLOB NOT NULL CHECK (length(trace) = 32),
    causes TEXT NOT NULL
) STRICT;
CREATE INDEX candidate_flips_of ON candidate_flips (candidate, id);
-- the capsule of a decision is found by its trace
CREATE INDEX capsules_trace ON capsules (trace);
