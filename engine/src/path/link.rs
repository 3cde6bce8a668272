//! One link of a path: the issuer's name and key against the certificate it is said to have signed
//! (RFC 5280 6.1.3 (a)(1), (a)(4)).

use super::{Observation, algorithm, key_identifier};
use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::Certificate;
use crate::certificate::public_key::DsaParameters;
use crate::finding::{Code, Value};
use crate::settings::Settings;
use crate::signature::{self, SignatureError, SignedData};

/// What `issuer`'s key says about `child`: nothing when it signed it. The names match, as the builder only
/// proposes issuers by name.
///
/// # Errors
/// [`BudgetExceeded`] when the signature may not be verified any more.
pub fn check_link(
    child: &Certificate,
    issuer: &Certificate,
    inherited: Option<&DsaParameters>,
    settings: &Settings,
    budget: &mut Budget,
) -> Result<Vec<Observation>, BudgetExceeded> {
    let algorithm = match signature::identify(&child.signature_algorithm) {
        Ok(algorithm) => algorithm,
        Err(_) => return Ok(vec![(Code::SignatureAlgorithmUnsupported, named_algorithm(child))]),
    };
    let refused = algorithm::check_signature_algorithm(algorithm, &settings.algorithms);
    if !refused.is_empty() {
        return Ok(refused);
    }
    let signed = SignedData {
        message: child.signed_part(),
        algorithm: &child.signature_algorithm,
        signature: &child.signature,
    };
    let code = match signature::verify(&signed, &issuer.public_key, inherited, budget) {
        Ok(_) => return Ok(key_identifier::check_link(child, issuer)),
        Err(SignatureError::BudgetExceeded(exceeded)) => return Err(exceeded),
        Err(SignatureError::Invalid) => Code::SignatureInvalid,
        Err(SignatureError::AlgorithmUnsupported) => Code::SignatureAlgorithmUnsupported,
        Err(SignatureError::KeyMismatch) => Code::SignatureKeyMismatch,
        Err(SignatureError::KeyUnusable) => Code::SignatureKeyUnusable,
    };
    let mut details = named_algorithm(child);
    details.push(("key", Value::text(issuer.public_key.describe())));
    Ok(vec![(code, details)])
}

fn named_algorithm(child: &Certificate) -> Vec<(&'static str, Value)> {
    let identifier = &child.signature_algorithm.algorithm;
    let word = crate::oid::label(identifier).map_or_else(|| identifier.to_string(), str::to_owned);
    vec![("algorithm", Value::Text(word))]
}
