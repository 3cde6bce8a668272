//! What the administrator chose about revocation: plain data with defaults, and the source of each number.

/// Which sources are asked, about which certificates, and how they go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationSettings {
    /// The sources that are asked, in this order; a source that is not listed is never asked (R-OCSP-10,
    /// R-CRL-12). What is supplied with a question is looked at in any case.
    pub sources: Vec<StatusSource>,
    /// When asking ends.
    pub ask: Ask,
    /// About which certificates of a path (D-7).
    pub depth: Depth,
    /// After how many seconds it is worth asking again where no status could be had.
    pub retry_seconds: u32,
}

/// A kind of source of revocation status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusSource {
    /// OCSP, RFC 6960.
    Ocsp,
    /// CRLs, RFC 5280 5 and 6.3.
    Crl,
}

/// When asking ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Every source is asked, whatever the first one says.
    EverySource,
    /// The next source is asked where those before know no status (D-4).
    UntilKnown,
}

/// About which certificates of a path revocation is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Every certificate but the trust anchor.
    All,
    /// The target alone.
    Leaf,
}

/// Where the URI of a source comes from (R-OCSP-11 to R-OCSP-14, R-CRL-13, D-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UriChoice {
    /// From the certificate alone.
    Certificate,
    /// From the certificate or, where it has none, from the settings.
    CertificateElseConfigured,
    /// From the settings alone.
    Configured,
}

/// How OCSP requests travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OcspMethod {
    /// With GET where the address stays below 255 octets, so that caches on the way can answer (RFC 5019 5).
    Get,
    /// With POST, which every responder understands.
    Post,
}

/// Whether the status of a delegated responder's own certificate is asked for where it does not carry
/// id-pkix-ocsp-nocheck (RFC 6960 4.2.2.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponderCheck {
    /// It is not asked for. What is supplied with a question is looked at in any case.
    Off,
    /// It must be known to be good.
    Required,
    /// It is asked for where the certificate names a source; the level of an undetermined status says what
    /// follows when none answers.
    WhereNamed,
}

/// How OCSP is asked and how far its answers are believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspSettings {
    /// Where the responder's URI comes from.
    pub uri: UriChoice,
    /// The configured responders, in the order they are asked.
    pub configured: Vec<String>,
    /// How requests travel.
    pub method: OcspMethod,
    /// Whether the status of delegated responders is asked for.
    pub responder_check: ResponderCheck,
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
    /// Whether an answer of a designated responder settles a status by itself.
    pub designated_alone: DesignatedAlone,
}

/// Whether an answer that is accepted by the Trusted Responder Model settles a status by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DesignatedAlone {
    /// It does.
    Accept,
    /// Good must come from another source too: a responder of one's own is not the only source (NDcPP 4.0 B.4.1).
    Refuse,
}

/// Where CRLs come from and how far they are believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlSettings {
    /// Where the URI comes from.
    pub uri: UriChoice,
    /// The configured distribution points.
    pub configured: Vec<String>,
    /// How old a CRL may be.
    pub freshness: FreshnessSettings,
    /// nextUpdate is missing, which RFC 5280 5.1.2.5 forbids; the maximum age holds then.
    pub missing_next_update: MissingField,
    /// cRLNumber is missing, which RFC 5280 5.2.3 forbids.
    pub missing_number: MissingField,
    /// authorityKeyIdentifier is missing, which RFC 5280 5.2.1 forbids.
    pub missing_authority_key_identifier: MissingField,
}

/// What follows when a CRL lacks what RFC 5280 asks its issuer to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingField {
    /// The CRL is used all the same.
    Accept,
    /// The CRL is refused.
    Refuse,
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

impl RevocationSettings {
    /// The shipped settings, whatever a certificate is used for: the target alone, OCSP before CRLs (D-4, D-7), which so
    /// are a source for the certificates of phones too (R-CRL-4). Five minutes between attempts are ours.
    #[must_use]
    pub fn shipped() -> Self {
        Self {
            sources: vec![StatusSource::Ocsp, StatusSource::Crl],
            ask: Ask::UntilKnown,
            depth: Depth::Leaf,
            retry_seconds: 300,
        }
    }
}

impl OcspSettings {
    /// The shipped settings.
    pub const DEFAULT: Self = Self {
        uri: UriChoice::Certificate,
        configured: Vec::new(),
        method: OcspMethod::Post,
        responder_check: ResponderCheck::WhereNamed,
        designated_alone: DesignatedAlone::Accept,
        request_hash: RequestHash::Sha1,
        nonce: NoncePolicy::MatchIfPresent,
        freshness: FreshnessSettings::DEFAULT,
        produced_at: ProducedAtRule::NotInFuture,
        designated_usage: DesignatedUsage::Any,
    };
}

impl CrlSettings {
    /// The shipped settings. Authorities in use issue CRLs for intermediates for up to twelve months (CA/Browser Forum
    /// BR 4.9.7); twelve months bound their age. Number and key identifier are missing from too many.
    pub const DEFAULT: Self = Self {
        uri: UriChoice::Certificate,
        configured: Vec::new(),
        freshness: FreshnessSettings { maximum_age_seconds: 31_622_400, clock_skew_seconds: 300 },
        missing_next_update: MissingField::Refuse,
        missing_number: MissingField::Accept,
        missing_authority_key_identifier: MissingField::Accept,
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

impl Default for CrlSettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Default for FreshnessSettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}
