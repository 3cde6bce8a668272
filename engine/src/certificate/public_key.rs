//! The subject public key: family, strength, encoding (RFC 3279 2.3, RFC 5480, RFC 8410, RFC 9881). Nothing
//! is verified here, and no point is checked to be on its curve.

use super::AlgorithmIdentifier;
use crate::der::{self, Decoded, Element, Malformed, Problem, Reader};
use crate::oid::{self, Oid};
use crate::settings::algorithm::KeyKind;

/// A subject public key with its encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The whole SubjectPublicKeyInfo.
    pub der: Vec<u8>,
    /// The key's algorithm identifier.
    pub algorithm: AlgorithmIdentifier,
    /// The content of subjectPublicKey, without the unused-bits octet.
    pub octets: Vec<u8>,
    /// The key, as far as it is understood.
    pub material: KeyMaterial,
}

/// A public key as far as it is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMaterial {
    /// RSA: modulus and exponent, unsigned big-endian without leading zeros; both are not zero.
    Rsa {
        /// Modulus n.
        modulus: Vec<u8>,
        /// Public exponent e.
        exponent: Vec<u8>,
        /// The key is restricted to RSASSA-PSS (RFC 4055 1.2), with these parameters if any.
        pss: bool,
    },
    /// An elliptic curve key on a named curve that is accepted here; the point is SEC 1 encoded, in `octets`.
    Ec(KeyKind),
    /// Ed25519 or Ed448, of the right length.
    Edwards(KeyKind),
    /// ML-DSA, of the right length, without parameters.
    MlDsa(KeyKind),
    /// DSA: y and, unless inherited (RFC 3279 2.3.2), p, q and g; unsigned big-endian.
    Dsa {
        /// Public value y.
        y: Vec<u8>,
        /// Domain parameters; `None` when they are inherited from the issuer.
        parameters: Option<DsaParameters>,
    },
    /// Elliptic curve parameters written out: refused, never parsed (RFC 5480 2.1.1).
    EcExplicit,
    /// A named curve that is not supported here.
    EcUnsupported(Oid),
    /// An algorithm that is not supported here.
    Unsupported,
}

/// Domain parameters of DSA, unsigned big-endian without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DsaParameters {
    /// Prime modulus.
    pub p: Vec<u8>,
    /// Prime divisor.
    pub q: Vec<u8>,
    /// Generator.
    pub g: Vec<u8>,
}

impl PublicKey {
    /// The kind of key, for settings; `None` for one that is not supported.
    #[must_use]
    pub fn kind(&self) -> Option<KeyKind> {
        match &self.material {
            KeyMaterial::Rsa { .. } => Some(KeyKind::Rsa),
            KeyMaterial::Ec(kind) | KeyMaterial::Edwards(kind) | KeyMaterial::MlDsa(kind) => Some(*kind),
            KeyMaterial::Dsa { .. } => Some(KeyKind::Dsa),
            KeyMaterial::EcExplicit | KeyMaterial::EcUnsupported(_) | KeyMaterial::Unsupported => None,
        }
    }
}

const FIELD: &str = "subjectPublicKeyInfo";
const KEY_FIELD: &str = "subjectPublicKeyInfo.subjectPublicKey";
const PARAMETERS_FIELD: &str = "subjectPublicKeyInfo.algorithm.parameters";

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo (RFC 5280 4.1.2.7). An unknown algorithm is no error; a known one with a
    /// key that is not of its form is.
    pub(crate) fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let whole = reader.element(der::SEQUENCE, FIELD)?;
        let mut inner = Reader::inside(&whole);
        let algorithm = AlgorithmIdentifier::decode(&mut inner, "subjectPublicKeyInfo.algorithm")?;
        let bits = inner.element(der::BIT_STRING, KEY_FIELD)?;
        inner.finish(FIELD)?;
        let key = Key { whole, bits, algorithm: &algorithm };
        let octets = key.octets()?;
        let material = key.material()?;
        Ok(Self {
            der: whole.encoded.to_vec(),
            algorithm: algorithm.clone(),
            octets: octets.to_vec(),
            material,
        })
    }
}

/// The parts of a SubjectPublicKeyInfo while it is read.
struct Key<'a> {
    whole: Element<'a>,
    bits: Element<'a>,
    algorithm: &'a AlgorithmIdentifier,
}

