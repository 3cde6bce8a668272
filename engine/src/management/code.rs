//! Stable machine codes of management, one line each, never renamed: dotted by subject, with the clause or decision
//! each rests on, the rules of the catalogue it implements, and its severity. Wording lives in `engine-wording`.

use crate::finding::Severity;
use crate::finding::codes::codes;

macro_rules! severities {
    ($($name:ident $severity:ident;)*) => {
        impl ManagementCode {
            /// How much it weighs.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),* }
            }
        }
    };
}

codes! {
    /// Which rule of management a finding is about.
    ManagementCode weighs severities;

    // Any operation
    /// No purpose or trust store of this name is in the catalogue.
    PurposeUnknown = "management.purpose-unknown", "RFC 5280 4.2.1.12", ["R-TS-25", "R-TS-26"], Deny;
    /// No node of this name is in the cluster.
    NodeUnknown = "management.node-unknown", "RFC 5280 4.2.1.6", ["R-CSR-9"], Deny;
    /// This is done on the publisher only.
    PublisherOnly = "management.publisher-only", "RFC 5280 4.2.1.6", ["R-REP-4", "R-REP-8", "R-KUX-2", "R-SIMP-3", "R-DEL-8"], Deny;

    // Uploads, replacement, deletion, replication
    /// There is no certificate to upload.
    UploadEmpty = "upload.empty", "RFC 5280 4.1", ["R-UP-15"], Deny;
    /// More certificates or signatures than one upload may take.
    UploadTooMuch = "upload.too-much", "RFC 5280 6.1.3 (a)(1)", ["R-UP-3"], Deny;
    /// The RSA modulus is too long.
    UploadKeyTooLarge = "upload.key-too-large", "D-10", ["R-TS-7"], Deny;
    /// A root of phones' manufacturer where phones' own certificates would be believed by it.
    ManufacturerRoot = "upload.manufacturer-root", "RFC 5280 6.1.1 (d)", ["R-PHONE-12", "R-PHONE-14", "R-PHONE-16", "R-PHONE-17"], Warn;
    /// A name is a wildcard.
    UploadWildcard = "upload.wildcard", "RFC 9525 6.3", ["R-TS-8"], Deny;
    /// The certificate has expired, or is never valid.
    UploadExpired = "upload.expired", "D-29", ["R-TS-11"], Deny;
    /// The certificate is not valid yet, and may not wait for that.
    UploadNotYetValid = "upload.not-yet-valid", "D-29", ["R-TS-11"], Deny;
    /// The certificate is not valid yet and waits for that.
    UploadInactive = "upload.inactive", "D-29", ["R-TS-11"], Warn;
    /// The certificate stands in the upload twice.
    UploadDuplicate = "upload.duplicate", "D-8", ["R-TS-19"], Inform;
    /// The upload holds two certificates of one entity.
    UploadEntityTwice = "upload.entity-twice", "D-8", ["R-TS-17", "R-TS-18", "R-TS-21"], Deny;
    /// The certificate is there already.
    UploadUnchanged = "upload.unchanged", "D-8", ["R-TS-13", "R-UP-25"], Inform;
    /// The issuer of an authority is neither in the store nor in the upload.
    UploadIssuerMissing = "upload.issuer-missing", "RFC 5280 6.1", ["R-UP-2", "R-UP-13", "R-TS-2"], Deny;
    /// No issuer of that name signed the certificate in a way that counts.
    UploadSignature = "upload.signature", "RFC 5280 6.1.3 (a)(1)", ["R-UP-13", "R-TS-2"], Deny;
    /// The self-issued certificate is not signed by its own key.
    UploadSelfSignature = "upload.self-signature", "RFC 5280 3.2", ["R-UP-13", "R-TS-2"], Deny;
    /// A trust store is given a certificate that is no authority's.
    UploadEndEntity = "upload.end-entity", "RFC 5280 4.2.1.9", ["R-UP-5"], Inform;
    /// In mixed mode some phones do not accept a key that long.
    UploadMixedModeKey = "upload.mixed-mode-key", "D-10", ["R-TS-34", "R-TS-35"], Warn;
    /// The certificate was deleted or replaced here before.
    UploadDeletedBefore = "upload.deleted-before", "D-21", ["R-DEL-6"], Deny;
    /// The certificate was deleted or replaced here before and is brought back.
    UploadRevived = "upload.revived", "D-21", ["R-DEL-6"], Inform;
    /// The certificate is copied to another store as well.
    UploadCopied = "upload.copied", "D-26", ["R-REP-3", "R-REP-9", "R-UP-25"], Inform;
    /// A root for CAPF is put on a node where CAPF has no use for it.
    UploadRootOnSubscriber = "upload.root-on-subscriber", "D-26", ["R-REP-2", "R-REP-8"], Warn;
    /// An upload for an identity holds authorities only.
    IdentityAuthoritiesOnly = "identity.authorities-only", "RFC 5280 4.2.1.9", ["R-UP-4", "R-UP-6"], Deny;
    /// An upload for an identity holds several certificates that could be it.
    IdentitySeveral = "identity.several", "RFC 5280 4.2.1.9", ["R-UP-5"], Deny;
    /// The key is not of the purpose's family.
    IdentityKeyType = "identity.key-type", "D-12", ["R-UP-7", "R-UP-11"], Deny;
    /// Nobody asked for a certificate with this key.
    IdentityNotRequested = "identity.not-requested", "RFC 2986 4.1", ["R-UP-8", "R-UP-23"], Deny;
    /// The purpose has no certificates for many servers.
    IdentityMultiServer = "identity.multi-server", "D-16", ["R-KUX-9"], Deny;
    /// A certificate for many servers is uploaded on the publisher.
    IdentityMultiServerPublisher = "identity.multi-server-publisher", "RFC 5280 4.2.1.6", ["R-REP-5"], Deny;
    /// The authority that issued the certificate is not trusted for the purpose.
    IdentityIssuerMissing = "identity.issuer-missing", "RFC 5280 6.1", ["R-UP-1", "R-UP-10", "R-TS-1"], Deny;
    /// An authority further up is not trusted for the purpose.
    IdentityChainIncomplete = "identity.chain-incomplete", "RFC 5280 6.1", ["R-UP-2", "R-TS-2"], Deny;
    /// An older certificate of the entity is replaced.
    ReplacementReplaces = "replacement.replaces", "D-8", ["R-TS-12", "R-TS-14", "R-UP-9"], Inform;
    /// A certificate of the entity with the same serial number is there.
    ReplacementSerialCollision = "replacement.serial-collision", "D-8", ["R-TS-13"], Deny;
    /// The certificate of the entity that is there is not older.
    ReplacementNotNewer = "replacement.not-newer", "D-8", ["R-TS-10", "R-TS-15", "R-TS-21"], Deny;
    /// How to tell a new certificate from the one that is there.
    ReplacementNaming = "replacement.naming", "RFC 5280 4.1.2.6", ["R-TS-22"], Inform;
    /// Another entity has the same common name.
    ReplacementCommonName = "replacement.common-name", "D-8", ["R-TS-17"], Warn;
    /// What is in use is replaced by what is not valid yet.
    ReplacementGap = "replacement.gap", "D-29", ["R-TS-11", "R-TS-14"], Warn;
    /// A certificate was signed by the key that goes.
    ReplacementBreaksChain = "replacement.breaks-chain", "D-8", ["R-DEL-3"], Warn;
    /// An identity certificate cannot be deleted.
    DeletionIdentity = "deletion.identity", "D-28", ["R-DEL-1"], Deny;
    /// A self-signed certificate made here cannot be deleted.
    DeletionSelfSigned = "deletion.self-signed", "D-28", ["R-DEL-1", "R-DEL-2"], Deny;
    /// The certificate is not there.
    DeletionAbsent = "deletion.absent", "D-21", ["R-DEL-6", "R-DEL-7"], Inform;
    /// Nothing trusted vouches for a certificate any more.
    DeletionBreaksChain = "deletion.breaks-chain", "RFC 5280 6.1", ["R-DEL-3", "R-DEL-4"], Warn;
    /// The certificate is a copy of an identity certificate in use.
    DeletionIdentityCopy = "deletion.identity-copy", "D-28", ["R-DEL-2", "R-DEL-4", "R-TRB-8"], Warn;
    /// The certificate is trusted to sign OCSP responses.
    DeletionResponder = "deletion.responder", "RFC 6960 4.2.2.2", ["R-OCSP-17", "R-DEL-4"], Warn;
    /// A node held a certificate that was deleted.
    ReplicationDeleted = "replication.deleted", "D-21", ["R-DEL-6"], Inform;
    /// A node lacked a certificate of the cluster.
    ReplicationReceived = "replication.received", "D-21", ["R-REP-1"], Inform;
    /// A node held a certificate that the cluster does not have.
    ReplicationForeign = "replication.foreign", "D-21", ["R-REP-1"], Warn;
    /// A node has no identity certificate for a purpose.
    CompletenessIdentity = "completeness.identity", "RFC 5280 6.1", ["R-REP-7", "R-REP-8"], Warn;
    /// A node does not hold the authorities of its identity certificate.
    CompletenessIssuer = "completeness.issuer", "RFC 5280 6.1", ["R-REP-7", "R-UP-1", "R-UP-2"], Warn;
    /// A node does not hold the certificate that phones are vouched for with.
    CompletenessCopy = "completeness.copy", "D-26", ["R-REP-9", "R-REP-3"], Warn;
    /// A node's copy of another node's certificate is not that certificate.
    ExchangeDiffers = "exchange.differs", "RFC 5280 6.1", ["R-TRB-4"], Warn;
    /// A node has no copy of another node's certificate.
    ExchangeAbsent = "exchange.absent", "RFC 5280 6.1", ["R-TRB-1", "R-TRB-8"], Warn;
    /// The publisher cannot leave.
    LeavingPublisher = "leaving.publisher", "RFC 5280 4.2.1.6", ["R-REP-8"], Deny;
    /// A certificate that lies on a leaving node alone goes with it.
    LeavingCertificate = "leaving.certificate", "D-21", ["R-REP-7"], Inform;
    /// Nodes that stay go on believing a certificate of the one that leaves.
    LeavingCopy = "leaving.copy", "RFC 5280 6.1", ["R-TRB-8"], Warn;
    /// There is one publisher at any time, so another node is made it instead.
    RolePublisherNeeded = "role.publisher-needed", "RFC 5280 4.2.1.6", ["R-REP-8"], Deny;
    /// The node has this role already.
    RoleUnchanged = "role.unchanged", "RFC 5280 4.2.1.6", ["R-REP-8"], Inform;
    /// A certificate that only a publisher has a use for lies on the old one.
    RoleLeftBehind = "role.left-behind", "RFC 5280 4.2.1.6", ["R-REP-2", "R-REP-4", "R-REP-8"], Warn;
    /// The release has no reuse of certificates.
    ReuseRelease = "reuse.release", "D-19", ["R-REUSE-7", "R-SIMP-7", "R-SIMP-8"], Deny;
    /// One purpose cannot take the certificate of the other.
    ReusePair = "reuse.pair", "D-12", ["R-REUSE-3", "R-REUSE-4", "R-REUSE-5"], Deny;
    /// There is no certificate to reuse.
    ReuseAbsent = "reuse.absent", "RFC 5280 4.2.1.6", ["R-REUSE-1"], Deny;
    /// The certificate to reuse is not for many servers.
    ReuseNotMultiServer = "reuse.not-multi-server", "RFC 5280 4.2.1.6", ["R-REUSE-2"], Deny;
    /// The certificate to reuse does not name a node.
    ReuseNodeNotNamed = "reuse.node-not-named", "RFC 5280 4.2.1.6", ["R-REUSE-2"], Warn;
    /// The certificate to reuse is outside its validity.
    ReuseValidity = "reuse.validity", "RFC 5280 4.1.2.5", ["R-REUSE-1"], Deny;
    /// The authority of the certificate to reuse is not trusted for the other purpose.
    ReuseIssuerMissing = "reuse.issuer-missing", "RFC 5280 6.1", ["R-REUSE-6", "R-UP-1"], Warn;
    /// An expired certificate is left behind by an upgrade.
    UpgradeExpired = "upgrade.expired", "RFC 5280 4.1.2.5", ["R-TS-9"], Warn;

    // Requests, self-signed certificates, regeneration
    /// No request is made for this purpose; its certificate is always self-signed.
    RequestNotOffered = "issuance.request-not-offered", "RFC 2986 3", ["R-CSR-7", "R-CSR-8"], Deny;
    /// One certificate for many servers is not offered for this purpose in this release.
    MultiServerNotOffered = "issuance.multi-server-not-offered", "RFC 5280 4.2.1.6", ["R-KUX-9", "R-SIMP-4"], Deny;
    /// A field that must be given is not.
    FieldMissing = "issuance.field-missing", "RFC 5280 4.1.2.6", ["R-CSR-3"], Deny;
    /// A field holds what its syntax does not allow.
    FieldInvalid = "issuance.field-invalid", "RFC 5280 appendix A.1", ["R-CSR-3", "R-CSR-14"], Deny;
    /// A field is longer than its upper bound.
    FieldTooLong = "issuance.field-too-long", "RFC 5280 appendix A.1", ["R-CSR-3"], Deny;
    /// A name to be protected is no host name.
    HostNameInvalid = "issuance.host-name-invalid", "RFC 5280 4.2.1.6", ["R-CSR-17", "R-CSR-18", "R-SS-7"], Deny;
    /// A name is a wildcard.
    WildcardRequested = "issuance.wildcard-requested", "RFC 9525 7.1", ["R-TS-8"], Deny;
    /// Names to be protected are given for a purpose whose form has no field for them.
    DomainsNotOffered = "issuance.domains-not-offered", "RFC 5280 4.2.1.6", ["R-SS-6"], Deny;
    /// The common name is, or is not, the host's although it must not, or must, be.
    CommonNameNotOfHost = "issuance.common-name-not-of-host", "RFC 5280 4.1.2.6", ["R-SS-8", "R-SS-9"], Deny;
    /// The key is of another type than the purpose's.
    KeyTypeNotOfPurpose = "issuance.key-type-not-of-purpose", "RFC 5280 4.1.2.7", ["R-CSR-19", "R-SS-1", "R-SS-2"], Deny;
    /// No key of this type and length is offered.
    KeyLengthNotOffered = "issuance.key-length-not-offered", "NIST SP 800-57 part 1 5.6.1", ["R-CSR-23", "R-SS-11", "R-SS-14"], Deny;
    /// The key is shorter than FIPS and Common Criteria mode allow for new keys.
    KeyTooShortForFips = "issuance.key-too-short-for-fips", "FIPS 186-5 5.1", ["R-CC-15", "R-CC-16"], Deny;
    /// The key is of a length that is kept for old peers only.
    KeyLengthLegacy = "issuance.key-length-legacy", "NIST SP 800-131A 3", ["R-SS-11"], Warn;
    /// Some phones do not register with a key of this length.
    KeyLengthPhones = "issuance.key-length-phones", "RFC 5280 4.1.2.7", ["R-CSR-24", "R-CSR-25", "R-SS-15"], Warn;
    /// The hash function is weaker than the key.
    HashTooWeak = "issuance.hash-too-weak", "NIST SP 800-57 part 1 5.6.2", ["R-CSR-20", "R-CSR-21", "R-CSR-22", "R-CSR-26", "R-CSR-27", "R-SS-12", "R-SS-13", "R-SS-16"], Deny;
    /// SHA-1 is never used for a new signature.
    HashBroken = "issuance.hash-broken", "RFC 6194 3", ["R-CC-15", "R-CC-16", "R-CSR-28", "R-SS-17"], Deny;
    /// The validity period is none of those offered.
    ValidityNotOffered = "issuance.validity-not-offered", "RFC 5280 4.1.2.5", ["R-SS-18"], Deny;
    /// The tables ask for a usage that must not be in a certificate with an elliptic-curve key.
    UsageNotForEllipticCurve = "issuance.usage-not-for-elliptic-curve", "RFC 8813 3", ["R-KU-2", "R-KU-6", "R-KUX-10"], Inform;
    /// A request that waits for its certificate is overwritten.
    RequestOverwritten = "issuance.request-overwritten", "RFC 2986 3", ["R-CSR-4"], Inform;
    /// The request that waits for this certificate cannot be read.
    RequestUnreadable = "returned.request-unreadable", "RFC 2986 4.2", ["R-CSR-1"], Deny;
    /// The certificate is for another key than the request.
    ReturnedKeyDiffers = "returned.key-differs", "RFC 2986 3", ["R-UP-8", "R-UP-10"], Deny;
    /// A name that was asked for is not in the certificate.
    ReturnedNameMissing = "returned.name-missing", "RFC 5280 4.2.1.6", ["R-CSR-17", "R-CSR-18"], Deny;
    /// The certificate has a name that was not asked for.
    ReturnedNameExtra = "returned.name-extra", "RFC 5280 4.2.1.6", ["R-CSR-17", "R-CSR-18"], Deny;
    /// The certificate has a name that was not asked for, and the settings let that pass.
    ReturnedNameAdded = "returned.name-added", "RFC 5280 4.2.1.6", ["R-CSR-17", "R-CSR-18"], Warn;
    /// The certificate's common name is not the one that was asked for.
    ReturnedCommonNameDiffers = "returned.common-name-differs", "RFC 5280 4.1.2.6", ["R-CSR-14"], Warn;
    /// The organisational unit that was asked for is not in the certificate.
    ReturnedUnitRemoved = "returned.unit-removed", "RFC 5280 4.1.2.6", ["R-UP-19"], Inform;
    /// A usage that the purpose requires is not in the certificate.
    ReturnedUsageMissing = "returned.usage-missing", "RFC 5280 4.2.1.3", ["R-UP-28", "R-KUX-11", "R-KUX-7", "R-KUX-8"], Deny;
    /// Data encipherment, which the purpose requires, is not in the certificate.
    DataEnciphermentRemoved = "returned.data-encipherment-removed", "RFC 5280 4.2.1.3", ["R-UP-27", "R-KUX-10"], Deny;
    /// A usage that was asked for but is not required is not in the certificate.
    ReturnedUsageDropped = "returned.usage-dropped", "RFC 5280 4.2.1.3", ["R-UP-28"], Warn;
    /// The certificate has a usage that must not be asked for.
    ReturnedUsageUnwanted = "returned.usage-unwanted", "RFC 5280 4.2.1.3", ["R-KUX-5", "R-KUX-7"], Warn;
    /// The certificate has a usage that the documents do not foresee for the purpose.
    ReturnedUsageUnforeseen = "returned.usage-unforeseen", "RFC 5280 4.2.1.12", ["R-CSRX-1", "R-CSRX-2", "R-CSRX-4", "R-CSRX-5", "R-CSRX-6", "R-KUX-4"], Warn;
    /// Only identity certificates are made anew.
    RegenerationOfTrust = "regeneration.of-trust", "RFC 5280 3.2", ["R-RGN-4"], Deny;
    /// The identity slot holds no certificate that could be made anew.
    RegenerationOfNothing = "regeneration.of-nothing", "RFC 5280 3.2", ["R-RGN-4"], Deny;
    /// The certificate's key is of a kind that is not made here, so its length cannot be kept.
    RegenerationKeyUnknown = "regeneration.key-unknown", "RFC 5280 4.1.2.7", ["R-RGN-6", "R-SS-22"], Deny;
    /// A certificate by an authority is overwritten with a self-signed one.
    RegenerationOverwritesIssued = "regeneration.overwrites-issued", "RFC 5280 3.2", ["R-RGN-5"], Warn;
    /// The order asked for would leave phones unable to verify what they download, and is changed.
    RegenerationReordered = "regeneration.reordered", "RFC 5280 3.2", ["R-RGN-18", "R-RGN-19", "R-RGN-20"], Warn;
}
