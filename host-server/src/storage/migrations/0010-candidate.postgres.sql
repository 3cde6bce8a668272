-- A policy document that is judged by beside the one in force and never decided by; one at most.
CREATE TABLE candidate (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    against BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT COLLATE "C" NOT NULL
);
-- What came of it by purpose, of all nodes together. What is written late for an earlier candidate is read by nobody.
CREATE TABLE candidate_counts (
    candidate BIGINT NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    same BIGINT NOT NULL,
    otherwise BIGINT NOT NULL,
    allow_to_deny BIGINT NOT NULL,
    deny_to_allow BIGINT NOT NULL,
    asks_for_more BIGINT NOT NULL,
    cannot_be_asked BIGINT NOT NULL,
    undecided BIGINT NOT NULL,
    dropped BIGINT NOT NULL,
    noted_at BIGINT NOT NULL,
    PRIMARY KEY (candidate, purpose)
);
-- The newest decisions that would have been others.
CREATE TABLE candidate_flips (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    candidate BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    node TEXT COLLATE "C" NOT NULL,
    certificate BYTEA NOT NULL CHECK (length(certificate) = 32),
    subject TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    decision TEXT COLLATE "C" NOT NULL CHECK (decision IN ('allow', 'deny')),
    would_be TEXT COLLATE "C" NOT NULL CHECK (would_be IN ('allow', 'deny', 'none')),
    asks_for_more BIGINT NOT NULL CHECK (asks_for_more IN (0, 1)),
    trace BYTEA NOT NULL CHECK (length(trace) = 32),
    causes TEXT COLLATE "C" NOT NULL
);
CREATE INDEX candidate_flips_of ON candidate_flips (candidate, id);
-- the capsule of a decision is found by its trace
CREATE INDEX capsules_trace ON capsules (trace);
