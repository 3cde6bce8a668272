//! Alarms by HTTP: the API's own documents in an array, signed as the Standard Webhooks specification has it
//! (`webhook-id`, `webhook-timestamp`, `webhook-signature: v1,` and the HMAC with SHA-256 over `id.timestamp.body`), so
//! that receivers find libraries that verify it. A status of 2xx is a success and anything else is none; nothing is sent
//! where an answer points to.

use std::fmt;
use std::path::PathBuf;

use aws_lc_rs::hmac;
use data_encoding::{BASE64, HEXLOWER};
use hyper::{StatusCode, Uri};
use sha2::{Digest, Sha256};

use super::{roots, secret};
use crate::api::alarm::AlarmDocument;
use crate::client::ClientFault;
use crate::client::address::{Address, PlainHttp};
use crate::client::post::{Post, post};
use crate::config;
use crate::fetch::Roots;
use crate::storage::{Alarm, Setback};

/// What a secret begins with, in the specification.
const PREFIX: &str = "whsec_";
/// Octets of a secret, in the specification.
const SECRET: std::ops::RangeInclusive<usize> = 24..=64;
/// Most characters of a name.
const LONGEST_NAME: usize = 32;

/// Where a webhook is, as the configuration says, before any file is read.
#[derive(Clone, Debug)]
pub struct Target {
    name: String,
    address: Address,
    path: String,
    secret: PathBuf,
    authority: Option<PathBuf>,
}

/// A server that is told by HTTP.
pub struct Webhook {
    name: String,
    address: Address,
    path: String,
    key: hmac::Key,
    roots: Roots,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Target {
    /// Where a configured webhook is.
    ///
    /// # Errors
    /// What is wrong with it, in a line.
    pub fn of(webhook: &config::Webhook) -> Result<Self, String> {
        let name = webhook.name.as_str();
        let plain = |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-';
        if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(plain) {
            let shown: String = name.chars().take(100).collect();
            let expected = format!("expected 1 to {LONGEST_NAME} of the characters a-z 0-9 -");
            return Err(format!("alarms.webhook.name: found `{}`; {expected}", shown.escape_debug()));
        }
        let wrong = |why: String| format!("alarms.webhook `{name}`: {why}");
        let shown = webhook.url.escape_debug();
        let expected = "expected a URL such as https://chat.example.org/in";
        let uri: Uri =
            webhook.url.parse().map_err(|error| wrong(format!("{shown} is no URL ({error}); {expected}")))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong(format!("{shown} is no URL; {expected}")));
        };
        let server = format!("{scheme}://{authority}");
        let address = Address::of_url(&server, PlainHttp::Anywhere)
            .map_err(|_| wrong(format!("{shown} names no server over http or https; {expected}")))?;
        let plain = if webhook.insecure { PlainHttp::Anywhere } else { PlainHttp::ThisMachine };
        let address = Address::of_url(&address.to_string(), plain).map_err(|_| {
            wrong(format!(
                "{shown} is another machine over plain http; expected https, or the words insecure = true"
            ))
        })?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let (secret, authority) = (webhook.secret_file.clone(), webhook.ca.clone());
        Ok(Self { name: name.to_owned(), address, path, secret, authority })
    }
}

impl Webhook {
    /// The server of a configured webhook.
    ///
    /// # Errors
    /// What is wrong with it or its files, in a line.
    pub fn of(webhook: &config::Webhook) -> Result<Self, String> {
        let Target { name, address, path, secret, authority } = Target::of(webhook)?;
        let key = format!("alarms.webhook `{name}`");
        let octets = octets(&secret::of_file(&key, &secret)?)
            .ok_or_else(|| format!("{key}: {}: {NO_SECRET}", secret.display()))?;
        let roots = match authority {
            Some(file) => {
                let found = roots::of_file(&key, &file)?;
                Roots::These(found.iter().map(|der| der.to_vec()).collect())
            }
            None => Roots::System,
        };
        Ok(Self { name, address, path, key: hmac::Key::new(hmac::HMAC_SHA256, &octets), roots })
    }