impl<'a> Key<'a> {
    fn octets(&self) -> Decoded<&'a [u8]> {
        match self.bits.content {
            [0, octets @ ..] => Ok(octets),
            _ => Err(self.bits.malformed(KEY_FIELD, Problem::BitStringPadding)),
        }
    }

    /// Reads the key inside the BIT STRING, with offsets in the whole input.
    fn reader(&self) -> Decoded<Reader<'a>> {
        let content = self.octets()?;
        let element =
            Element { tag: der::BIT_STRING, content, encoded: self.bits.encoded, offset: self.bits.offset };
        Ok(Reader::inside(&element))
    }

    fn material(&self) -> Decoded<KeyMaterial> {
        let algorithm = &self.algorithm.algorithm;
        if *algorithm == oid::RSA_ENCRYPTION {
            self.null_parameters()?;
            self.rsa(Restriction::None)
        } else if *algorithm == oid::RSASSA_PSS {
            self.rsa(Restriction::Pss)
        } else if *algorithm == oid::EC_PUBLIC_KEY {
            self.elliptic_curve()
        } else if *algorithm == oid::DSA {
            self.dsa()
        } else if let Some((_, kind, length)) =
            FIXED_LENGTH.into_iter().find(|(known, ..)| known == algorithm)
        {
            self.fixed_length(kind, length)
        } else {
            Ok(KeyMaterial::Unsupported)
        }
    }

    fn parameters_malformed(&self, problem: Problem) -> Malformed {
        self.whole.malformed(PARAMETERS_FIELD, problem)
    }

    /// RFC 3279 2.3.1: the parameters of rsaEncryption are NULL.
    fn null_parameters(&self) -> Decoded<()> {
        match self.algorithm.parameters.as_deref() {
            Some([der::NULL, 0]) => Ok(()),
            None => Err(self.parameters_malformed(Problem::Incomplete)),
            Some(other) => {
                let problem = Problem::UnexpectedTag { expected: der::NULL, found: other.first().copied() };
                Err(self.parameters_malformed(problem))
            }
        }
    }

    /// `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }` (RFC 3279 2.3.1).
    fn rsa(&self, restriction: Restriction) -> Decoded<KeyMaterial> {
        let mut reader = self.reader()?;
        let mut inner = reader.nested(der::SEQUENCE, KEY_FIELD)?;
        let modulus = inner.positive_integer("subjectPublicKeyInfo.modulus")?.to_vec();
        let exponent = inner.positive_integer("subjectPublicKeyInfo.publicExponent")?.to_vec();
        inner.finish(KEY_FIELD)?;
        reader.finish(KEY_FIELD)?;
        Ok(KeyMaterial::Rsa { modulus, exponent, pss: restriction == Restriction::Pss })
    }

    /// RFC 5480 2.1.1: a named curve. Parameters written out are recognised by their tag and never parsed.
    fn elliptic_curve(&self) -> Decoded<KeyMaterial> {
        let Some(parameters) = self.algorithm.parameters.as_deref() else {
            return Err(self.parameters_malformed(Problem::Incomplete));
        };
        match parameters.first().copied() {
            Some(der::OBJECT_IDENTIFIER) => {
                let curve = Reader::new(parameters)
                    .oid(PARAMETERS_FIELD)
                    .map_err(|malformed| self.parameters_malformed(malformed.problem))?;
                self.named_curve(curve)
            }
            Some(der::SEQUENCE) => Ok(KeyMaterial::EcExplicit),
            // implicitCurve: the curve comes from elsewhere, so there is nothing to verify with.
            Some(der::NULL) => Ok(KeyMaterial::Unsupported),
            found => {
                let problem = Problem::UnexpectedTag { expected: der::OBJECT_IDENTIFIER, found };
                Err(self.parameters_malformed(problem))
            }
        }
    }

    /// A point is compressed or not, and of the curve's length (SEC 1 2.3.3); infinity is no key.
    fn named_curve(&self, curve: Oid) -> Decoded<KeyMaterial> {
        let Some((_, kind, length)) = CURVES.into_iter().find(|(known, ..)| *known == curve) else {
            return Ok(KeyMaterial::EcUnsupported(curve));
        };
        let uncompressed = length.saturating_mul(2);
        match self.octets()? {
            [0x04, coordinates @ ..] if coordinates.len() == uncompressed => Ok(KeyMaterial::Ec(kind)),
            [0x02 | 0x03, coordinate @ ..] if coordinate.len() == length => Ok(KeyMaterial::Ec(kind)),
            _ => Err(self.bits.malformed(KEY_FIELD, Problem::OutOfRange)),
        }
    }

    /// RFC 8410 3, RFC 9881 4: no parameters, and keys of one length.
    fn fixed_length(&self, kind: KeyKind, length: usize) -> Decoded<KeyMaterial> {
        if self.algorithm.parameters.is_some() {
            return Err(self.parameters_malformed(Problem::MustBeAbsent));
        }
        if self.octets()?.len() != length {
            return Err(self.bits.malformed(KEY_FIELD, Problem::OutOfRange));
        }
        match kind {
            KeyKind::Ed25519 | KeyKind::Ed448 => Ok(KeyMaterial::Edwards(kind)),
            _ => Ok(KeyMaterial::MlDsa(kind)),
        }
    }

    /// RFC 3279 2.3.2: y, and p, q, g unless they are inherited.
    fn dsa(&self) -> Decoded<KeyMaterial> {
        let mut reader = self.reader()?;
        let y = reader.positive_integer("subjectPublicKeyInfo.y")?.to_vec();
        reader.finish(KEY_FIELD)?;
        let parameters = match self.algorithm.parameters.as_deref() {
            None => None,
            Some(encoded) => {
                let parameters = DsaParameters::decode(encoded)
                    .map_err(|malformed| self.parameters_malformed(malformed.problem))?;
                Some(parameters)
            }
        };
        Ok(KeyMaterial::Dsa { y, parameters })
    }
}

