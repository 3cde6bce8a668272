-- Decisions that were recorded, each with everything that it rested on. Nothing is decided by them.
CREATE TABLE capsules (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    root BYTEA NOT NULL UNIQUE CHECK (length(root) = 32),
    recorded_at BIGINT NOT NULL,
    decision TEXT COLLATE "C" NOT NULL CHECK (decision IN ('allow', 'deny')),
    purpose TEXT COLLATE "C" NOT NULL,
    certificate BYTEA NOT NULL CHECK (length(certificate) = 32),
    trace BYTEA NOT NULL CHECK (length(trace) = 32),
    octets BIGINT NOT NULL,
    body BYTEA NOT NULL
);
-- what is forgotten is found without the bodies
CREATE INDEX capsules_size ON capsules (id, recorded_at, octets);
