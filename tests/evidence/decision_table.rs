//! The decision table of Common Criteria mode: outcome x mode x trust model x method x place, 720 cells. What each
//! must be stands in `decision-table.csv`, which follows from the rules (R-CC-1 to R-CC-6, D-1 to D-4, D-7, D-22, D-30;
//! DT-1 to DT-5) and not from what the engine says. The chain is root -> ca -> leaf; both modes ask about both
//! certificates, so that a cell of one mode is the same question in the other.
//!
//! Place: whose source has the outcome, the leaf's or the ca's. The other one's source says good, by its issuer itself.
//!
//! Model: who signs OCSP responses. `dtm`: a delegate of the issuer, and nobody is designated. `trm`: a certificate of
//! no authority that is designated for any issuer, and does not come along with its response. `dtm-trm`: a
//! certificate by the issuer itself without extKeyUsage, which the first model refuses, and which is designated for
//! this issuer (DT-3). CRLs are by the issuer in each model: whom somebody designated to sign responses must make
//! no difference to them.
//!
//! Method: the one source asked, or both in that order. With both, OCSP has the outcome and the CRL proves that the
//! certificate is not revoked; where OCSP says revoked, nobody asks for the CRL any more (DT-5).
//!
//! Outcome: what the source answers, or why it does not; a nonce is required of every response. Where a CRL knows no
//! such outcome, its nearest fault stands for it:
//!
//! | outcome | of a CRL |
//! |---|---|
//! | unknown | a list for some reasons only, which says nothing about the others |
//! | try-later, internal-error, malformed-request, signature-required, unauthorized | HTTP status other than 200 |
//! | wrong-certificate | the list of another authority |
//! | nonce-missing | no nextUpdate: nothing says how long it is fresh |
//! | nonce-wrong | a list from long ago, its nextUpdate yet to come: a replay |

use std::collections::BTreeSet;

use host_server::component::contract::evidence::UnavailableReason;
use pki::certificate::{Issued, Sketch};
use pki::crl::{CrlSketch, Scope};
use pki::ocsp::{Entry, Response, failed};

use crate::edge::{CommonCriteria, Question, Reply, Said, ask_in, engine};
use crate::family::{Family, delegate};

const TABLE: &str = include_str!("decision-table.csv");

const OUTCOMES: [&str; 20] = [
    "good",
    "revoked",
    "revoked-hold",
    "unknown",
    "try-later",
    "internal-error",
    "malformed-request",
    "signature-required",
    "unauthorized",
    "http-error",
    "timeout",
    "refused",
    "dns-failure",
    "undecodable",
    "bad-signature",
    "stale",
    "not-yet-valid",
    "wrong-certificate",
    "nonce-missing",
    "nonce-wrong",
];
const MODES: [&str; 2] = ["on", "off"];
const MODELS: [&str; 3] = ["dtm", "trm", "dtm-trm"];
const METHODS: [&str; 3] = ["ocsp", "crl", "ocsp-crl"];
const PLACES: [&str; 2] = ["leaf", "intermediate"];

const REVOKED_AT: &str = "2025-06-01T00:00:00Z";

struct Cell {
    outcome: &'static str,
    mode: &'static str,
    model: &'static str,
    method: &'static str,
    place: &'static str,
    /// Decision, status, its reason, and the code told of the certificate.
    expected: [&'static str; 4],
}

fn cells() -> Vec<Cell> {
    let cell = |line: &'static str| {
        let fields: Vec<&str> = line.split(',').collect();
        let [outcome, mode, model, method, place, expected @ ..] = fields.as_slice() else {
            panic!("{line}")
        };
        let expected = expected.try_into().unwrap_or_else(|_| panic!("{line}"));
        Cell { outcome, mode, model, method, place, expected }
    };
    TABLE.lines().skip(1).map(cell).collect()
}

/// The certificates of the table, and who signs in which model.
struct Cast {
    family: Family,
    other: Issued,
    stranger: Issued,
}

impl Cast {
    /// Who signs about certificates of `issuer`, and how it comes to be believed.
    fn signer(&self, model: &str, issuer: &Issued) -> Issued {
        match model {
            "dtm" => delegate(&format!("delegate of {}", issuer.label), issuer).issue(),
            "trm" => self.stranger.clone(),
            "dtm-trm" => Sketch::leaf(&format!("plain of {}", issuer.label)).issued_by(issuer).issue(),
            other => panic!("{other}"),
        }
    }

