//! What the engine in this page decides about a certificate of the files: by trust anchors among them or by a trust store
//! of the server's, offline or with what the server fetched. The question is put together here, and nothing is judged.

use std::net::IpAddr;
use std::rc::Rc;

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::file::{Content, File};
use super::snapshot::{self, Snapshot};
use crate::document::verdict::Verdict;
use crate::engine::contract::{Answered, Item, Outcome, ReferenceIdentifier, Room, Unavailable, Validation};
use crate::engine::{self, Engine, Problem, Validator};
use crate::random;
use crate::server::{Answer, Asked, Failure};

/// How often the engine may ask for more before it is told that there is none: more than the engine ever asks.
const ROUNDS: usize = 40;

/// What is asked.
pub(crate) struct Question {
    /// The files of the visit.
    pub(crate) files: Vec<Rc<File>>,
    /// The certificate asked about: its fingerprint.
    pub(crate) target: Vec<u8>,
    /// Certificates of the files that are trusted: their fingerprints.
    pub(crate) anchors: Vec<Vec<u8>>,
    /// The policy document that is in force.
    pub(crate) policy: String,
    /// The server's trust store that is trusted, with what is known of it.
    pub(crate) store: Option<(String, Rc<Snapshot>)>,
    /// The purpose.
    pub(crate) purpose: Option<String>,
    /// A name that it must carry.
    pub(crate) name: Option<String>,
    /// The moment.
    pub(crate) at: i64,
    /// The server may be asked to fetch revocation status.
    pub(crate) reach: Reach,
}

/// Whether anything is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Nothing leaves this machine.
    Nowhere,
    /// The server fetches.
    Server,
}

/// What is decided, and whether anything that was needed was not asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Judged {
    /// The verdict.
    pub(crate) verdict: Verdict,
    /// The same as the engine writes it.
    pub(crate) document: String,
    /// So many things were needed and not fetched.
    pub(crate) unasked: usize,
}

/// Why nothing is decided.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Undecided {
    /// The engine.
    Engine(Problem),
    /// The server.
    Server(Failure),
    /// The certificate is not among the files any more.
    NoTarget,
}

impl From<Problem> for Undecided {
    fn from(problem: Problem) -> Self {
        Self::Engine(problem)
    }
}

/// Decides.
///
/// # Errors
/// [`Undecided`].
pub(crate) async fn judge(question: &Question) -> Result<Judged, Undecided> {
    let engine = engine::engine().await?;
    let validator = validator(&engine, question)?;
    let asked = validation(question).ok_or(Undecided::NoTarget)?;
    let mut evidence = supplied(&question.files);
    if let (Reach::Server, Some((store, _))) = (question.reach, &question.store) {
        evidence.extend(fetched(store, &asked).await.map_err(Undecided::Server)?);
    }
    let mut unasked = 0_usize;
    for _ in 0..ROUNDS {
        match validator.evaluate(&asked, &evidence)? {
            Outcome::Decided(decided) => {
                let document = decided.document;
                let verdict = serde_json::from_str(&document);
                let verdict = verdict.map_err(|error| Problem::Fault(error.to_string()))?;
                return Ok(Judged { verdict, document, unasked });
            }
            Outcome::Needs(needs) => {
                unasked = unasked.saturating_add(needs.len());
                evidence.extend(needs.into_iter().map(|need| {
                    Item::Unavailable(Unavailable { request_id: need.id, reason: "offline".to_owned() })
                }));
            }
        }
    }
    Err(Problem::Fault(crate::text::judge::NO_END.to_owned()).into())
}

/// The purposes that a policy document knows, read from the engine's complete form of it.
///
/// # Errors
/// [`Problem`] where the engine cannot read it.
pub(crate) async fn purposes(policy: &str) -> engine::Answer<Vec<String>> {
    let settings = engine::engine().await?.validator(policy)?.settings()?;
    let tables = settings.split("[[purposes]]").skip(1);
    let names = tables.filter_map(|table| table.trim_start().strip_prefix("name = \"")?.split('"').next());
    Ok(names.map(str::to_owned).collect())
}

fn validator(engine: &Engine, question: &Question) -> Result<Validator, Undecided> {
    let validator = engine.validator(&question.policy)?;
    for certificate in question.files.iter().flat_map(|file| file.certificates()) {
        if question.anchors.iter().any(|anchor| *anchor == *certificate.keys.fingerprint) {
            validator.add_anchor(&certificate.encoding)?;
        }
    }
    let Some((store, snapshot)) = &question.store else { return Ok(validator) };
    let cluster = &snapshot.cluster;
    let publisher = cluster.nodes.iter().find(|node| node.role == "publisher").map(|node| &node.name);
    let room = Room::Trust(store.clone());
    let entries = cluster.entries.iter().filter(|entry| {
        let is_there = entry.place.node.is_none() || entry.place.node.as_ref() == publisher;
        entry.place.room == room && is_there
    });
    for entry in entries {
        validator.add_stored(&entry.certificate, entry.active_from, question.at)?;
    }
    Ok(validator)
}