/// Whether an RSA key may be used with any padding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Restriction {
    None,
    Pss,
}

/// Curves accepted here, and the length of a coordinate in octets.
const CURVES: [(Oid, KeyKind, usize); 3] = [
    (oid::SECP256R1, KeyKind::P256, 32),
    (oid::SECP384R1, KeyKind::P384, 48),
    (oid::SECP521R1, KeyKind::P521, 66),
];

/// Keys that are plain octets: RFC 8032 5.1.5 and 5.2.5, FIPS 204 table 2.
const FIXED_LENGTH: [(Oid, KeyKind, usize); 5] = [
    (oid::ED25519, KeyKind::Ed25519, 32),
    (oid::ED448, KeyKind::Ed448, 57),
    (oid::ML_DSA_44, KeyKind::MlDsa44, 1312),
    (oid::ML_DSA_65, KeyKind::MlDsa65, 1952),
    (oid::ML_DSA_87, KeyKind::MlDsa87, 2592),
];

impl DsaParameters {
    fn decode(encoded: &[u8]) -> Decoded<Self> {
        let mut outer = Reader::new(encoded);
        let mut inner = outer.nested(der::SEQUENCE, PARAMETERS_FIELD)?;
        let p = inner.positive_integer(PARAMETERS_FIELD)?.to_vec();
        let q = inner.positive_integer(PARAMETERS_FIELD)?.to_vec();
        let g = inner.positive_integer(PARAMETERS_FIELD)?.to_vec();
        inner.finish(PARAMETERS_FIELD)?;
        Ok(Self { p, q, g })
    }
}

impl PublicKey {
    /// Kind and size in words, such as `rsa 2048`, `p-256`, `explicit curve`; an unknown one dotted.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.material {
            KeyMaterial::Rsa { modulus, .. } => format!("rsa {}", bit_length(modulus)),
            KeyMaterial::Ec(kind) | KeyMaterial::Edwards(kind) | KeyMaterial::MlDsa(kind) => {
                kind.word().to_owned()
            }
            KeyMaterial::Dsa { parameters: Some(parameters), .. } => {
                format!("dsa {}", bit_length(&parameters.p))
            }
            KeyMaterial::Dsa { parameters: None, .. } => "dsa with inherited parameters".to_owned(),
            KeyMaterial::EcExplicit => "explicit curve".to_owned(),
            KeyMaterial::EcUnsupported(curve) => curve.to_string(),
            KeyMaterial::Unsupported => self.algorithm.algorithm.to_string(),
        }
    }
}

