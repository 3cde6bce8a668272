//! The signature algorithms and curves that settings may name. Names only; verification is `signature`'s.

macro_rules! named {
    ($(#[doc = $type_doc:literal])+ $type:ident { $($(#[doc = $doc:literal])+ $name:ident = $word:literal;)* }) => {
        $(#[doc = $type_doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $type { $($(#[doc = $doc])+ $name,)* }

        impl $type {
            /// Every value, in the order of this file.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word used in a policy document.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// Reads the word used in a policy document.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }
    };
}

named! {
    /// A signature algorithm with its hash.
    SignatureAlgorithm {
        /// RSASSA-PKCS1-v1_5 with SHA-1; only for old PKIs.
        RsaPkcs1Sha1 = "rsa-pkcs1-sha1";
        /// RSASSA-PKCS1-v1_5 with SHA-224.
        RsaPkcs1Sha224 = "rsa-pkcs1-sha224";
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        RsaPkcs1Sha256 = "rsa-pkcs1-sha256";
        /// RSASSA-PKCS1-v1_5 with SHA-384.
        RsaPkcs1Sha384 = "rsa-pkcs1-sha384";
        /// RSASSA-PKCS1-v1_5 with SHA-512.
        RsaPkcs1Sha512 = "rsa-pkcs1-sha512";
        /// RSASSA-PSS with SHA-256, MGF1 with SHA-256.
        RsaPssSha256 = "rsa-pss-sha256";
        /// RSASSA-PSS with SHA-384, MGF1 with SHA-384.
        RsaPssSha384 = "rsa-pss-sha384";
        /// RSASSA-PSS with SHA-512, MGF1 with SHA-512.
        RsaPssSha512 = "rsa-pss-sha512";
        /// ECDSA with SHA-1; only for old PKIs.
        EcdsaSha1 = "ecdsa-sha1";
        /// ECDSA with SHA-224.
        EcdsaSha224 = "ecdsa-sha224";
        /// ECDSA with SHA-256.
        EcdsaSha256 = "ecdsa-sha256";
        /// ECDSA with SHA-384.
        EcdsaSha384 = "ecdsa-sha384";
        /// ECDSA with SHA-512.
        EcdsaSha512 = "ecdsa-sha512";
        /// Ed25519 (RFC 8410).
        Ed25519 = "ed25519";
        /// Ed448 (RFC 8410).
        Ed448 = "ed448";
        /// ML-DSA-44 (RFC 9881).
        MlDsa44 = "ml-dsa-44";
        /// ML-DSA-65 (RFC 9881).
        MlDsa65 = "ml-dsa-65";
        /// ML-DSA-87 (RFC 9881).
        MlDsa87 = "ml-dsa-87";
        /// DSA with SHA-1; only for old PKIs.
        DsaSha1 = "dsa-sha1";
        /// DSA with SHA-224; only for old PKIs.
        DsaSha224 = "dsa-sha224";
        /// DSA with SHA-256; only for old PKIs.
        DsaSha256 = "dsa-sha256";
    }
}

named! {
    /// A kind of subject public key.
    KeyKind {
        /// RSA (rsaEncryption or id-RSASSA-PSS).
        Rsa = "rsa";
        /// Elliptic curve P-256 (secp256r1).
        P256 = "p-256";
        /// Elliptic curve P-384 (secp384r1).
        P384 = "p-384";
        /// Elliptic curve P-521 (secp521r1).
        P521 = "p-521";
        /// Ed25519.
        Ed25519 = "ed25519";
        /// Ed448.
        Ed448 = "ed448";
        /// ML-DSA-44.
        MlDsa44 = "ml-dsa-44";
        /// ML-DSA-65.
        MlDsa65 = "ml-dsa-65";
        /// ML-DSA-87.
        MlDsa87 = "ml-dsa-87";
        /// DSA; only for old PKIs.
        Dsa = "dsa";
    }
}

impl SignatureAlgorithm {
    /// The kinds of key that make signatures of this algorithm.
    #[must_use]
    pub fn key_kinds(self) -> &'static [KeyKind] {
        match self {
            Self::RsaPkcs1Sha1
            | Self::RsaPkcs1Sha224
            | Self::RsaPkcs1Sha256
            | Self::RsaPkcs1Sha384
            | Self::RsaPkcs1Sha512
            | Self::RsaPssSha256
            | Self::RsaPssSha384
            | Self::RsaPssSha512 => &[KeyKind::Rsa],
            // RFC 5480: any curve goes with any hash.
            Self::EcdsaSha1
            | Self::EcdsaSha224
            | Self::EcdsaSha256
            | Self::EcdsaSha384
            | Self::EcdsaSha512 => &[KeyKind::P256, KeyKind::P384, KeyKind::P521],
            Self::Ed25519 => &[KeyKind::Ed25519],
            Self::Ed448 => &[KeyKind::Ed448],
            Self::MlDsa44 => &[KeyKind::MlDsa44],
            Self::MlDsa65 => &[KeyKind::MlDsa65],
            Self::MlDsa87 => &[KeyKind::MlDsa87],
            Self::DsaSha1 | Self::DsaSha224 | Self::DsaSha256 => &[KeyKind::Dsa],
        }
    }
}