fn validation(question: &Question) -> Option<Validation> {
    let mut certificates: Vec<_> = question.files.iter().flat_map(|file| file.certificates()).collect();
    let place = certificates.iter().position(|one| *one.keys.fingerprint == *question.target)?;
    let target = certificates.remove(place);
    let others = certificates.iter().filter(|other| other.keys.fingerprint != target.keys.fingerprint);
    Some(Validation {
        target: ByteBuf::from(target.encoding.clone()),
        untrusted: others.map(|other| ByteBuf::from(other.encoding.clone())).collect(),
        at: question.at,
        purpose: question.purpose.clone(),
        names: question.name.iter().map(|name| identifier(name)).collect(),
        nonce_seed: nonce_seed(question.reach),
        answers_signature_checks: false,
    })
}

/// 32 octets that nobody can guess (RFC 8954 2.1); none where nobody is asked, or the browser gives none.
fn nonce_seed(reach: Reach) -> Option<ByteBuf> {
    match reach {
        Reach::Nowhere => None,
        Reach::Server => random::octets(32).map(ByteBuf::from),
    }
}

/// What kind of name a text is: as the command line takes it.
fn identifier(name: &str) -> ReferenceIdentifier {
    match name.parse() {
        Ok(IpAddr::V4(address)) => return ReferenceIdentifier::Ip(ByteBuf::from(address.octets())),
        Ok(IpAddr::V6(address)) => return ReferenceIdentifier::Ip(ByteBuf::from(address.octets())),
        Err(_) => {}
    }
    let name = name.to_owned();
    if name.contains("://") {
        ReferenceIdentifier::Uri(name)
    } else if name.contains('@') {
        ReferenceIdentifier::Mail(name)
    } else {
        ReferenceIdentifier::Dns(name)
    }
}

/// Revocation lists and OCSP responses among the files.
fn supplied(files: &[Rc<File>]) -> Vec<Item> {
    let answered = |body: &[u8]| Answered { request_id: None, body: ByteBuf::from(body) };
    let items = files.iter().flat_map(|file| match &file.content {
        Content::Lists(lists) => lists.iter().map(|(list, _)| Item::Crl(answered(list))).collect(),
        Content::Response(_) => vec![Item::OcspResponse(answered(&file.octets))],
        _ => Vec::new(),
    });
    items.collect()
}

/// The question as the server takes it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Gathering<'a> {
    store: &'a str,
    target: String,
    untrusted: Vec<String>,
    at: i64,
    purpose: Option<&'a str>,
    names: Vec<Name<'a>>,
    nonce_seed: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Name<'a> {
    Dns(&'a str),
    Ip(String),
    Mail(&'a str),
    Uri(&'a str),
}

#[derive(Deserialize)]
struct Gathered {
    items: Vec<GatheredItem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum GatheredItem {
    OcspResponse(Came),
    Crl(Came),
    IssuerCertificates(Came),
    Unavailable(Vain),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Came {
    request_id: Option<String>,
    body: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Vain {
    request_id: String,
    reason: String,
}

/// What the server fetched for this question.
async fn fetched(store: &str, asked: &Validation) -> Answer<Vec<Item>> {
    let base64 = |octets: &ByteBuf| BASE64.encode(octets);
    let names = asked.names.iter().map(|name| match name {
        ReferenceIdentifier::Dns(name) => Name::Dns(name),
        ReferenceIdentifier::Ip(octets) => Name::Ip(base64(octets)),
        ReferenceIdentifier::Mail(name) => Name::Mail(name),
        ReferenceIdentifier::Uri(name) => Name::Uri(name),
    });
    let gathering = Gathering {
        store,
        target: base64(&asked.target),
        untrusted: asked.untrusted.iter().map(base64).collect(),
        at: asked.at,
        purpose: asked.purpose.as_deref(),
        names: names.collect(),
        nonce_seed: asked.nonce_seed.as_ref().map(base64),
    };
    let gathered: Gathered = Asked::write("POST", "/api/v1/evidence").json(&gathering).document().await?;
    gathered.items.into_iter().map(item).collect()
}

fn item(item: GatheredItem) -> Answer<Item> {
    let answered =
        |came: Came| Ok(Answered { request_id: came.request_id, body: snapshot::octets(&came.body)? });
    Ok(match item {
        GatheredItem::OcspResponse(came) => Item::OcspResponse(answered(came)?),
        GatheredItem::Crl(came) => Item::Crl(answered(came)?),
        GatheredItem::IssuerCertificates(came) => Item::IssuerCertificates(answered(came)?),
        GatheredItem::Unavailable(Vain { request_id, reason }) => {
            Item::Unavailable(Unavailable { request_id, reason })
        }
    })
}
