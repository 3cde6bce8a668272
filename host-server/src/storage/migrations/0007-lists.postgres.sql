-- Lists of what authorities revoked, as they were downloaded: which are watched and when each is due, and the last one
-- that was taken, by the public key of its issuer.
CREATE TABLE list_sources (
    uri TEXT COLLATE "C" PRIMARY KEY,
    most_octets BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    owned_until BIGINT NOT NULL,
    claims BIGINT NOT NULL,
    tried_at BIGINT,
    trouble TEXT COLLATE "C" NOT NULL,
    trouble_since BIGINT
);
CREATE INDEX list_sources_due ON list_sources (due_at);
CREATE TABLE lists (
    uri TEXT COLLATE "C" NOT NULL REFERENCES list_sources (uri),
    issuer_public_key BYTEA NOT NULL CHECK (length(issuer_public_key) = 32),
    issuer TEXT COLLATE "C" NOT NULL,
    der BYTEA NOT NULL,
    sha256 BYTEA NOT NULL CHECK (length(sha256) = 32),
    number TEXT COLLATE "C" NOT NULL,
    this_update BIGINT NOT NULL,
    next_update BIGINT,
    downloaded_at BIGINT NOT NULL,
    PRIMARY KEY (uri, issuer_public_key)
);
-- How those that are asked for revocation status answer, by the hour; additive, so that every node adds its own.
CREATE TABLE weather (
    hour BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    authority TEXT COLLATE "C" NOT NULL,
    requests BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    cached BIGINT NOT NULL,
    milliseconds BIGINT NOT NULL,
    slowest BIGINT NOT NULL,
    this_update BIGINT,
    fresh_until BIGINT,
    PRIMARY KEY (hour, kind, authority)
);
-- Of these requests, those that failed for one reason (`failed timeout`) or took at most so long (`within 100`).
CREATE TABLE weather_counts (
    hour BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    authority TEXT COLLATE "C" NOT NULL,
    counted TEXT COLLATE "C" NOT NULL,
    requests BIGINT NOT NULL,
    PRIMARY KEY (hour, kind, authority, counted)
);
-- What expires and is not kept as a certificate in a place: certificates of OCSP responders that were seen, by SHA-256.
CREATE TABLE observed (
    watched BYTEA PRIMARY KEY CHECK (length(watched) = 32),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('responder', 'revocation-list')),
    subject TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    begins BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX observed_expires ON observed (expires, watched);