    fn designated(&self, cell: &Cell, issuer: &Issued) -> Vec<(Issued, Option<Issued>)> {
        let signer = self.signer(cell.model, issuer);
        match cell.model {
            "dtm" => Vec::new(),
            "trm" => vec![(signer, None)],
            _ => vec![(signer, Some(issuer.clone()))],
        }
    }

    fn response(&self, cell: &Cell, subject: &Issued, issuer: &Issued, request: &[u8]) -> Reply {
        let code = match cell.outcome {
            "malformed-request" => Some(1),
            "internal-error" => Some(2),
            "try-later" => Some(3),
            "signature-required" => Some(5),
            "unauthorized" => Some(6),
            _ => None,
        };
        if let Some(code) = code {
            return Reply::Body(failed(code));
        }
        let good = Entry::good(subject, issuer);
        let entry = match cell.outcome {
            "revoked" => good.revoked(REVOKED_AT, Some(1)),
            "revoked-hold" => good.revoked(REVOKED_AT, Some(6)),
            "unknown" => good.unknown(),
            "stale" => good.next_update(Some("2025-12-31T13:00:00Z")),
            "not-yet-valid" => good.this_update("2026-01-01T12:00:00Z"),
            "wrong-certificate" => good.serial(&[0x51]),
            _ => good,
        };
        let signer = self.signer(cell.model, issuer);
        let response = match cell.model {
            "trm" => Response::signed_by(&signer),
            _ => Response::delegated_to(&signer),
        };
        let response = response.entry(entry);
        let response = match cell.outcome {
            "nonce-missing" => response,
            "nonce-wrong" => response.nonce(&[8; 32]),
            _ => response.nonce(&nonce_of(request)),
        };
        Reply::Body(match cell.outcome {
            "bad-signature" => response.tamper_signature().encode(),
            "undecodable" => truncated(response.encode()),
            _ => response.encode(),
        })
    }

    fn crl(&self, cell: &Cell, subject: &Issued, issuer: &Issued) -> Reply {
        let list = CrlSketch::by(issuer);
        let list = match cell.outcome {
            "revoked" => list.revoke_because(&subject.serial, 1),
            "revoked-hold" => list.revoke_because(&subject.serial, 6),
            "unknown" => list.scope(&Scope::default().reasons(&["keyCompromise", "cACompromise"])),
            "bad-signature" => list.tamper_signature(),
            "stale" => list.next_update("2025-12-31T13:00:00Z"),
            "not-yet-valid" => list.this_update("2026-01-01T12:00:00Z"),
            "wrong-certificate" => CrlSketch::by(&self.other),
            "nonce-missing" => list.without_next_update(),
            "nonce-wrong" => list.this_update("2025-12-01T00:00:00Z").next_update("2026-02-01T00:00:00Z"),
            _ => list,
        };
        Reply::Body(if cell.outcome == "undecodable" { truncated(list.issue()) } else { list.issue() })
    }
}

/// Without its last octet, which only the outermost length gives away.
fn truncated(mut encoding: Vec<u8>) -> Vec<u8> {
    encoding.pop();
    encoding
}

/// The nonce in a request: 32 octets behind the extension's type and two headers.
fn nonce_of(request: &[u8]) -> Vec<u8> {
    let kind = pki::der::oid(pki::ocsp::NONCE);
    let at = request.windows(kind.len()).position(|octets| octets == kind).expect("a nonce") + kind.len();
    request[at + 4..at + 36].to_vec()
}

/// Why nothing comes from the network, where that is the outcome.
fn unavailable(cell: &Cell, of_crl: bool) -> Option<Reply> {
    let reason = match cell.outcome {
        "http-error" => UnavailableReason::HttpStatus,
        "timeout" => UnavailableReason::Timeout,
        "refused" => UnavailableReason::Connection,
        "dns-failure" => UnavailableReason::NameResolution,
        "try-later" | "internal-error" | "malformed-request" | "signature-required" | "unauthorized"
            if of_crl =>
        {
            UnavailableReason::HttpStatus
        }
        _ => return None,
    };
    Some(Reply::Unavailable(reason))
}

