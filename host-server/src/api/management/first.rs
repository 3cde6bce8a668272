//! The first certificate of a slot, made by the server itself where it is told to serve by one and there is none yet: what
//! an administrator would get by asking for a self-signed certificate with everything as the form proposes it.

use super::make::{self, Keys};
use super::situation::Situation;
use super::{Order, TRIES, change, commit, conflict, plan};
use crate::api::Shared;
use crate::api::document;
use crate::api::error::ApiError;
use crate::audit::AuditRecord;
use crate::cli::console;
use crate::component::contract::management as wit;
use crate::storage::Change;

/// Makes a self-signed certificate for a purpose of this node.
///
/// # Errors
/// As a write through the interface.
pub(crate) async fn self_signed(app: &Shared, purpose: &str) -> Result<(), ApiError> {
    let mut keys = Keys::default();
    for _ in 0..TRIES {
        let order = order(app, purpose).await?;
        let situation = Situation::read(app, &order).await?;
        let planned = plan::plan(app, &situation, &order).await?;
        if planned.is_refused() {
            let (code, sentence) = planned.first_denial();
            return Err(conflict(format!("{code}: {sentence}")));
        }
        let items = make::items(app, (&situation, &order), &planned, &mut keys).await?;
        let Some(items) = items else { continue };
        let changes: Vec<Change> = planned.changes.iter().cloned().chain(items.changes).collect();
        let record = AuditRecord::done(console::clock(), "server", order.act, &order.subject);
        let record = record.with_details(change::details(&changes));
        if commit(app, situation.version(), &changes, record).await?.is_some() {
            return Ok(());
        }
    }
    Err(conflict("others kept changing the state; try again"))
}

/// What the form proposes.
async fn order(app: &Shared, purpose: &str) -> Result<Order, ApiError> {
    let situation = Situation::without_certificates(app).await?;
    let (cluster, policy) = (situation.cluster(), situation.policy.clone());
    let (wanted, node) = (purpose.to_owned(), app.node.clone());
    let offered =
        app.pool.ask(move |session| session.offer_for_self_signed(&policy, &cluster, &wanted, Some(&node)));
    let offered = offered.await?;
    let offered = offered.map_err(|refusal| document::refused(&refusal.input, &refusal))?;
    let key =
        key(offered).ok_or_else(|| conflict("there is no key for this purpose that can be made here"))?;
    let common = wit::RequestFields {
        purpose: purpose.to_owned(),
        node: Some(app.node.clone()),
        subject: wit::SubjectFields {
            country: None,
            state: None,
            locality: None,
            organization: None,
            organizational_unit: None,
            include_organizational_unit: false,
            common_name: None,
        },
        domains: None,
        parent_domain: None,
        key,
        usage_profile: None,
    };
    let fields = wit::SelfSignedFields { common, years: None };
    Ok(Order::new(wit::Operation::SelfSigned(fields), "certificate.self-signed", purpose))
}

/// The first length that is offered, with its first hash, that keys here sign with.
fn key(offered: wit::Offered) -> Option<wit::KeyChoice> {
    let wit::Offered { key_type, lengths, .. } = offered;
    let of =
        |bits: u16, hash: &String| wit::KeyChoice { key_type: key_type.clone(), bits, hash: hash.clone() };
    let all = lengths.iter().flat_map(|(bits, hashes)| hashes.iter().map(move |hash| (*bits, hash)));
    let mut choices = all.map(|(bits, hash)| of(bits, hash));
    choices.find(|choice| make::can_make(choice))
}
