//! Signature algorithms and their AlgorithmIdentifier (RFC 3279, 4055, 5758, 8410, 9881).

use crate::der;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Sha1, "sha1", "1.3.14.3.2.26"),
        (Self::Sha224, "sha224", "2.16.840.1.101.3.4.2.4"),
        (Self::Sha256, "sha256", "2.16.840.1.101.3.4.2.1"),
        (Self::Sha384, "sha384", "2.16.840.1.101.3.4.2.2"),
        (Self::Sha512, "sha512", "2.16.840.1.101.3.4.2.3"),
    ];

    fn row(self) -> (Self, &'static str, &'static str) {
        Self::ALL.into_iter().find(|row| row.0 == self).expect("every hash has a row")
    }

    /// Its object identifier.
    #[must_use]
    pub fn oid(self) -> &'static str {
        self.row().2
    }

    /// Its name, such as `sha256`.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.row().1
    }
}

/// A signature algorithm with its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(Hash),
    /// RSASSA-PSS with MGF1 of the same hash and a salt as long as the hash.
    RsaPss(Hash),
    /// ECDSA.
    Ecdsa(Hash),
    /// Ed25519.
    Ed25519,
    /// ML-DSA-44.
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
    /// DSA.
    Dsa(Hash),
}

impl Algorithm {
    /// Reads `rsa-pkcs1-sha256`, `rsa-pss-sha384`, `ecdsa-sha256`, `dsa-sha256`, `ed25519`, `ml-dsa-65` …
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "ed25519" => return Self::Ed25519,
            "ml-dsa-44" => return Self::MlDsa44,
            "ml-dsa-65" => return Self::MlDsa65,
            "ml-dsa-87" => return Self::MlDsa87,
            _ => {}
        }
        let (family, name) = word.rsplit_once('-').unwrap_or_else(|| panic!("no algorithm {word}"));
        let hash =
            Hash::ALL.into_iter().find(|row| row.1 == name).unwrap_or_else(|| panic!("no hash {name}")).0;
        match family {
            "rsa-pkcs1" => Self::RsaPkcs1(hash),
            "rsa-pss" => Self::RsaPss(hash),
            "ecdsa" => Self::Ecdsa(hash),
            "dsa" => Self::Dsa(hash),
            _ => panic!("no algorithm is called {word}"),
        }
    }

    /// Its name, as [`Self::from_word`] reads it.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::RsaPkcs1(hash) => format!("rsa-pkcs1-{}", hash.word()),
            Self::RsaPss(hash) => format!("rsa-pss-{}", hash.word()),
            Self::Ecdsa(hash) => format!("ecdsa-{}", hash.word()),
            Self::Dsa(hash) => format!("dsa-{}", hash.word()),
            Self::Ed25519 => "ed25519".to_owned(),
            Self::MlDsa44 => "ml-dsa-44".to_owned(),
            Self::MlDsa65 => "ml-dsa-65".to_owned(),
            Self::MlDsa87 => "ml-dsa-87".to_owned(),
        }
    }

    /// The whole AlgorithmIdentifier.
    #[must_use]
    pub fn identifier(self) -> Vec<u8> {
        let bare = |algorithm: &str| der::sequence(&[der::oid(algorithm)]);
        match self {
            Self::RsaPkcs1(hash) => {
                let arc = [5, 14, 11, 12, 13][Hash::ALL.iter().position(|row| row.0 == hash).expect("a row")];
                der::sequence(&[der::oid(&format!("1.2.840.113549.1.1.{arc}")), der::null()])
            }
            Self::RsaPss(hash) => pss_identifier(hash),
            Self::Ecdsa(Hash::Sha1) => bare("1.2.840.10045.4.1"),
            Self::Ecdsa(Hash::Sha224) => bare("1.2.840.10045.4.3.1"),
            Self::Ecdsa(Hash::Sha256) => bare("1.2.840.10045.4.3.2"),
            Self::Ecdsa(Hash::Sha384) => bare("1.2.840.10045.4.3.3"),
            Self::Ecdsa(Hash::Sha512) => bare("1.2.840.10045.4.3.4"),
            Self::Ed25519 => bare("1.3.101.112"),
            Self::MlDsa44 => bare("2.16.840.1.101.3.4.3.17"),
            Self::MlDsa65 => bare("2.16.840.1.101.3.4.3.18"),
            Self::MlDsa87 => bare("2.16.840.1.101.3.4.3.19"),
            Self::Dsa(Hash::Sha1) => bare("1.2.840.10040.4.3"),
            Self::Dsa(Hash::Sha224) => bare("2.16.840.1.101.3.4.3.1"),
            Self::Dsa(Hash::Sha256) => bare("2.16.840.1.101.3.4.3.2"),
            Self::Dsa(Hash::Sha384) => bare("2.16.840.1.101.3.4.3.3"),
            Self::Dsa(Hash::Sha512) => bare("2.16.840.1.101.3.4.3.4"),
        }
    }
}

/// RSASSA-PSS-params (RFC 4055 3.1): hash, MGF1 with it, salt as long as its output, default trailer.
fn pss_identifier(hash: Hash) -> Vec<u8> {
    let hash_identifier = der::sequence(&[der::oid(hash.oid()), der::null()]);
    let mask = der::sequence(&[der::oid("1.2.840.113549.1.1.8"), hash_identifier.clone()]);
    let salt = match hash {
        Hash::Sha1 => 20,
        Hash::Sha224 => 28,
        Hash::Sha256 => 32,
        Hash::Sha384 => 48,
        Hash::Sha512 => 64,
    };
    let parameters = der::sequence(&[
        der::explicit(0, &hash_identifier),
        der::explicit(1, &mask),
        der::explicit(2, &der::number(salt)),
    ]);
    der::sequence(&[der::oid("1.2.840.113549.1.1.10"), parameters])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for word in ["rsa-pkcs1-sha1", "rsa-pss-sha512", "ecdsa-sha384", "dsa-sha256", "ed25519", "ml-dsa-87"]
        {
            assert_eq!(Algorithm::from_word(word).word(), word);
        }
    }
}
