//! A verdict of this page as a capsule: the document, the question, the evidence, this engine's hash and what it said, so
//! that anybody decides it again, to the octet.

use engine_capsule::{Engine, Record, Recording, Salt};

use super::judge::{Asked, Judged};
use crate::engine::{self, Answer, Problem, recorded};
use crate::random;
use crate::text::playground;
use crate::widget::time;

/// The file.
///
/// # Errors
/// [`Problem::Fault`] where the browser gives no random octets or the engine is not known, or there is more in it than a
/// capsule may hold.
pub(crate) async fn capsule(asked: Asked<'_>, judged: &Judged) -> Answer<String> {
    let sha256 = engine::component_sha256().await?;
    let sha256 = data_encoding::HEXLOWER.decode(sha256.as_bytes()).unwrap_or_default();
    let record = Record {
        engine: Engine { sha256: recorded::digest(&sha256), version: env!("CARGO_PKG_VERSION").to_owned() },
        recording: Some(Recording { at: time::now(), by: playground::RECORDED_BY.to_owned() }),
        question: asked.question.clone(),
        policy: asked.policy.as_ref().to_owned(),
        mode: asked.mode,
        trusted: asked.inputs.trust.list.clone(),
        // what could not be had is evidence, too, and what was not asked for is none
        evidence: judged.evidence.clone(),
        verdict: judged.verdict.clone(),
        document: judged.document.clone(),
    };
    sealed(record)
}

fn sealed(record: Record) -> Answer<String> {
    let fault = |reason: String| Problem::Fault(reason);
    let lists = [
        record.question.untrusted.len(),
        record.question.names.len(),
        record.trusted.len(),
        record.evidence.len(),
    ];
    // more than enough: what stands once are ten parts
    let parts = lists.into_iter().fold(16, usize::saturating_add);
    let octets = random::octets(parts.saturating_mul(16));
    let octets = octets.ok_or_else(|| fault(playground::NO_RANDOM.to_owned()))?;
    let mut salts = octets.chunks_exact(16).filter_map(|salt| salt.try_into().ok().map(Salt));
    // INVARIANT: there is a salt for each part, so none is all noughts
    let capsule = record.seal(|| salts.next().unwrap_or(Salt([0; 16])));
    capsule.map(|capsule| capsule.print()).map_err(|error| fault(error.to_string()))
}
