//! Where alarms go, as it is configured, and what is wrong with that. Who is told by mail is not here: those who may
//! change the policy say so, in `[monitoring]` (R-MON-11, R-MON-13).

use std::path::PathBuf;

use serde::Deserialize;

use crate::alarm::{mail, syslog, webhook};

/// How long alarms that are over are kept unless told otherwise, in days.
const KEEP_DAYS: u32 = 400;
/// Most webhooks.
const MOST_WEBHOOKS: usize = 16;

/// Where alarms go.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Alarms {
    /// A syslog receiver: `udp://HOST:PORT`, `tcp://HOST:PORT` or `tls://HOST:PORT`.
    pub syslog: Option<String>,
    /// The certificates (PEM) that a receiver over TLS must be certified by.
    pub syslog_ca: Option<PathBuf>,
    /// A mail server: `smtp://HOST:PORT`, `smtp+starttls://HOST:PORT` or `smtps://HOST:PORT`.
    pub smtp: Option<String>,
    /// The certificates (PEM) that the mail server must be certified by; else the roots of this machine.
    pub smtp_ca: Option<PathBuf>,
    /// As whom to sign in to the mail server.
    pub smtp_user: Option<String>,
    /// File with the password for that, readable by its owner alone.
    pub smtp_password_file: Option<PathBuf>,
    /// The address that mail comes from.
    pub mail_from: Option<String>,
    /// Servers that are told by HTTP.
    pub webhook: Vec<Webhook>,
    /// How many days alarms that are over are kept.
    pub keep_days: u32,
}

/// A server that is told by HTTP.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Webhook {
    /// Its name among the channels.
    pub name: String,
    /// Where it is told.
    pub url: String,
    /// File with the secret that what it is told is signed with, readable by its owner alone.
    pub secret_file: PathBuf,
    /// The certificates (PEM) that it must be certified by; else the roots of this machine.
    pub ca: Option<PathBuf>,
    /// Plain HTTP to another machine: only with these words.
    #[serde(default)]
    pub insecure: bool,
}

impl Default for Alarms {
    fn default() -> Self {
        Self {
            syslog: None,
            syslog_ca: None,
            smtp: None,
            smtp_ca: None,
            smtp_user: None,
            smtp_password_file: None,
            mail_from: None,
            webhook: Vec::new(),
            keep_days: KEEP_DAYS,
        }
    }
}

impl Alarms {
    /// What is wrong with it, as far as that shows without the files that it names.
    ///
    /// # Errors
    /// One line, with what was expected.
    pub fn check(&self) -> Result<(), String> {
        if let Some(text) = &self.syslog {
            let address =
                syslog::Address::read(text).map_err(|expected| format!("alarms.syslog: {expected}"))?;
            if address.transport == syslog::Transport::Tls && self.syslog_ca.is_none() {
                return Err(syslog::NO_AUTHORITY.to_owned());
            }
        }
        mail::Plan::of(self)?;
        if self.webhook.len() > MOST_WEBHOOKS {
            return Err(format!(
                "alarms.webhook: found {}; expected at most {MOST_WEBHOOKS}",
                self.webhook.len()
            ));
        }
        for (index, webhook) in self.webhook.iter().enumerate() {
            webhook::Target::of(webhook)?;
            if self.webhook.iter().take(index).any(|other| other.name == webhook.name) {
                return Err(format!(
                    "alarms.webhook: found `{}` twice; expected names of their own",
                    webhook.name
                ));
            }
        }
        if !(1..=36_500).contains(&self.keep_days) {
            return Err(format!("alarms.keep-days: found {}; expected 1 to 36500", self.keep_days));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Configuration;

    fn refused(alarms: &str) -> String {
        Configuration::read(&format!("[alarms]\n{alarms}")).unwrap_err().to_string()
    }

    fn accepted(alarms: &str) {
        Configuration::read(&format!("[alarms]\n{alarms}")).unwrap();
    }

    #[test]
    fn a_syslog_receiver_has_an_address_and_an_authority() {
        assert!(
            refused("syslog = 'logs:514'\n").starts_with("alarms.syslog: found `logs:514`; expected udp://")
        );
        assert!(refused("syslog = 'tls://logs'\n").starts_with("alarms.syslog-ca: expected a file"));
    }

    #[test]
    fn a_mail_server_has_a_sender_and_no_password_in_the_open() {
        accepted("smtp = 'smtp://mail'\nmail-from = 'a@x.example'\n");
        accepted(
            "smtp = 'smtp+starttls://mail:587'\nmail-from = 'a@x.example'\nsmtp-user = 'u'\nsmtp-password-file = 'p'\n",
        );
        for (alarms, line) in [
            ("smtp = 'mail'\n", "alarms.smtp: found `mail`; expected smtp://HOST:PORT"),
            ("smtp = 'smtp://mail'\n", "alarms.mail-from: expected the address that mail comes from"),
            (
                "smtp = 'smtp://mail'\nmail-from = 'nobody'\n",
                "alarms.mail-from: found `nobody`; expected an address",
            ),
            ("mail-from = 'a@x.example'\n", "alarms.smtp: expected a mail server beside `mail-from`"),
            ("smtp-user = 'u'\n", "alarms.smtp: expected a mail server beside `smtp-user`"),
            (
                "smtp = 'smtps://mail'\nmail-from = 'a@x'\nsmtp-user = 'u'\n",
                "alarms.smtp-user and alarms.smtp-password-file: expected both or neither",
            ),
            (
                "smtp = 'smtp://mail'\nmail-from = 'a@x'\nsmtp-user = 'u'\nsmtp-password-file = 'p'\n",
                "alarms.smtp: a password would go out in the open; expected smtp+starttls:// or smtps://",
            ),
        ] {
            let found = refused(alarms);
            assert!(found.starts_with(line), "{found}");
        }
    }

    #[test]
    fn a_webhook_is_told_over_tls_or_on_this_machine_or_with_these_words() {
        let hook = |name: &str, url: &str, more: &str| {
            format!("[[alarms.webhook]]\nname = '{name}'\nurl = '{url}'\nsecret-file = 's'\n{more}")
        };
        accepted(&hook("chat", "https://chat.example/in?room=1", ""));
        accepted(&hook("chat", "http://127.0.0.1:8080/", ""));
        accepted(&hook("chat", "http://chat.example/", "insecure = true\n"));
        let open = refused(&hook("chat", "http://chat.example/", ""));
        assert!(open.starts_with("alarms.webhook `chat`: http://chat.example/ is another machine"), "{open}");
        let none = refused(&hook("chat", "ftp://chat.example/", ""));
        assert!(none.starts_with("alarms.webhook `chat`: "), "{none}");
        let name = refused(&hook("Chat Room", "https://chat.example/", ""));
        assert!(name.starts_with("alarms.webhook.name: found `Chat Room`; expected 1 to 32"), "{name}");
        let twice = hook("a", "https://a.example", "") + &hook("a", "https://b.example", "");
        assert!(refused(&twice).contains("found `a` twice"));
        assert!(refused("keep-days = 0\n").contains("expected 1 to 36500"));
        accepted("keep-days = 1\n");
    }
}
