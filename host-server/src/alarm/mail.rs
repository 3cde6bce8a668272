//! Alarms by mail: one digest for everything that waits for one recipient, over SMTP (RFC 5321), with TLS from the
//! beginning (RFC 8314) or by STARTTLS (RFC 3207), which is then required and never only tried. The message is made by
//! `lettre`; what stands in a certificate is in its body alone, and no octet of it in a header.
//!
//! Until the message was handed over nothing has arrived, whatever went wrong; behind that a fault may have come too
//! late, so the same message is sent again, under the same `Message-ID` (RFC 5322 3.6.4).

mod digest;

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use data_encoding::HEXLOWER;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::CertificateDer;

use super::syslog::host_and_port;
use super::{roots, secret};
use crate::config::Alarms;
use crate::storage::{Alarm, Setback};

/// How long a server may take for one command, and for a connection to stand.
const STEP: Duration = Duration::from_secs(15);
/// How long it may take for everything.
const PATIENCE: Duration = Duration::from_secs(40);
/// How long it may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);
/// Ways to sign in, over TLS alone.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
/// RFC 3834 5: nobody answers this by a machine.
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

/// How a mail server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// In the open.
    Open,
    /// By STARTTLS.
    StartTls,
    /// Over TLS from the beginning.
    Tls,
}

/// Where the mail server is, and who sends: what the configuration says, before any file is read.
#[derive(Clone, Debug)]
pub struct Plan {
    security: Security,
    host: String,
    port: u16,
    from: Address,
    authority: Option<PathBuf>,
    sign_in: Option<(String, PathBuf)>,
}

/// A mail server.
pub struct Mail {
    plan: Plan,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    hello: ClientId,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.security {
            Security::Open => "smtp",
            Security::StartTls => "smtp+starttls",
            Security::Tls => "smtps",
        };
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{scheme}://{open}{}{close}:{}", self.host, self.port)
    }
}

impl Plan {
    /// The mail server that is configured, if any is.
    ///
    /// # Errors
    /// What is wrong with it, in a line.
    pub fn of(alarms: &Alarms) -> Result<Option<Self>, String> {
        let Some(text) = &alarms.smtp else {
            let beside = [
                ("smtp-ca", alarms.smtp_ca.is_some()),
                ("smtp-user", alarms.smtp_user.is_some()),
                ("smtp-password-file", alarms.smtp_password_file.is_some()),
                ("mail-from", alarms.mail_from.is_some()),
            ];
            let lonely = beside.into_iter().find(|(_, is_set)| *is_set);
            return lonely.map_or(Ok(None), |(name, _)| {
                Err(format!("alarms.smtp: expected a mail server beside `{name}`"))
            });
        };
        let (security, host, port) = server(text)?;
        let sign_in = match (&alarms.smtp_user, &alarms.smtp_password_file) {
            (Some(user), Some(file)) => Some((user.clone(), file.clone())),
            (None, None) => None,
            _ => return Err(BOTH_OR_NEITHER.to_owned()),
        };
        if security == Security::Open && sign_in.is_some() {
            return Err(OPEN_PASSWORD.to_owned());
        }
        let from = sender(alarms.mail_from.as_deref())?;
        Ok(Some(Self { security, host, port, from, authority: alarms.smtp_ca.clone(), sign_in }))
    }
}

const BOTH_OR_NEITHER: &str = "alarms.smtp-user and alarms.smtp-password-file: expected both or neither";
const OPEN_PASSWORD: &str =
    "alarms.smtp: a password would go out in the open; expected smtp+starttls:// or smtps://";

fn server(text: &str) -> Result<(Security, String, u16), String> {
    let shown: String = text.chars().take(100).collect();
    let wrong = || {
        format!(
            "alarms.smtp: found `{}`; expected smtp://HOST:PORT, smtp+starttls://HOST:PORT or smtps://HOST:PORT",
            shown.escape_debug()
        )
    };
    let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
    let (security, usual) = match scheme {
        "smtp" => (Security::Open, 25),
        "smtp+starttls" => (Security::StartTls, 587),
        "smtps" => (Security::Tls, 465),
        _ => return Err(wrong()),
    };
    let (host, port) = host_and_port(rest, usual).ok_or_else(wrong)?;
    Ok((security, host, port))
}