/// The length in bits of an unsigned big-endian number.
#[must_use]
pub fn bit_length(number: &[u8]) -> usize {
    let significant = number.iter().position(|octet| *octet != 0).and_then(|first| number.get(first..));
    significant.map_or(0, |octets| {
        let top =
            octets.first().map_or(0, |octet| usize::try_from(octet.leading_zeros()).unwrap_or_default());
        octets.len().saturating_mul(8).saturating_sub(top)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::Certificate;
    use crate::certificate::sample::{Sample, identifier, public_key, sequence, tlv};

    const NULL: [u8; 2] = [5, 0];

    fn decode(algorithm: &Oid, parameters: &[u8], key: &[u8]) -> Decoded<PublicKey> {
        let public_key = public_key(algorithm, parameters, key);
        Certificate::decode(&Sample { public_key, ..Sample::default() }.encode())
            .map(|certificate| certificate.public_key)
    }

    fn material(algorithm: &Oid, parameters: &[u8], key: &[u8]) -> KeyMaterial {
        decode(algorithm, parameters, key).unwrap().material
    }

    fn refused(algorithm: &Oid, parameters: &[u8], key: &[u8]) -> (&'static str, Problem) {
        let malformed = decode(algorithm, parameters, key).unwrap_err();
        (malformed.field, malformed.problem)
    }

    fn rsa(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
        sequence(&[tlv(2, modulus), tlv(2, exponent)])
    }

    #[test]
    fn rsa_keys() {
        let key = rsa(&[&[0, 0x80][..], &[0; 127]].concat(), &[1, 0, 1]);
        let decoded = decode(&oid::RSA_ENCRYPTION, &NULL, &key).unwrap();
        assert_eq!((decoded.describe().as_str(), decoded.kind()), ("rsa 1024", Some(KeyKind::Rsa)));
        assert_eq!(decoded.octets, key);
        assert!(matches!(decoded.material, KeyMaterial::Rsa { pss: false, .. }));
        for parameters in [&[][..], &[0x30, 0]] {
            assert!(matches!(
                material(&oid::RSASSA_PSS, parameters, &key),
                KeyMaterial::Rsa { pss: true, .. }
            ));
        }
    }

    #[test]
    fn rsa_keys_that_are_malformed() {
        let field = "subjectPublicKeyInfo.modulus";
        for modulus in [&[0][..], &[0x80], &[0xff, 0x01]] {
            assert_eq!(
                refused(&oid::RSA_ENCRYPTION, &NULL, &rsa(modulus, &[3])),
                (field, Problem::OutOfRange)
            );
        }
        let zero = refused(&oid::RSA_ENCRYPTION, &NULL, &rsa(&[3], &[0]));
        assert_eq!(zero, ("subjectPublicKeyInfo.publicExponent", Problem::OutOfRange));
        let padded = refused(&oid::RSA_ENCRYPTION, &NULL, &rsa(&[0, 3], &[3]));
        assert_eq!(padded, (field, Problem::IntegerNotMinimal));
        let trailing = [rsa(&[3], &[3]), vec![0]].concat();
        assert_eq!(refused(&oid::RSA_ENCRYPTION, &NULL, &trailing), (KEY_FIELD, Problem::TrailingData));
        let absent = refused(&oid::RSA_ENCRYPTION, &[], &rsa(&[3], &[3]));
        assert_eq!(absent, (PARAMETERS_FIELD, Problem::Incomplete));
        let other = refused(&oid::RSA_ENCRYPTION, &[0x30, 0], &rsa(&[3], &[3]));
        let problem = Problem::UnexpectedTag { expected: der::NULL, found: Some(0x30) };
        assert_eq!(other, (PARAMETERS_FIELD, problem));
    }

    #[test]
    fn offsets_inside_a_key_count_from_the_start_of_the_certificate() {
        let public_key = public_key(&oid::RSA_ENCRYPTION, &NULL, &rsa(&[0], &[3]));
        let der = Sample { public_key, ..Sample::default() }.encode();
        let at = der.windows(6).position(|window| window == [2, 1, 0, 2, 1, 3]).unwrap();
        assert_eq!(Certificate::decode(&der).unwrap_err().offset, at);
    }

    #[test]
    fn points_have_the_length_of_their_curve() {
        for (curve, word, length) in
            [(oid::SECP256R1, "p-256", 32), (oid::SECP384R1, "p-384", 48), (oid::SECP521R1, "p-521", 66)]
        {
            let parameters = identifier(&curve);
            let point = |first: u8, length: usize| [&[first][..], &vec![1; length]].concat();
            let decoded = decode(&oid::EC_PUBLIC_KEY, &parameters, &point(4, 2 * length)).unwrap();
            assert_eq!(decoded.describe(), word);
            for first in [2, 3] {
                assert!(decode(&oid::EC_PUBLIC_KEY, &parameters, &point(first, length)).is_ok());
            }
            for bad in [
                point(4, 2 * length - 1),
                point(4, 2 * length + 1),
                point(4, length),
                point(2, length - 1),
                point(3, 2 * length),
                point(6, 2 * length),
                point(0, 2 * length),
                vec![0],
                vec![],
            ] {
                assert_eq!(refused(&oid::EC_PUBLIC_KEY, &parameters, &bad), (KEY_FIELD, Problem::OutOfRange));
            }
        }
    }

    #[test]
    fn curves_that_are_not_supported_are_no_error() {
        let curve = identifier(&oid::SECP256K1);
        assert_eq!(material(&oid::EC_PUBLIC_KEY, &curve, &[1]), KeyMaterial::EcUnsupported(oid::SECP256K1));
        // Explicit parameters are never looked into, whatever they hold.
        let explicit = decode(&oid::EC_PUBLIC_KEY, &tlv(0x30, &[0xff; 9]), &[1]);
        assert_eq!(explicit.unwrap().describe(), "explicit curve");
        assert_eq!(material(&oid::EC_PUBLIC_KEY, &NULL, &[1]), KeyMaterial::Unsupported);
        assert_eq!(refused(&oid::EC_PUBLIC_KEY, &[], &[1]), (PARAMETERS_FIELD, Problem::Incomplete));
        let other = Problem::UnexpectedTag { expected: der::OBJECT_IDENTIFIER, found: Some(2) };
        assert_eq!(refused(&oid::EC_PUBLIC_KEY, &[2, 1, 0], &[1]), (PARAMETERS_FIELD, other));
    }

    #[test]
    fn keys_of_one_length() {
        for (algorithm, kind, length) in FIXED_LENGTH {
            let decoded = decode(&algorithm, &[], &vec![1; length]).unwrap();
            assert_eq!((decoded.kind(), decoded.describe().as_str()), (Some(kind), kind.word()));
            for wrong in [0, length - 1, length + 1] {
                assert_eq!(refused(&algorithm, &[], &vec![1; wrong]), (KEY_FIELD, Problem::OutOfRange));
            }
            let null = refused(&algorithm, &NULL, &vec![1; length]);
            assert_eq!(null, (PARAMETERS_FIELD, Problem::MustBeAbsent));
        }
    }

    #[test]
    fn dsa_keys_have_parameters_or_inherit_them() {
        let parameters = sequence(&[tlv(2, &[0, 0xff]), tlv(2, &[3]), tlv(2, &[5])]);
        let decoded = decode(&oid::DSA, &parameters, &[2, 1, 9]).unwrap();
        assert_eq!(decoded.describe(), "dsa 8");
        let own = DsaParameters { p: vec![0xff], q: vec![3], g: vec![5] };
        assert_eq!(decoded.material, KeyMaterial::Dsa { y: vec![9], parameters: Some(own) });
        assert_eq!(material(&oid::DSA, &[], &[2, 1, 9]), KeyMaterial::Dsa { y: vec![9], parameters: None });
        assert_eq!(refused(&oid::DSA, &[], &[2, 1, 0]), ("subjectPublicKeyInfo.y", Problem::OutOfRange));
        let zero = sequence(&[tlv(2, &[0]), tlv(2, &[3]), tlv(2, &[5])]);
        assert_eq!(refused(&oid::DSA, &zero, &[2, 1, 9]), (PARAMETERS_FIELD, Problem::OutOfRange));
    }

    #[test]
    fn an_unknown_algorithm_is_no_error_but_its_key_is_whole_octets() {
        let unknown = Oid::from_dotted("1.2.3.4").unwrap();
        let decoded = decode(&unknown, &[], &[1]).unwrap();
        assert_eq!((decoded.kind(), decoded.describe().as_str()), (None, "1.2.3.4"));
        let odd = sequence(&[sequence(&[identifier(&unknown)]), vec![3, 2, 1, 2]]);
        let malformed =
            Certificate::decode(&Sample { public_key: odd, ..Sample::default() }.encode()).unwrap_err();
        assert_eq!((malformed.field, malformed.problem), (KEY_FIELD, Problem::BitStringPadding));
    }

    #[test]
    fn bits_of_a_number() {
        for (number, bits) in [(&[][..], 0), (&[0], 0), (&[1], 1), (&[0, 0x80], 8), (&[1, 0], 9)] {
            assert_eq!(bit_length(number), bits);
        }
    }
}