fn settings(cell: &Cell) -> String {
    let sources = match cell.method {
        "ocsp" => "\"ocsp\"",
        "crl" => "\"crl\"",
        _ => "\"ocsp\", \"crl\"",
    };
    format!(
        "[revocation]\nsources = [{sources}]\ndepth = \"all\"\n[ocsp]\nnonce = \"required\"\n\
         [crl]\nmaximum-age-seconds = 864000\n"
    )
}

fn run(cell: &Cell, cast: &Cast) -> Said {
    let Family { root, ca, leaf } = &cast.family;
    let (subject, issuer) = if cell.place == "leaf" { (leaf, ca) } else { (ca, root) };
    let world = |uri: &str, request: &[u8]| -> Reply {
        let of_crl = uri.starts_with("http://crl.");
        let of_leaf = uri.ends_with("/leaf");
        if of_leaf != (cell.place == "leaf") {
            let (subject, issuer) = if of_leaf { (leaf, ca) } else { (ca, root) };
            return Reply::Body(if of_crl {
                CrlSketch::by(issuer).issue()
            } else {
                let entry = Entry::good(subject, issuer);
                Response::signed_by(issuer).entry(entry).nonce(&nonce_of(request)).encode()
            });
        }
        if of_crl && cell.method == "ocsp-crl" {
            return Reply::Body(CrlSketch::by(issuer).issue());
        }
        match unavailable(cell, of_crl) {
            Some(reply) => reply,
            None if of_crl => cast.crl(cell, subject, issuer),
            None => cast.response(cell, subject, issuer, request),
        }
    };
    let question = Question {
        settings: settings(cell),
        responders: cast.designated(cell, issuer),
        nonce_seed: Some(vec![7; 32]),
        ..Question::new(leaf, &[ca], root)
    };
    let mode = if cell.mode == "on" { CommonCriteria::On } else { CommonCriteria::Off };
    ask_in(&mut engine().session().unwrap(), &question, mode, &world)
}

#[test]
fn every_cell_comes_out_as_the_rules_say() {
    let other = Sketch::ca("other").issue();
    let stranger = Sketch::leaf("stranger").eku(&["OCSPSigning"]).issue();
    let cast = Cast { family: Family::new(), other, stranger };
    let mut wrong = Vec::new();
    for cell in cells() {
        let said = run(&cell, &cast);
        let place = usize::from(cell.place != "leaf");
        let (status, reason) = said.statuses.get(place).cloned().unwrap_or_default();
        let told = said.told_at(u32::try_from(place).unwrap()).join(" ");
        let or_none = |text: String| if text.is_empty() { "-".to_owned() } else { text };
        let decision = if said.allows { "allow" } else { "deny" };
        let got = [decision.to_owned(), status.to_owned(), or_none(reason), or_none(told)];
        if got != cell.expected {
            let Cell { outcome, mode, model, method, place, expected } = cell;
            wrong.push(format!("{outcome} {mode} {model} {method} {place}: {got:?}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} cells differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_table_has_every_cell_once() {
    let key = |cell: &Cell| [cell.outcome, cell.mode, cell.model, cell.method, cell.place];
    let found: Vec<[&str; 5]> = cells().iter().map(key).collect();
    let mut expected = BTreeSet::new();
    for outcome in OUTCOMES {
        for mode in MODES {
            for model in MODELS {
                for method in METHODS {
                    expected.extend(PLACES.map(|place| [outcome, mode, model, method, place]));
                }
            }
        }
    }
    assert_eq!(found.len(), 720);
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
}

/// R-CC-17: the cells are of the same four statuses in both modes. DT-1 and DT-6, read off the table itself: with the mode on, good alone is allowed, and nothing is that is refused
/// without it.
#[test]
fn the_table_is_strict_and_monotone() {
    for on in cells().iter().filter(|cell| cell.mode == "on") {
        assert_eq!(on.expected[0] == "allow", on.expected[1] == "good", "{} {}", on.outcome, on.method);
        let all = cells();
        let off = all.iter().find(|off| {
            off.mode == "off"
                && [off.outcome, off.model, off.method, off.place]
                    == [on.outcome, on.model, on.method, on.place]
        });
        let off = off.unwrap();
        assert!(on.expected[0] == "deny" || off.expected[0] == "allow", "{} {}", on.outcome, on.method);
        assert_eq!(on.expected[1..], off.expected[1..], "the mode changes decisions and no status");
    }
}
