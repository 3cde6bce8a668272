//! Snapshots of some sentences, and what holds for all of them.

use super::*;

fn details<'d>(values: &[(&'d str, &str)]) -> Vec<(&'d str, String)> {
    values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

#[track_caller]
fn check_sentence(code: &str, values: &[(&str, &str)], expected: &str) {
    assert_eq!(sentence(code, &details(values)), expected);
}

#[test]
fn findings_say_what_was_compared() {
    let ends = [("notAfter", "2026-11-20T00:00:00Z"), ("at", "2026-11-21T12:00:00Z")];
    let expected = "The certificate expired on 2026-11-20T00:00:00Z and was checked for 2026-11-21T12:00:00Z";
    check_sentence("validity.expired", &ends, expected);
    let names = [("expected", "a.example"), ("presented", "b.example"), ("presented", "c.example")];
    let expected = "The certificate is not for \"a.example\"; it is for: b.example, c.example";
    check_sentence("identity.mismatch", &names, expected);
    let sizes = [("bits", "1024"), ("minimum", "2048"), ("maximum", "8192")];
    let expected = "The certificate's key has 1024 bits; the policy accepts 2048 to 8192";
    check_sentence("algorithm.key-size", &sizes, expected);
    let name = [("form", "dNSName"), ("name", "evil.example"), ("constrainedBy", "2"), ("base", ".example")];
    let expected = "The DNS name \"evil.example\" is among the names that an authority above must not issue \
                    certificates for: .example (constrainedBy: 2)";
    check_sentence("name-constraints.excluded", &name, expected);
    check_sentence(
        "key-usage.empty",
        &[],
        "The certificate says that its key may be used for nothing at all",
    );
}

#[test]
fn planned_operations_say_what_was_found_and_what_would_be_accepted() {
    let hash = [
        ("field", "hash"),
        ("found", "SHA256"),
        ("keyLength", "384"),
        ("accepted", "SHA384"),
        ("accepted", "SHA512"),
    ];
    let expected =
        "The hash SHA256 is weaker than the key of 384 bits; what is accepted: SHA384, SHA512 (field: hash)";
    assert_eq!(management_sentence("issuance.hash-too-weak", &details(&hash)), expected);
    let names = [("name", "dNSName a.example"), ("name", "dNSName b.example")];
    let expected =
        "The certificate has names that the request does not ask for: dNSName a.example, dNSName b.example";
    assert_eq!(management_sentence("returned.name-extra", &details(&names)), expected);
    assert_eq!(management_title("regeneration.reordered"), "Order was changed");
}

#[test]
fn alarms_say_what_expires_when_and_what_to_do() {
    let values = [
        ("subject", "CN=a\r\n<1>"),
        ("serial", "0a"),
        ("left", "1 day"),
        ("notAfter", "2026-11-21T12:00:00Z"),
    ];
    let expected = "The certificate \"CN=a\\u{d}\\u{a}<1>\" (serial number 0a) expires in 1 day, at 2026-11-21T12:00:00Z";
    assert_eq!(alarm_sentence("expiry.approaching", &details(&values)), expected);
    assert_eq!(alarm_title("expiry.expired"), "Certificate has expired");
    let places = [("place", "tomcat on node-1"), ("place", "tomcat on node-2")];
    let action = alarm_action("identity", &details(&places));
    assert!(action.ends_with("in its place: tomcat on node-1, tomcat on node-2"), "{action}");
    assert_eq!((alarm::days(1), alarm::days(0)), ("1 day".to_owned(), "0 days".to_owned()));
}

#[test]
fn alarms_say_what_was_revoked_and_which_connection_is_to_be_cut() {
    let subject = [("subject", "CN=a"), ("serial", "0a")];
    let revoked = [("revokedAt", "2026-11-21T12:00:00Z"), ("authority", "CN=b")];
    let expected = "The certificate \"CN=a\" (serial number 0a) is not to be trusted any more: it was revoked at \
                    2026-11-21T12:00:00Z; what was revoked is \"CN=b\" above it";
    assert_eq!(alarm_sentence("revocation.revoked", &details(&[subject, revoked].concat())), expected);
    let cut = [("class", "LDAP"), ("peer", "ldap.example"), ("owner", "alice"), ("why", "validity.expired")];
    let values = details(&[subject.as_slice(), &cut].concat());
    let expected = "The certificate \"CN=a\" (serial number 0a) behind the LDAP connection to ldap.example is not to be \
                    trusted any more: validity.expired; alice registered the connection";
    assert_eq!(alarm_sentence("connection.cut", &values), expected);
    // what is to be done compares nothing
    let expected =
        "Cut the connection to ldap.example, and end it here; let it be made again with another certificate";
    assert_eq!(alarm_action("connection.cut", &values), expected);
}

#[test]
fn absent_values_leave_a_whole_sentence() {
    let expected =
        "No trusted certificate of the issuer \"CN=R\" was found, so nothing vouches for this certificate";
    check_sentence("path.issuer-not-found", &[("issuer", "CN=R")], expected);
    let expected = "The certificate is not for \"a.example\"; it is for: none";
    check_sentence("identity.mismatch", &[("expected", "a.example"), ("presented", "")], expected);
}

#[test]
fn hostile_values_stay_inside_their_place() {
    let name = [("expected", "a"), ("presented", "\u{202e}x\"\n{at}[")];
    let expected = r#"The certificate is not for "a"; it is for: \u{202e}x\"\u{a}{at}["#;
    check_sentence("identity.mismatch", &name, expected);
}

#[test]
fn an_unknown_code_is_shown_with_its_values() {
    check_sentence("new.code", &[("a", "1"), ("b", "2")], "new.code (a: 1; b: 2)");
    assert_eq!(title("new.code"), "Rule without a title");
    assert_eq!(counterfactual("new-change", &[]), "new-change");
    assert_eq!(refusal("input.new", "file", &details(&[("x", "1")])), "file: input.new (x: 1)");
}

#[test]
fn refusals_say_where_and_what_to_do() {
    let key = [
        ("line", "3"),
        ("column", "1"),
        ("key", "profil"),
        ("found", "profil"),
        ("nearest", "profile"),
        ("expected", "profile"),
        ("expected", "strictness"),
    ];
    let expected = "settings, line 3, column 1, key profil: \"profil\" is not a known key; did you mean \"profile\"?; \
                    those known here are: profile, strictness";
    assert_eq!(refusal("settings.unknown-key", "settings", &details(&key)), expected);
    let damaged =
        [("certificate", "0"), ("offset", "17"), ("field", "serialNumber"), ("problem", "truncated")];
    let expected = "file: this is not a readable certificate (number 1 in the file): it ends too early, in the field \
                    \"serialNumber\", at octet 17; get the certificate again from its issuer";
    assert_eq!(refusal("input.malformed", "file", &details(&damaged)), expected);
    let pem = [("line", "12"), ("expected", "CERTIFICATE"), ("found", "PKCS7")];
    let expected = "anchor 3, line 12: a PEM block that begins as \"CERTIFICATE\" ends as \"PKCS7\"; copy the block \
                    again, whole and unchanged";
    assert_eq!(refusal("input.pem-mismatch", "anchor 3", &details(&pem)), expected);
}

#[test]
fn a_document_that_cannot_be_is_told_what_it_contradicts() {
    let at = |line, column, key| vec![("line", line), ("column", column), ("key", key)];
    let told = |code, place: Vec<(&'static str, &'static str)>, values: &[(&'static str, &'static str)]| {
        refusal(code, "settings", &details(&[place, values.to_vec()].concat()))
    };
    let place = at("2", "8", "fips");
    let expected = "settings, line 2, column 8, key fips: this does not go together with common-criteria, which is or \
                    lacks \"true\"; change one of the two";
    let values = [("with", "common-criteria"), ("value", "true")];
    assert_eq!(told("settings.contradiction", place, &values), expected);
    let place = at("1", "12", "ocsp.uri");
    let expected = "settings, line 1, column 12, key ocsp.uri: this does not go together with ocsp.configured, which is \
                    or lacks \"URI\"; change one of the two";
    let values = [("with", "ocsp.configured"), ("value", "URI")];
    assert_eq!(told("settings.contradiction", place, &values), expected);
    let place = at("4", "3", "crl.configured[1]");
    let expected = "settings, line 4, column 3, key crl.configured[1]: \"ldap://a/\" cannot be asked for a status \
                    (problem: scheme); give an absolute http or https URI with a host, without user information and \
                    fragment, at most 1024 characters long";
    let values = [("found", "ldap://a/"), ("problem", "scheme")];
    assert_eq!(told("settings.uri", place, &values), expected);
}

#[test]
fn findings_of_management_say_what_was_found_and_what_would_be_accepted() {
    let check = |code: &str, values: &[(&str, &str)], expected: &str| {
        assert_eq!(management_sentence(code, &details(values)), expected);
    };
    let values = [("found", "p-256"), ("accepted", "rsa"), ("purpose", "tomcat-ECDSA")];
    let expected = "The key of the certificate is p-256, and the purpose takes keys of the kind rsa; for this key \
                    there is \"tomcat-ECDSA\"";
    check("identity.key-type", &values, expected);
    let values = [("place", "tomcat-trust"), ("node", ""), ("subject", "CN=R")];
    let expected = "\"CN=R\" was deleted from \"tomcat-trust\", or replaced there, before; confirm that you want it back";
    check("upload.deleted-before", &values, expected);
    let values = [("found", "CA"), ("accepted", "CA-G2"), ("accepted", "CA-2026")];
    let expected = "A new authority called \"CA\" cannot stand beside the old one; have it issued under a name of its \
                    own, such as CA-G2, CA-2026";
    check("replacement.naming", &values, expected);
    assert_eq!(management_title("upload.wildcard"), "Wildcards are not supported");
    assert_eq!(management_title("upload.new"), "Rule without a title");
}

#[test]
fn changes_name_the_setting_and_its_value() {
    let level = [
        ("setting", "levels.\"certificate.version\""),
        ("code", "certificate.version"),
        ("from", "deny"),
        ("to", "warn"),
    ];
    let expected = r#"This check would pass if the policy document set the level of "certificate.version" to "warn" instead of "deny""#;
    assert_eq!(counterfactual("set-level", &details(&level)), expected);
    let path = [("setting", "path.maximum-intermediates"), ("from", "8"), ("to", "9")];
    let expected =
        "This check could pass if path.maximum-intermediates were raised from 8 to 9 in the policy document";
    assert_eq!(counterfactual("raise-limit", &details(&path)), expected);
    let budget = [("setting", "limits.signatures"), ("allowed", "100")];
    let expected = "This check could pass if limits.signatures were raised above 100 in the policy document";
    assert_eq!(counterfactual("raise-limit", &details(&budget)), expected);
}

#[test]
fn every_code_stands_once() {
    let reasons = status::ROWS.iter().map(|row| row.code);
    let mut codes: Vec<_> =
        known_codes().chain(known_changes()).chain(reasons).chain(known_management_codes()).collect();
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
}

#[test]
fn every_title_and_text_is_well_formed() {
    let own = finding::ROWS.iter().chain(change::ROWS).chain(refusal::ROWS).chain(status::ROWS);
    for row in own.chain(management::rows()).chain(management::advice::ROWS) {
        let words = row.title.split(' ').count();
        assert!((2..=6).contains(&words), "{}: {}", row.code, row.title);
        assert!(!row.text.ends_with('.'), "{}", row.code);
        assert_eq!(row.text.matches('{').count(), row.text.matches('}').count(), "{}", row.code);
        assert_eq!(row.text.matches('[').count(), row.text.matches(']').count(), "{}", row.code);
        let bare = template::render(Some(row), row.code, &[]);
        assert!(!bare.contains(['{', '}', '[', ']']), "{bare}");
        assert!(!bare.contains("  "), "{bare}");
    }
    for row in finding::ROWS.iter().chain(change::ROWS) {
        assert!(row.text.starts_with(|letter: char| letter.is_uppercase()), "{}", row.code);
    }
}

#[test]
fn reasons_of_a_status_are_told_with_their_values() {
    let times = [("nextUpdate", "2026-01-07T00:00:00Z"), ("at", "2026-11-21T12:00:00Z")];
    let expected = "the answer was to be replaced by 2026-01-07T00:00:00Z, and it is 2026-11-21T12:00:00Z";
    assert_eq!(status::why("ocsp.stale", &details(&times)), expected);
    let models = [("delegated", "delegate.other-issuer"), ("designated", "designated.none")];
    let expected = "the signer of the answer may not speak for the issuer: the authority that issued the certificate \
                    did not issue the signer's; and as a trusted responder: it is not designated";
    assert_eq!(status::why("ocsp.responder.not-authorised", &details(&models)), expected);
    assert_eq!(
        status::revocation_reason("keyCompromise"),
        "its private key is no longer secret (keyCompromise)"
    );
    assert_eq!(status::revocation_reason("a\nb"), r"a\u{a}b");
    let undetermined = [("reason", "ocsp.no-responder-uri")];
    let expected = "Nobody could be asked, or nobody usable answered, whether the certificate has been revoked (the \
                    certificate names no OCSP responder, and the policy configures none)";
    check_sentence("revocation.undetermined", &undetermined, expected);
    let found = refusal("input.no-crl", "a.crl", &details(&[("instead", "input.html")]));
    assert!(
        found.starts_with("a.crl: this is no certificate revocation list, but something else: Web page; "),
        "{found}"
    );
}

#[test]
fn a_key_with_quotation_marks_reads_as_it_is_written() {
    let values = [
        ("line", "2"),
        ("column", "3"),
        ("key", "levels.\"validity.expired\""),
        ("code", "validity.expired"),
        ("clause", "RFC 5280 6.1.3 (a)(2)"),
    ];
    let expected = "settings, line 2, column 3, key levels.\"validity.expired\": the standard leaves no room to change \
                    the level of \"validity.expired\" (RFC 5280 6.1.3 (a)(2)): it always denies; remove the line";
    assert_eq!(refusal("settings.fixed-level", "settings", &details(&values)), expected);
}
