//! What ten rules of a deployment's own add to a verdict, through the component: beside no rules, in the same run.

use host_server::component::contract::evaluate::Outcome;
use host_server::component::contract::request::{Mode, ReferenceIdentifier, TrustRole, Validation};
use host_server::component::contract::verdict::Decision;
use host_server::component::{Allocation, Engine, Session, Validator};
use serde::Serialize;

use crate::chains::{self, AT, Chain, NAME};
use crate::measure::least;

/// Rules such as deployments write, none of which refuses; half are asked about each certificate.
const RULES: [(&str, &str); 10] = [
    ("path", "target.not_after - target.not_before > duration('876000h')"),
    ("path", "!target.dns_names.all(n, n.endsWith('.example.com'))"),
    ("path", "'ou' in target.subject.organizational_unit"),
    ("path", "anchor.subject.text.contains('Other Root')"),
    (
        "path",
        "purpose == 'server-auth' && has(target.extended_key_usage) && !('serverAuth' in target.extended_key_usage)",
    ),
    ("certificate", "certificate.key.kind == 'rsa' && certificate.key.bits < 2048"),
    ("certificate", "certificate.signature_algorithm.endsWith('sha1')"),
    ("certificate", "certificate.extensions.exists(e, e.critical && e.oid.startsWith('1.3.6.1.4.1.'))"),
    ("certificate", "position > 0 && !certificate.is_authority"),
    ("certificate", "size(certificate.serial_number) > 40 || status[position].status == 'unknown'"),
];

#[derive(Serialize)]
struct Row {
    chain: &'static str,
    without_us: f64,
    with_us: f64,
    ratio: f64,
    steps: u32,
}

/// Measures and prints.
pub(crate) fn run() -> Result<(), String> {
    let rows = chains::all().iter().map(measure).collect::<Result<Vec<_>, _>>()?;
    println!("one verdict on a chain of three, in microseconds (least of 15 batches)\n");
    println!("{:<10} {:>9} {:>9} {:>7} {:>7}", "chain", "no rules", "ten", "ratio", "steps");
    for row in &rows {
        println!(
            "{:<10} {:>9.1} {:>9.1} {:>7.3} {:>7}",
            row.chain, row.without_us, row.with_us, row.ratio, row.steps
        );
    }
    println!("\n{}", serde_json::json!({ "bench": "rules", "rows": rows }));
    Ok(())
}

fn measure(chain: &Chain) -> Result<Row, String> {
    let document: Vec<String> = RULES
        .iter()
        .enumerate()
        .map(|(number, (each, when))| {
            let head =
                format!("[[rules]]\nid = \"r{number}\"\neach = {each:?}\neffect = \"deny\"\nmessage = \"m\"");
            format!("{head}\nwhen = \"\"\"{when}\"\"\"\n")
        })
        .collect();
    let (mut without, mut with) = (Judge::new(chain, "")?, Judge::new(chain, &document.concat())?);
    let steps = with.judge()?;
    let without_us = least(|| without.judge().map(drop))? / 1e3;
    let with_us = least(|| with.judge().map(drop))? / 1e3;
    Ok(Row { chain: chain.label, without_us, with_us, ratio: with_us / without_us, steps })
}

struct Judge {
    session: Session,
    validator: Validator,
    question: Validation,
}

impl Judge {
    fn new(chain: &Chain, policy: &str) -> Result<Self, String> {
        let mut session = Engine::load(Allocation::OnDemand)
            .and_then(|engine| engine.session())
            .map_err(|fault| fault.to_string())?;
        let validator = session
            .validator(policy, Mode::AsWritten)
            .map_err(|fault| fault.to_string())?
            .map_err(|refusal| format!("{refusal:?}"))?;
        session
            .add_anchor(&validator, &chain.root, TrustRole::Issuer)
            .map_err(|fault| fault.to_string())?
            .map_err(|refusal| format!("{refusal:?}"))?;
        let question = Validation {
            target: chain.leaf.clone(),
            untrusted: vec![chain.intermediate.clone()],
            at: AT,
            purpose: Some("server-auth".to_owned()),
            names: vec![ReferenceIdentifier::Dns(NAME.to_owned())],
            nonce_seed: None,
            answers_signature_checks: false,
        };
        Ok(Self { session, validator, question })
    }

    /// The steps that rules took.
    fn judge(&mut self) -> Result<u32, String> {
        let outcome = self
            .session
            .evaluate(&self.validator, &self.question, &[])
            .map_err(|fault| fault.to_string())?
            .map_err(|refusal| format!("{refusal:?}"))?;
        match outcome {
            Outcome::Decided(verdict) if verdict.decision == Decision::Allow => {
                let steps = verdict.spent.iter().find(|expense| expense.limit == "rule-steps");
                Ok(steps.map_or(0, |expense| expense.spent))
            }
            other => Err(format!("not allowed: {other:?}")),
        }
    }
}