fn sender(from: Option<&str>) -> Result<Address, String> {
    let from = from.ok_or("alarms.mail-from: expected the address that mail comes from")?;
    from.parse::<Address>().map_err(|error| {
        let shown: String = from.chars().take(100).collect();
        format!("alarms.mail-from: found `{}`; expected an address ({error})", shown.escape_debug())
    })
}

impl Mail {
    /// The mail server that is configured, as this node speaks to it.
    ///
    /// # Errors
    /// What is wrong with its address or its files, in a line.
    pub fn of(alarms: &Alarms, node: &str) -> Result<Option<Self>, String> {
        let Some(plan) = Plan::of(alarms)? else { return Ok(None) };
        let tls = match plan.security {
            Security::Open => None,
            Security::StartTls | Security::Tls => Some(parameters(&plan)?),
        };
        let credentials = match &plan.sign_in {
            Some((user, file)) => {
                let password = secret::of_file("alarms.smtp-password-file", file)?;
                Some(Credentials::new(user.clone(), password.to_string()))
            }
            None => None,
        };
        Ok(Some(Self { plan, tls, credentials, hello: ClientId::Domain(node.to_owned()) }))
    }

    /// Sends a digest of alarms to a recipient, for whom `more` others wait still.
    ///
    /// # Errors
    /// [`Setback`].
    pub async fn send(&self, recipient: &str, alarms: &[&Alarm], more: i64) -> Result<(), Setback> {
        let told = |setback: Setback| setback.at(&self.plan.to_string());
        let message = self.message(recipient, alarms, more).map_err(|why| told(Setback::Refused(why)))?;
        // whoever is not heard of in time while the message is handed over may have it
        let mut has_begun = false;
        let sent = timeout(PATIENCE, self.hand_over(&message, &mut has_begun)).await;
        match sent {
            Ok(sent) => sent.map_err(told),
            Err(_) if has_begun => Err(told(Setback::Unknown("no answer in time".to_owned()))),
            Err(_) => Err(told(Setback::Refused("no answer in time".to_owned()))),
        }
    }

    async fn hand_over(&self, message: &Message, has_begun: &mut bool) -> Result<(), Setback> {
        let mut connection = self.connected().await.map_err(|error| Setback::Refused(error.to_string()))?;
        *has_begun = true;
        let sent = connection.send(message.envelope(), &message.formatted()).await;
        let outcome = match sent {
            Ok(_) => Ok(()),
            // an answer that refuses is the server's word that it does not have it
            Err(error) if error.status().is_some() || error.is_client() => {
                Err(Setback::Refused(error.to_string()))
            }
            Err(error) => Err(Setback::Unknown(error.to_string())),
        };
        // it has it or not by now; how the connection ends is of no matter
        let _ended = timeout(GOODBYE, connection.abort()).await;
        outcome
    }

