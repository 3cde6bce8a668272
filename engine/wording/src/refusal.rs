//! Wording of refusals: an input that cannot be used at all. Each says what was expected and what to do; the
//! place, where there is one, stands before it.

use crate::template::{self, Row, rows};
use crate::{Details, escape, management};

/// Details that tell the place, and so are not repeated after the sentence.
const PLACES: [&str; 3] = ["line", "column", "key"];

/// The place and the sentence.
#[must_use]
pub(crate) fn line(code: &str, input: &str, details: Details<'_>) -> String {
    let mut place = vec![escape(input)];
    // A key holds its own quotation marks and stands in none here.
    let values = PLACES.iter().filter_map(|name| Some((name, template::value(details, name)?)));
    place.extend(values.map(|(name, value)| format!("{name} {}", value.replace("\\\"", "\""))));
    format!("{}: {}", place.join(", "), sentence(code, details))
}

/// The sentence alone.
#[must_use]
pub(crate) fn sentence(code: &str, details: Details<'_>) -> String {
    let rest: Vec<(&str, String)> =
        details.iter().filter(|(name, _)| !PLACES.contains(name)).map(people_count).collect();
    let row = template::find(ROWS, code).or_else(|| management::find(code));
    template::render(row, code, &rest)
}

/// Certificates of a file are numbered from 0 by the engine and from 1 by people.
fn people_count<'d>((name, value): &(&'d str, String)) -> (&'d str, String) {
    let number = (*name == "certificate").then(|| value.parse::<u64>().ok()?.checked_add(1)).flatten();
    (name, number.map_or_else(|| value.clone(), |number| number.to_string()))
}

