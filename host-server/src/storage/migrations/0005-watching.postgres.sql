-- What is watched: who looks next, what was told, and what still has to be delivered.
CREATE TABLE jobs (
    name TEXT COLLATE "C" PRIMARY KEY,
    due_at BIGINT NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    owned_until BIGINT NOT NULL,
    claims BIGINT NOT NULL,
    finished_at BIGINT,
    outcome TEXT COLLATE "C" NOT NULL
);
-- The last telling of each thing, by SHA-256 of what it is: of a certificate, its fingerprint.
CREATE TABLE told (
    watched BYTEA PRIMARY KEY CHECK (length(watched) = 32),
    times BIGINT NOT NULL,
    stage TEXT COLLATE "C" NOT NULL,
    told_at BIGINT NOT NULL,
    acknowledged TEXT COLLATE "C",
    snoozed_until BIGINT
);
CREATE TABLE alarms (
    id TEXT COLLATE "C" PRIMARY KEY,
    watched BYTEA NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    stage TEXT COLLATE "C" NOT NULL,
    severity TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    raised_at BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'acknowledged', 'resolved')),
    snoozed_until BIGINT,
    answered_at BIGINT,
    answered_by TEXT COLLATE "C" NOT NULL
);
CREATE INDEX alarms_newest ON alarms (raised_at, id);
CREATE INDEX alarms_watched ON alarms (watched);
CREATE TABLE deliveries (
    alarm TEXT COLLATE "C" NOT NULL REFERENCES alarms (id),
    channel TEXT COLLATE "C" NOT NULL,
    queued_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    delivered_at BIGINT,
    last_error TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (alarm, channel)
);
CREATE INDEX deliveries_waiting ON deliveries (channel, next_at) WHERE delivered_at IS NULL;
