//! What the administrator chose about revocation: plain data with defaults, and the source of each number.

/// How OCSP is asked and how far its answers are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OcspSettings {
    /// The hash of the CertID in requests. Responses are matched under whichever hash they use.
    pub request_hash: RequestHash,
    /// What is asked of a nonce.
    pub nonce: NoncePolicy,
    /// How old an answer may be.
    pub freshness: FreshnessSettings,
    /// What is asked of producedAt besides not lying in the future.
    pub produced_at: ProducedAtRule,
    /// What is asked of the extKeyUsage of a designated responder.
    pub designated_usage: DesignatedUsage,
}

/// The hash of the CertID in requests (RFC 6960 4.1.1; RFC 5019 2.1.1 asks for SHA-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestHash {
    /// What every responder understands. It names a certificate and protects nothing.
    Sha1,
    /// For responders known to understand it.
    Sha256,
}

/// What is asked of a nonce in a response (RFC 9654 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoncePolicy {
    /// A nonce that is there must be the one that was sent; one that is missing is let pass, as responders
    /// that sign in advance send none (RFC 5019).
    MatchIfPresent,
    /// Nonces are neither sent nor looked at.
    Off,
    /// The response carries the nonce that was sent.
    Required,
}

/// How old an answer may be, for OCSP and for CRLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreshnessSettings {
    /// Seconds after thisUpdate at which an answer is stale, whatever nextUpdate says.
    pub maximum_age_seconds: u32,
    /// Seconds by which the clocks of both sides may differ.
    pub clock_skew_seconds: u32,
}

/// What is asked of producedAt besides not lying in the future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProducedAtRule {
    /// Nothing: a good status says nothing about the validity interval (RFC 6960 2.2).
    NotInFuture,
    /// It lies in the validity interval of the certificate asked about.
    WithinCertificateValidity,
}

/// What is asked of the extKeyUsage of a designated responder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DesignatedUsage {
    /// Nothing, as RFC 6960 4.2.2.2 leaves locally configured responders to local policy.
    Any,
    /// Where it is present it holds id-kp-OCSPSigning: Common Criteria (NDcPP 3.0e, FIA_X509_EXT.1 test 4a).
    OcspSigningWherePresent,
}

impl OcspSettings {
    /// The shipped settings.
    pub const DEFAULT: Self = Self {
        request_hash: RequestHash::Sha1,
        nonce: NoncePolicy::MatchIfPresent,
        freshness: FreshnessSettings::DEFAULT,
        produced_at: ProducedAtRule::NotInFuture,
        designated_usage: DesignatedUsage::Any,
    };
}

impl FreshnessSettings {
    /// Ten days, the longest that CA/Browser Forum BR 4.9.10 lets an answer about a subscriber stand. Five minutes
    /// of skew are ours: hosts keep their clocks by NTP.
    pub const DEFAULT: Self = Self { maximum_age_seconds: 864_000, clock_skew_seconds: 300 };
}

impl Default for OcspSettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Default for FreshnessSettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}