/// The wording of every refusal.
pub const ROWS: &[Row] = rows! {
    // Files and other inputs
    "input.attribute-certificate", "Attribute certificate",
        "this is an attribute certificate, which holds no key; give an X.509 public key certificate";
    "input.certificate", "A certificate",
        "this is a certificate; give a certificate revocation list (CRL)";
    "input.certificate-request", "Certificate request",
        "this is a certificate request, not yet a certificate; give the certificate that the issuer made from it";
    "input.crl", "Certificate revocation list",
        "this is a certificate revocation list; give a certificate";
    "input.empty", "Empty input",
        "there is nothing in it; give a certificate as PEM, DER or PKCS #7";
    "input.html", "Web page",
        "this is a web page, perhaps an error page that was saved as a certificate; download the certificate again";
    "input.jceks", "Java key store",
        "this is a Java key store (JCEKS); export the certificate from it, for example with keytool -exportcert -rfc";
    "input.jks", "Java key store",
        "this is a Java key store (JKS); export the certificate from it, for example with keytool -exportcert -rfc";
    "input.json", "JSON document",
        "this is a JSON document; give a certificate as PEM, DER or PKCS #7";
    "input.malformed", "Damaged certificate",
        "this is not a readable certificate[ (number {certificate} in the file)]: {problem}[, in the field \"{field}\"][, at octet {offset}]; get the certificate again from its issuer";
    "input.no-certificate", "No certificate inside",
        "it is readable but holds no certificate; give a file with at least one";
    "input.no-crl", "No revocation list",
        "this is no certificate revocation list[, but something else: {instead}]; give a CRL as DER or PEM (X509 CRL)";
    "input.ocsp-response", "OCSP response",
        "this is an OCSP response; give a certificate";
    "input.pem-base64", "Damaged PEM block",
        "the text of a PEM block is not complete base64; copy the block again, whole and unchanged";
    "input.pem-boundary", "Damaged PEM boundary",
        "a line starts like a PEM boundary but does not end like one; it must end with five hyphens";
    "input.pem-label", "PEM block without certificate",
        "a PEM block \"{label}\" is no certificate; give only blocks labelled CERTIFICATE or PKCS7";
    "input.pem-mismatch", "PEM boundaries disagree",
        "a PEM block that begins as \"{expected}\" ends as \"{found}\"; copy the block again, whole and unchanged";
    "input.pem-unfinished", "PEM block without end",
        "a PEM block \"{label}\" has no END line; copy the block again, whole and unchanged";
    "input.pkcs12", "PKCS #12 file",
        "this is a PKCS #12 file, which usually holds a private key; export only the certificate from it, for example with openssl pkcs12 -nokeys";
    "input.private-key", "Private key",
        "this holds a private key[ (PEM label \"{label}\")], which must never be given here; give the certificate alone and consider whether the key is still secret";
    "input.public-key", "Public key alone",
        "this is a public key without a certificate; give the certificate";
    "input.signed-message", "Signed message",
        "this is a signed PKCS #7 message, not a list of certificates; give the certificate alone";
    "input.ssh-key", "SSH key",
        "this is an SSH key; give an X.509 certificate";
    "input.text", "Text without certificate",
        "this is text without a PEM block; a certificate in PEM starts with -----BEGIN CERTIFICATE-----";
    "input.too-large", "Input too large",
        "it is larger than {limit} octets; give a file with only the certificates needed";
    "input.too-many-certificates", "Too many certificates",
        "it holds more than {limit} certificates; give only those needed";
    "input.trusted-certificate", "OpenSSL trusted certificate",
        "this is OpenSSL's own form of a certificate with trust settings; write it as a plain one with openssl x509";
    "input.utf16", "UTF-16 text",
        "this is text in UTF-16; save it as plain text (ASCII or UTF-8)";
    "input.xml", "XML document",
        "this is an XML document; give a certificate as PEM, DER or PKCS #7";
    // Operations on certificates and trust stores
    "operation.bulk-order", "Another step comes first",
        "before this step comes \"{first}\"[, for {clusters}]: certificates are exported, then consolidated, then imported";
    "operation.fingerprint", "Not a fingerprint",
        "a fingerprint has {expected} octets (SHA-256), and this has {found}";
    "operation.node-twice", "Two nodes of one name",
        "\"{found}\" is given twice; every node of a cluster has a name of its own";
    "operation.number", "Nothing with this number",
        "number {found} does not wait for a signature; {planned} wait, counted from 0, and none where the operation is refused";
    "operation.other-certificate", "Another certificate than planned",
        "this is not the certificate that was planned (different: {differs}); make it from the octets that were given for signing";
    "operation.publishers", "Not one publisher",
        "the cluster has {found} publishers, and exactly {expected} is needed";
    "operation.release-too-early", "Release is too early",
        "the cluster is of release {found}; this can be done from {expected} on";
    "operation.release", "Not a release",
        "\"{found}\" is no release; write it like 12.5(1)SU6, 14 or 15SU3";
    "operation.request-not-offered", "No request is made",
        "no signing request is made for {purpose}; its certificate is always self-signed";
    "operation.too-many", "Too much at once",
        "{found} were given and at most {limit} are looked at; give only those that bear on the operation";
    "operation.unknown-word", "Unknown word",
        "\"{found}\" means nothing here; expected one of: {expected}";
    // The question
    "question.nonce-seed", "Unsuitable nonce seed",
        "the seed for nonces has {found} octets; give exactly {expected} that nobody can guess, or none";
    "question.contradictory-answers", "Contradictory answers",
        "the signature check {check} was answered both ways; whatever answered it cannot be relied on";
    "question.reference-identifier", "Unsuitable name",
        "\"{found}\" is no name that can be asked for[ (problem: {problem})]; give a DNS name (A-labels), an IP address, a mailbox or a URI with a host";
    "question.too-many-certificates", "Too many certificates",
        "{found} certificates were given and at most {limit} are allowed; give fewer, or raise limits.certificates in the policy document";
    "question.too-much-status-evidence", "Too many revocation answers",
        "{found} OCSP responses and CRLs were given and at most {limit} are allowed; give fewer, or raise limits.status-evidence in the policy document";
    "question.unknown-purpose", "Unknown purpose",
        "no purpose is called \"{found}\"; those defined are: {defined}";
    // The policy document
    "settings.address", "Not an address",
        "\"{found}\" is no mail address; give addresses such as admin@example.org, separated by semicolons";
    "settings.built-in", "Name is taken",
        "the product has \"{found}\" already; choose another name";
    "settings.constant-rule", "Rule without a condition",
        "this rule {always}, whatever the certificate is; let it depend on a fact, or take it out";
    "settings.contradiction", "Choices that contradict",
        "this does not go together with {with}, which is or lacks \"{value}\"; change one of the two";
    "settings.duplicate", "Given twice",
        "\"{found}\" is given a second time; remove one";
    "settings.empty", "Nothing given",
        "this must not be empty; give a value, or remove the line to keep the default";
    "settings.expression", "Unsuitable expression",
        "this is no expression that rules can have ({problem})[: \"{found}\" stands here][, and {expected} belongs here]; see the language of rules";
    "settings.fixed-level", "Level cannot change",
        "the standard leaves no room to change the level of \"{code}\"[ ({clause})]: it always denies; remove the line";
    "settings.missing-key", "Key missing",
        "the key \"{missing}\" is missing here; add it";
    "settings.name", "Unsuitable name",
        "\"{found}\" is no name here; use {accepted}, at most 64 of them";
    "settings.out-of-range", "Number out of range",
        "{found} is not between {minimum} and {maximum}; give a number in this range";
    "settings.syntax", "Not TOML",
        "the text is not valid TOML here: {message}";
    "settings.too-large", "Document too large",
        "the policy document has {octets} octets and may have {maximum}; make it shorter";
    "settings.unknown-key", "Unknown key",
        "\"{found}\" is not a known key[; did you mean \"{nearest}\"?][; those known here are: {expected}]";
    "settings.unknown-word", "Unknown word",
        "\"{found}\" means nothing here[; did you mean \"{nearest}\"?][; expected one of: {expected}]";
    "settings.unquoted-code", "Code without quotation marks",
        "a code under levels needs quotation marks, for example \"certificate.version\" = \"warn\"";
    "settings.uri", "Unsuitable URI",
        "\"{found}\" cannot be asked for a status[ (problem: {problem})]; give an absolute http or https URI with a host, without user information and fragment, at most 1024 characters long";
    "settings.wrong-type", "Wrong type of value",
        "a value of type {expected} belongs here, and this is of type {found}";
};
