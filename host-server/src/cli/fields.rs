//! The fields of a request or self-signed certificate as options, and what the server offers for a purpose. What is left
//! out follows from the node and the purpose; whether what is given may be is the engine's to say.

use clap::Args;
use serde_json::{Value, json};

use super::cert::OfferArguments;
use super::page::{Ink, Page};
use super::remote::{Remote, Stop};
use super::{Console, Exit, Failure};
use crate::client::document::Offer;
use crate::client::{Ask, encoded};

/// The word for the certificate that all nodes share.
pub const MULTI_SERVER: &str = "multi-server";

/// The fields.
#[derive(Args, Clone, Debug)]
pub struct FieldArguments {
    /// The purpose, such as `tomcat`.
    #[arg(value_name = "PURPOSE")]
    pub purpose: String,
    /// The node it is for; else the one that answers. `multi-server` is for all of them.
    #[arg(long, value_name = "NODE")]
    pub distribution: Option<String>,
    /// commonName; else it follows from the node.
    #[arg(long, value_name = "NAME")]
    pub cn: Option<String>,
    /// organizationName.
    #[arg(long, value_name = "TEXT")]
    pub organization: Option<String>,
    /// organizationalUnitName, which is left out unless it is given.
    #[arg(long, value_name = "TEXT")]
    pub unit: Option<String>,
    /// localityName.
    #[arg(long, value_name = "TEXT")]
    pub locality: Option<String>,
    /// stateOrProvinceName.
    #[arg(long, value_name = "TEXT")]
    pub state: Option<String>,
    /// countryName, two letters.
    #[arg(long, value_name = "CODE")]
    pub country: Option<String>,
    /// A host name to be protected, several times; else they follow from the node.
    #[arg(long = "san", value_name = "NAME")]
    pub names: Vec<String>,
    /// The parent domain, which is protected as well.
    #[arg(long, value_name = "DOMAIN")]
    pub parent_domain: Option<String>,
    /// The key, such as `rsa-3072` and `ec-256`; else what the purpose offers.
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// The hash it signs with: `sha256`, `sha384` or `sha512`; else what goes with the key.
    #[arg(long, value_name = "HASH")]
    pub digest: Option<String>,
    /// How the key-usage tables are read: `ucm-compat` or `strict-pkix`.
    #[arg(long, value_name = "PROFILE")]
    pub usage_profile: Option<String>,
}

impl FieldArguments {
    /// The fields as the API takes them; `form` is `request` or `self-signed`.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn document(&self, remote: &Remote, console: &mut Console<'_>, form: &str) -> Result<Value, Stop> {
        let node = node(remote, console, self.distribution.as_deref())?;
        let key = self.key(remote, console, (form, node.as_deref()))?;
        Ok(json!({
            "purpose": self.purpose,
            "node": node,
            "subject": {
                "country": self.country,
                "state": self.state,
                "locality": self.locality,
                "organization": self.organization,
                "organizational-unit": self.unit,
                "include-organizational-unit": self.unit.is_some(),
                "common-name": self.cn,
            },
            "domains": (!self.names.is_empty()).then_some(&self.names),
            "parent-domain": self.parent_domain,
            "key": key,
            "usage-profile": self.usage_profile,
        }))
    }

    fn key(
        &self,
        remote: &Remote,
        console: &mut Console<'_>,
        (form, node): (&str, Option<&str>),
    ) -> Result<Value, Stop> {
        let digest = self.digest.as_deref().map(str::to_ascii_uppercase);
        if let Some(key) = &self.key {
            let split = key.split_once('-').and_then(|(kind, bits)| Some((kind, bits.parse::<u16>().ok()?)));
            let expected = || {
                Failure::of_input(
                    "--key",
                    format!("found {key:?}"),
                    "expected a key such as rsa-3072 or ec-256",
                )
            };
            let (kind, bits) = split.ok_or_else(expected)?;
            let usual = if (kind, bits) == ("ec", 384) { "SHA384" } else { "SHA256" };
            return Ok(json!({ "type": kind, "bits": bits, "hash": digest.as_deref().unwrap_or(usual) }));
        }
        let answer = remote.ask(console, &offer(&self.purpose, form, node))?;
        let offered: Offer = remote.read(&answer)?;
        // the least that is no longer kept for old peers alone, as the forms of the documents choose
        let mut lengths = offered.lengths.iter();
        let chosen = lengths.find(|length| offered.key_type == "ec" || length.bits >= 2048);
        let chosen = chosen.ok_or_else(|| Failure::of_input("--key", "nothing is offered", "name a key"))?;
        let usual = chosen.hashes.first().cloned();
        Ok(json!({ "type": offered.key_type, "bits": chosen.bits, "hash": digest.or(usual) }))
    }
}

impl OfferArguments {
    /// Runs `offer`; `form` is `request` or `self-signed`.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn show(&self, remote: &Remote, console: &mut Console<'_>, form: &str) -> Result<Exit, Stop> {
        let node = node(remote, console, self.distribution.as_deref())?;
        remote.show(console, &offer(&self.purpose, form, node.as_deref()), draw)
    }
}

fn offer(purpose: &str, form: &str, node: Option<&str>) -> Ask {
    let path = format!("/api/v1/offers/{}", encoded(purpose));
    Ask::get(path).with(&[("form", Some(form)), ("node", node)])
}

fn draw(page: &mut Page, offer: &Offer) {
    let mut line = |label: &str, value: String| {
        page.entry((0, 14), &[Ink::Bold.span(label)], &[Ink::Plain.span(value)]);
    };
    for length in &offer.lengths {
        line("key", format!("{}-{} with {}", offer.key_type, length.bits, length.hashes.join(", ")));
    }
    if !offer.years.is_empty() {
        let years: Vec<String> = offer.years.iter().map(u8::to_string).collect();
        line("years", years.join(", "));
    }
    line("common name", offer.common_name.clone().unwrap_or_else(|| "there is no such node".to_owned()));
    let word = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    line("names", word(offer.names));
    line("multi-server", word(offer.multi_server));
    line("on", if offer.publisher_only { "the publisher only" } else { "every node" }.to_owned());
}

/// The node that is meant: the one that was named, the one that answers, or none for all of them.
///
/// # Errors
/// [`Stop`].
pub fn node(
    remote: &Remote,
    console: &mut Console<'_>,
    distribution: Option<&str>,
) -> Result<Option<String>, Stop> {
    match distribution {
        Some(MULTI_SERVER) => Ok(None),
        Some(name) => Ok(Some(name.to_owned())),
        None => Ok(Some(remote.this_node(console)?)),
    }
}