    /// The name among the channels.
    #[must_use]
    pub fn channel(&self) -> String {
        format!("webhook:{}", self.name)
    }

    /// Posts alarms.
    ///
    /// # Errors
    /// [`Setback`].
    pub async fn send(&self, alarms: &[&Alarm], now: i64) -> Result<(), Setback> {
        let told = |setback: Setback| setback.at(&self.address.to_string());
        let documents: Vec<_> = alarms.iter().map(|alarm| AlarmDocument::of((*alarm).clone())).collect();
        let body =
            serde_json::to_string(&documents).map_err(|error| told(Setback::Refused(error.to_string())))?;
        let headers = self.headers(alarms, now, &body);
        let sent = post(&self.address, &self.roots, Post { path: self.path.clone(), headers, body }).await;
        match sent {
            Ok(status) if status.is_success() => Ok(()),
            Ok(status) => Err(told(Setback::Refused(refused(status)))),
            Err(ClientFault::Unreachable(why)) => Err(told(Setback::Refused(why))),
            Err(ClientFault::Unanswered(why)) => Err(told(Setback::Unknown(why))),
        }
    }

    /// What the specification has beside the body. The same alarms are the same message, whenever they are sent.
    fn headers(&self, alarms: &[&Alarm], now: i64, body: &str) -> Vec<(&'static str, String)> {
        let mut ids: Vec<&str> = alarms.iter().map(|alarm| alarm.id.as_str()).collect();
        ids.sort_unstable();
        let mut hash = Sha256::new();
        for part in ids {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let hash: [u8; 32] = hash.finalize().into();
        let id = format!("msg_{}", HEXLOWER.encode(hash.get(..16).unwrap_or(&hash)));
        let signature = hmac::sign(&self.key, format!("{id}.{now}.{body}").as_bytes());
        vec![
            ("webhook-signature", format!("v1,{}", BASE64.encode(signature.as_ref()))),
            ("webhook-timestamp", now.to_string()),
            ("webhook-id", id),
        ]
    }
}

const NO_SECRET: &str =
    "expected `whsec_` and base64 of 24 to 64 octets, such as of: openssl rand -base64 32";

fn octets(text: &str) -> Option<Vec<u8>> {
    let octets = BASE64.decode(text.strip_prefix(PREFIX)?.as_bytes()).ok()?;
    SECRET.contains(&octets.len()).then_some(octets)
}

fn refused(status: StatusCode) -> String {
    match status {
        StatusCode::GONE => {
            "answered 410: it is gone and wants no more; take it out of the configuration and drop what waits"
                .to_owned()
        }
        status if status.is_redirection() => {
            format!("answered {}: it points elsewhere, which is not followed", status.as_u16())
        }
        status => format!("answered {}", status.as_u16()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_one_of_the_specification() {
        let text = |length: usize| format!("{PREFIX}{}", BASE64.encode(&vec![7; length]));
        for (length, is_one) in [(23, false), (24, true), (64, true), (65, false)] {
            assert_eq!(octets(&text(length)).is_some(), is_one, "{length}");
        }
        for none in ["", "whsec_", "whsec_?", &BASE64.encode(&[7; 32])] {
            assert_eq!(octets(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_no_success_is_said() {
        assert!(refused(StatusCode::GONE).starts_with("answered 410: it is gone"));
        assert!(refused(StatusCode::FOUND).contains("not followed"));
        assert_eq!(refused(StatusCode::BAD_GATEWAY), "answered 502");
    }

    // the example of the specification's reference libraries
    #[test]
    fn the_signature_is_that_of_the_specification() {
        let octets = octets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &octets);
        let signed = hmac::sign(&key, br#"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#);
        assert_eq!(BASE64.encode(signed.as_ref()), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
