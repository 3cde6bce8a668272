//! The document of a node's own: whether CRLs are a source there, and where they come from (R-CRL-14). Everything else
//! is the deployment's, so that a change of that holds on every node. In which release a node may have one is
//! `management::node_policy`'s.

use toml::de::DeTable;

use super::reader::{Entry, Reader, entries_of};
use super::section::revocation::uris;
use super::section::{narrow, set};
use super::{DocumentError, combination, key, open};
use crate::settings::Settings;
use crate::settings::revocation::StatusSource;

/// The settings of a node: those of the deployment with what the node's own document says instead.
///
/// # Errors
/// [`DocumentError`], the first in the order of the node's own document.
pub fn parse_own(deployment: &Settings, text: &str) -> Result<Settings, DocumentError> {
    let table = open(text)?;
    let mut reader = Reader::new(text);
    let settings = document(&mut reader, table.get_ref(), deployment.clone());
    match reader.into_error() {
        None => Ok(settings),
        Some(error) => Err(error),
    }
}

fn document<'d>(reader: &mut Reader<'d>, table: &'d DeTable<'d>, mut settings: Settings) -> Settings {
    let entries = entries_of(table, "");
    let mut written = combination::Written::nothing(settings.mode);
    for entry in &entries {
        match entry.name {
            "crl" => crl(reader, entry, &mut settings, &mut written),
            _ => reader.unknown_key(entry, key::OWN),
        }
    }
    if reader.is_sound() {
        combination::crl_without_uri(reader, &settings, &written);
    }
    if reader.is_sound() {
        // a node cannot go around the mode either (R-CC-14)
        narrow(reader, &mut settings, &written);
    }
    settings
}

/// R-CRL-12, R-CRL-13.
fn crl<'d>(
    reader: &mut Reader<'d>,
    table: &Entry<'d>,
    settings: &mut Settings,
    written: &mut combination::Written<'d>,
) {
    for entry in reader.entries(table) {
        match entry.name {
            "enabled" => {
                if let Some(is_enabled) = reader.boolean(&entry) {
                    enable(&mut settings.revocation.sources, is_enabled);
                }
            }
            "uri" => {
                set(&mut settings.crl.uri, reader.word(&entry, key::URI_CHOICES));
                written.crl_uri = Some(entry);
            }
            "configured" => {
                settings.crl.configured = uris(reader, &entry);
                written.crl_configured = Some(entry);
            }
            _ => reader.unknown_key(&entry, key::OWN_CRL),
        }
    }
}

/// Where the deployment asks for no CRL, a node that does asks for it last.
fn enable(sources: &mut Vec<StatusSource>, is_enabled: bool) {
    if !is_enabled {
        sources.retain(|source| *source != StatusSource::Crl);
    } else if !sources.contains(&StatusSource::Crl) {
        sources.push(StatusSource::Crl);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Mode;
    use crate::settings::document::{format, parse};
    use crate::settings::revocation::UriChoice;

    const OCSP_ONLY: &str = "[revocation]\nsources = [\"ocsp\"]\n";

    fn refused(deployment: &str, own: &str) -> (u32, u32, &'static str) {
        let error = parse_own(&parse(deployment).unwrap(), own).unwrap_err();
        (error.line, error.column, error.code())
    }

    // R-CRL-14
    #[test]
    fn r_crl_14_a_node_switches_crls_and_names_its_distribution_point() {
        let deployment = parse(OCSP_ONLY).unwrap();
        assert_eq!(parse_own(&deployment, ""), Ok(deployment.clone()));
        let own = "[crl]\nenabled = true\nuri = \"configured\"\nconfigured = [\"http://c.example/n.crl\"]\n";
        let node = parse_own(&deployment, own).unwrap();
        assert_eq!(node.revocation.sources, [StatusSource::Ocsp, StatusSource::Crl]);
        assert_eq!(node.crl.uri, UriChoice::Configured);
        assert_eq!(node.crl.configured, ["http://c.example/n.crl"]);
        // nothing else is another
        let mut same = node.clone();
        (same.revocation, same.crl) = (deployment.revocation.clone(), deployment.crl.clone());
        assert_eq!(same, deployment);
        let off = parse_own(&node, "[crl]\nenabled = false").unwrap();
        assert_eq!(off.revocation.sources, [StatusSource::Ocsp]);
        // switched on twice is on once, and the order is the deployment's
        let both = parse("[revocation]\nsources = [\"crl\", \"ocsp\"]").unwrap();
        assert_eq!(parse_own(&both, "[crl]\nenabled = true"), Ok(both));
    }

    #[test]
    fn a_node_has_nothing_else_of_its_own() {
        assert_eq!(refused("", "profile = \"uc-legacy\""), (1, 1, "settings.unknown-key"));
        assert_eq!(refused("", "[levels]\n\"name.mismatch\" = \"warn\""), (1, 2, "settings.unknown-key"));
        assert_eq!(refused("", "[crl]\nmaximum-age-seconds = 9"), (2, 1, "settings.unknown-key"));
        assert_eq!(refused("", "[crl]\nenabled = 1").2, "settings.wrong-type");
        assert_eq!(refused("", "[crl").2, "settings.syntax");
        assert_eq!(refused("", &" ".repeat(super::super::MAXIMUM_OCTETS + 1)).2, "settings.too-large");
    }

    // R-CRL-13
    #[test]
    fn r_crl_13_a_configured_point_must_be_named() {
        let (line, _, code) = refused(OCSP_ONLY, "[crl]\nenabled = true\nuri = \"configured\"");
        assert_eq!((line, code), (3, "settings.contradiction"));
    }

    // R-CC-14
    #[test]
    fn r_cc_14_a_node_cannot_go_around_the_mode() {
        let deployment = parse("common-criteria = true").unwrap();
        for own in ["[crl]\nenabled = false", "[crl]\nenabled = true"] {
            let node = parse_own(&deployment, own).unwrap();
            assert_eq!(node.mode, Mode::CommonCriteria);
            // and it is a document like any other
            assert_eq!(parse(&format(&node)), Ok(node));
        }
    }
}
