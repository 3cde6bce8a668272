use super::*;
use crate::management::model::trust;

fn given(entries: Vec<GivenEntry>) -> GivenCluster {
    GivenCluster {
        product: Product::Ucm,
        release: "14".to_owned(),
        nodes: vec![node("a", NodeRole::Publisher)],
        entries,
        tombstones: Vec::new(),
        requests: Vec::new(),
        features: Features::default(),
    }
}

fn node(name: &str, role: NodeRole) -> Node {
    Node { name: name.to_owned(), role }
}

fn entry(certificate: Vec<u8>) -> GivenEntry {
    let place = Place::everywhere(trust("tomcat-trust"));
    GivenEntry { place, certificate, origin: Origin::Uploaded, active_from: None }
}

fn root() -> Vec<u8> {
    pki::certificate::Sketch::ca("root").issue().der
}

#[track_caller]
fn check(result: Result<Cluster, Unplannable>, code: &str, input: &str) {
    let refused = result.unwrap_err();
    assert_eq!((refused.code(), refused.input().as_str()), (code, input));
    assert!(!refused.details().is_empty());
}

#[test]
fn as_much_as_a_limit_allows_is_read_and_one_more_is_not() {
    let entries = |number| given(vec![entry(root()); number]);
    assert_eq!(entries(MAXIMUM_ENTRIES).read().unwrap().entries.len(), MAXIMUM_ENTRIES);
    check(entries(MAXIMUM_ENTRIES + 1).read(), "operation.too-many", "entry");
    let stone = GivenTombstone { place: entry(Vec::new()).place, fingerprint: vec![7; 32] };
    let tombstones = |number| GivenCluster { tombstones: vec![stone.clone(); number], ..given(Vec::new()) };
    assert!(tombstones(MAXIMUM_TOMBSTONES).read().is_ok());
    check(tombstones(MAXIMUM_TOMBSTONES + 1).read(), "operation.too-many", "tombstones");
    let request = PendingRequest { purpose: "tomcat".to_owned(), node: None, der: Vec::new() };
    let requests = |number| GivenCluster { requests: vec![request.clone(); number], ..given(Vec::new()) };
    assert!(requests(MAXIMUM_REQUESTS).read().is_ok());
    check(requests(MAXIMUM_REQUESTS + 1).read(), "operation.too-many", "requests");
    let long = PendingRequest { der: vec![0; signing_request::MAXIMUM_OCTETS + 1], ..request };
    let long = GivenCluster { requests: vec![long], ..given(Vec::new()) };
    check(long.read(), "operation.too-many", "request octets");
}

#[test]
fn a_certificate_that_is_none_is_named_by_its_place() {
    check(given(vec![entry(root()), entry(b"x".to_vec())]).read(), "input.malformed", "entry 1");
    let limit = usize::try_from(Limits::DEFAULT.certificate_octets).unwrap();
    check(given(vec![entry(vec![0x30; limit + 1])]).read(), "input.malformed", "entry 0");
    assert_eq!(single(b"x").unwrap_err().input(), "certificate");
    assert!(single(&root()).is_ok());
}

#[test]
fn nodes_have_names_of_their_own_and_one_of_them_is_the_publisher() {
    use NodeRole::{Publisher, Subscriber};
    let of = |nodes: &[(&str, NodeRole)]| {
        let nodes = nodes.iter().map(|(name, role)| node(name, *role)).collect();
        GivenCluster { nodes, ..given(Vec::new()) }.read()
    };
    assert!(of(&[("a", Publisher)]).is_ok());
    assert!(of(&[("b", Subscriber), ("a", Publisher), ("A", Subscriber)]).is_ok());
    check(of(&[]), "operation.publishers", "nodes");
    check(of(&[("a", Subscriber)]), "operation.publishers", "nodes");
    check(of(&[("a", Publisher), ("b", Publisher)]), "operation.publishers", "nodes");
    check(of(&[("a", Publisher), ("a", Subscriber)]), "operation.node-twice", "nodes");
    check(of(&[("b", Subscriber), ("a", Publisher), ("b", Subscriber)]), "operation.node-twice", "nodes");
}

#[test]
fn fingerprints_have_32_octets() {
    for (octets, sound) in [(31, false), (32, true), (33, false)] {
        assert_eq!(fingerprint("fingerprint", &vec![0; octets]).is_ok(), sound, "{octets}");
    }
}

#[test]
fn words_are_those_of_the_engine() {
    let key = |key_type: &str, hash: &str| {
        let given = GivenKey { key_type: key_type.to_owned(), bits: 2048, hash: hash.to_owned() };
        given.read()
    };
    assert_eq!(key("rsa", "SHA256").unwrap().hash, Hash::Sha256);
    // known, so that planning can refuse it by name
    assert_eq!(key("rsa", "SHA1").unwrap().hash, Hash::Sha1);
    for (refused, input) in [(key("dsa", "SHA256"), "key-type"), (key("ec", "sha256"), "hash")] {
        let refused = refused.unwrap_err();
        assert_eq!((refused.code(), refused.input().as_str()), ("operation.unknown-word", input));
    }
    assert_eq!(release("14SU").unwrap_err().code(), "operation.release");
}

// D-24, D-25
#[test]
fn what_an_operation_does_not_say_is_as_in_the_settings() {
    let read = |settings: &Settings, profile: Option<&str>, extra: Option<&str>| {
        let given = GivenOperation::Upload {
            room: trust("tomcat-trust"),
            node: None,
            file: root(),
            revival: Revival::Refuse,
            profile: profile.map(str::to_owned),
            extra_names: extra.map(str::to_owned),
        };
        match given.read(settings) {
            Ok(Operation::Upload { profile, extra_names, .. }) => Ok((profile, extra_names)),
            Ok(other) => panic!("{other:?}"),
            Err(refused) => Err(refused.input()),
        }
    };
    use {ExtraNames::*, UsageProfile::*};
    let plain = Settings::default();
    let mut lenient = Settings::default();
    (lenient.management.usage_profile, lenient.management.extra_names) = (StrictPkix, Warn);
    assert_eq!(read(&plain, None, None), Ok((UcmCompat, Refuse)));
    assert_eq!(read(&lenient, None, None), Ok((StrictPkix, Warn)));
    assert_eq!(read(&lenient, Some("ucm-compat"), Some("refuse")), Ok((UcmCompat, Refuse)));
    assert_eq!(read(&plain, Some("strict-pkix"), Some("warn")), Ok((StrictPkix, Warn)));
    assert_eq!(read(&plain, Some(""), None), Err("usage-profile".to_owned()));
    assert_eq!(read(&plain, None, Some("allow")), Err("extra-names".to_owned()));
    // No operation loosens Common Criteria mode.
    let strict = Settings { mode: Mode::CommonCriteria, ..Settings::default() };
    assert_eq!(read(&strict, None, Some("warn")), Ok((UcmCompat, Refuse)));
}