    /// A connection that is as safe as it is to be, signed in.
    async fn connected(&self) -> Result<AsyncSmtpConnection, lettre::transport::smtp::Error> {
        let server = (self.plan.host.as_str(), self.plan.port);
        let from_the_beginning = self.tls.clone().filter(|_| self.plan.security == Security::Tls);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(STEP), &self.hello, from_the_beginning, None)
                .await?;
        if self.plan.security == Security::StartTls
            && let Some(tls) = &self.tls
        {
            // refused where the server does not offer it: nothing goes out in the open
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(&MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    /// The message. The same alarms for the same recipient are the same message, but for what waits behind it.
    fn message(&self, recipient: &str, alarms: &[&Alarm], more: i64) -> Result<Message, String> {
        let to = recipient.parse::<Address>().map_err(|error| format!("{recipient:?}: {error}"))?;
        let newest = alarms.iter().map(|alarm| alarm.raised_at).max().unwrap_or_default();
        let raised = Duration::from_secs(u64::try_from(newest).unwrap_or_default());
        let digest = digest::of(alarms, more);
        Message::builder()
            .from(Mailbox::new(Some("Assayer".to_owned()), self.plan.from.clone()))
            .to(Mailbox::new(None, to))
            .subject(digest.subject)
            .date(SystemTime::UNIX_EPOCH.checked_add(raised).unwrap_or(SystemTime::UNIX_EPOCH))
            .message_id(Some(self.message_id(recipient, alarms)))
            .raw_header(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()))
            .header(lettre::message::header::MIME_VERSION_1_0)
            .header(ContentType::TEXT_PLAIN)
            .body(digest.text)
            .map_err(|error| error.to_string())
    }

    fn message_id(&self, recipient: &str, alarms: &[&Alarm]) -> String {
        let mut ids: Vec<&str> = alarms.iter().map(|alarm| alarm.id.as_str()).collect();
        ids.sort_unstable();
        let mut hash = Sha256::new();
        for part in ids.into_iter().chain([recipient]) {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let hash: [u8; 32] = hash.finalize().into();
        let domain = self.plan.from.domain();
        format!("<{}@{domain}>", HEXLOWER.encode(hash.get(..16).unwrap_or(&hash)))
    }
}

/// Whom the server must be certified by: those of the file alone, or those of this machine.
fn parameters(plan: &Plan) -> Result<TlsParameters, String> {
    let certificates = match &plan.authority {
        Some(file) => roots::of_file("alarms.smtp-ca", file)?,
        // roots that cannot be read are left out: fewer roots only ever refuse
        None => {
            let is_usable = |der: &CertificateDer<'static>| RootCertStore::empty().add(der.clone()).is_ok();
            rustls_native_certs::load_native_certs().certs.into_iter().filter(is_usable).collect()
        }
    };
    // a name in brackets is none that a certificate could hold
    let name = match plan.host.parse::<IpAddr>() {
        Ok(address) => address.to_string(),
        Err(_) => plan.host.clone(),
    };
    let wrong = |error: lettre::transport::smtp::Error| format!("alarms.smtp: {error}");
    let mut parameters = TlsParameters::builder(name).certificate_store(CertificateStore::None);
    for certificate in certificates {
        parameters =
            parameters.add_root_certificate(Certificate::from_der(certificate.to_vec()).map_err(wrong)?);
    }
    parameters.build_rustls().map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        let alarms = Alarms {
            smtp: Some("smtp://mail.example".to_owned()),
            mail_from: Some("assayer@example.org".to_owned()),
            ..Alarms::default()
        };
        Mail::of(&alarms, "n1").unwrap().unwrap()
    }

    #[test]
    fn the_same_alarms_for_the_same_recipient_are_the_same_message() {
        let (one, two) = (digest::tests::alarm("1", "CN=a", 3), digest::tests::alarm("2", "CN=b", 4));
        let mail = mail();
        let message = |recipient: &str, alarms: &[&Alarm]| {
            String::from_utf8(mail.message(recipient, alarms, 0).unwrap().formatted()).unwrap()
        };
        assert_eq!(message("a@x.example", &[&one, &two]), message("a@x.example", &[&one, &two]));
        let id = |text: &str| {
            text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).map(str::to_owned).unwrap()
        };
        let first = id(&message("a@x.example", &[&one, &two]));
        assert!(first.starts_with('<') && first.ends_with("@example.org>"), "{first}");
        assert_eq!(first, id(&message("a@x.example", &[&two, &one])));
        assert_ne!(first, id(&message("b@x.example", &[&one, &two])));
        assert_ne!(first, id(&message("a@x.example", &[&one])));
    }

    // R-MON-14
    #[test]
    fn no_octet_of_a_certificate_is_in_a_header() {
        let hostile = format!("CN=a\r\nBcc: everybody@x.example\r\n\r\n{}", "x".repeat(10_000));
        let alarm = digest::tests::alarm("1", &hostile, 3);
        let message = mail().message("a@x.example", &[&alarm], 0).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let names: Vec<&str> = head
            .lines()
            .filter(|line| !line.starts_with(' '))
            .map(|line| line.split(':').next().unwrap())
            .collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(
            sorted,
            [
                "Auto-Submitted",
                "Content-Transfer-Encoding",
                "Content-Type",
                "Date",
                "From",
                "MIME-Version",
                "Message-ID",
                "Subject",
                "To"
            ]
        );
        assert!(!head.contains("CN=") && !head.contains("everybody"), "{head}");
        assert!(head.contains("Date: Thu, 01 Jan 1970 00:00:07 +0000"), "{head}");
        assert!(!body.lines().any(|line| line.starts_with("Bcc:")), "{body}");
        assert!(body.lines().all(|line| line.len() <= 998));
        assert_eq!(message.envelope().to().len(), 1);
    }

    #[test]
    fn a_recipient_that_is_none_is_a_setback_and_no_header() {
        let alarm = digest::tests::alarm("1", "CN=a", 3);
        for recipient in ["", "a", "a@x.example\r\nBcc: b@x.example", "a@x.example>, <b@x.example"] {
            assert!(mail().message(recipient, &[&alarm], 0).is_err(), "{recipient}");
        }
    }
}
