//! Words of the engine inside values: what is wrong with an encoding, and the forms of a name.

/// What is wrong with an encoding, by its code.
#[must_use]
pub fn problem(code: &str) -> Option<&'static str> {
    find(PROBLEMS, code)
}

/// Every code of [`problem`].
pub fn known_problems() -> impl Iterator<Item = &'static str> {
    PROBLEMS.iter().map(|(code, _)| *code)
}

/// The form of a name, by the word of RFC 5280 4.2.1.6.
#[must_use]
pub fn name_form(word: &str) -> Option<&'static str> {
    find(NAME_FORMS, word)
}

fn find(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == word).map(|(_, words)| *words)
}

const PROBLEMS: &[(&str, &str)] = &[
    ("bit-string-padding", "a bit string ends with bits that must be zero"),
    ("boolean-not-canonical", "a yes-or-no value is neither of the two that are allowed"),
    ("duplicate", "something stands twice that may stand once"),
    ("empty", "a list is empty that must hold something"),
    ("encoded-default", "a value is written out that must be left out"),
    ("incomplete", "a part is missing that another part needs"),
    ("integer-not-minimal", "a number has padding or is empty"),
    ("invalid-character", "a text holds characters that its type does not allow"),
    ("invalid-object-identifier", "an object identifier is damaged or too long"),
    ("invalid-time", "a time is not in the required form or does not exist"),
    ("length-not-definite", "a length is not written in the one allowed way"),
    ("must-be-absent", "a part is present that this algorithm does not have"),
    ("not-in-this-version", "a part is present that this version does not have"),
    ("out-of-range", "a value is outside its allowed range"),
    ("too-deep", "the parts are nested too deeply"),
    ("too-large", "it is larger than the limit"),
    ("trailing-data", "something follows after its end"),
    ("truncated", "it ends too early"),
    ("unexpected-tag", "a part is of another type than the one that belongs there"),
    ("unordered-set", "the parts of a set are not in their order"),
    ("unsupported-version", "its version is not one that exists"),
];

const NAME_FORMS: &[(&str, &str)] = &[
    ("dNSName", "DNS name"),
    ("directoryName", "directory name"),
    ("ediPartyName", "EDI party name"),
    ("iPAddress", "IP address"),
    ("otherName", "other name"),
    ("registeredID", "registered identifier"),
    ("rfc822Name", "mail address"),
    ("uniformResourceIdentifier", "URI"),
    ("x400Address", "X.400 address"),
];
