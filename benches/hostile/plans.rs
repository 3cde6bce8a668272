//! Operations on clusters that hold as much as one plan looks at, and more: every node with everything, one authority
//! that issued all of it, everything expired, everything deleted before.

use host_server::component::contract::management::{
    Cluster, Deletion, Entry, Features, Joining, Node, NodeRole, Operation, Origin, Place, Product, Room,
    Tombstone, Upload,
};
use pki::certificate::{Issued, Sketch};
use pki::der;
use sha2::{Digest, Sha256};

use super::{Input, Work};

/// As many entries as one operation may bring, `MAXIMUM_ENTRIES` of the engine.
const MOST: usize = 2_000;

pub(crate) fn inputs() -> Vec<Input> {
    let root = Sketch::ca("root").issue();
    let child = |number: usize| {
        let sketch = Sketch::leaf(&format!("leaf{number}")).issued_by(&root);
        unsigned(sketch.valid("2010-01-01T00:00:00Z", "2025-01-01T00:00:00Z"))
    };
    let children: Vec<Issued> = (0..MOST).map(child).collect();
    let living = |number: usize| unsigned(Sketch::leaf(&format!("leaf{number}")).issued_by(&root));
    let living: Vec<Issued> = (0..MOST - 1).map(living).chain([root.clone()]).collect();
    let chained = chained(MOST);
    let mut twenty_thousand = holding(&children, None);
    let copies = twenty_thousand.entries.clone();
    (0..9).for_each(|_| twenty_thousand.entries.extend(copies.iter().cloned()));
    let mut buried = holding(&living, None);
    buried.tombstones = children.iter().map(stone).collect();
    let view = children.iter().map(|one| entry(one, Some("n1"))).collect();
    let mut of_view = holding(&[], None);
    of_view.tombstones = children.iter().map(stone).collect();
    let join = |view| Operation::Join(Joining { node: "n1".to_owned(), view });
    vec![
        plan("ten times the entries, refused unread", twenty_thousand, Operation::Completeness),
        plan("as many entries as allowed, completeness", holding(&living, None), Operation::Completeness),
        plan("the same, exchange", identities(&living), Operation::Exchange),
        plan(
            "the same, everything expired, upgrade",
            holding(&children, None),
            Operation::Upgrade("15".into()),
        ),
        plan("the same, a node joins", holding(&living, None), join(Vec::new())),
        plan("the same, all of it on a node that leaves", holding(&living, Some("n1")), leave("n1")),
        plan("a joining node brings as many that were deleted", of_view, join(view)),
        plan("the root of all is deleted", holding(&living, None), delete(&root)),
        plan("the first of a chain of all is deleted", holding(&chained, None), delete(&chained[0])),
        plan("as many entries and tombstones, upload", buried, upload(root.der.clone())),
        plan("a file of 1 MiB that is nothing", holding(&[], None), upload(vec![0xa5; 1 << 20])),
        plan("a file of 1 MiB of tags", holding(&[], None), upload([0x30, 0x80].repeat(1 << 19))),
    ]
}

fn leave(node: &str) -> Operation {
    Operation::Leave(node.to_owned())
}

fn plan(label: &str, cluster: Cluster, operation: Operation) -> Input {
    Input { label: label.to_owned(), work: Work::Plan(Box::new((cluster, operation))) }
}

/// Nothing verifies it, so nothing is signed: this is made thousands of times.
fn unsigned(sketch: Sketch) -> Issued {
    sketch.signature(&der::sequence(&[der::number(1), der::number(1)])).issue()
}

/// Each issued by the one before.
fn chained(number: usize) -> Vec<Issued> {
    let mut chain = vec![Sketch::ca("ca0").issue()];
    while let Some(last) = chain.last().filter(|_| chain.len() < number) {
        let next = unsigned(Sketch::ca(&format!("ca{}", chain.len())).issued_by(last));
        chain.push(next);
    }
    chain
}

fn entry(issued: &Issued, node: Option<&str>) -> Entry {
    let place = Place { room: Room::Trust("tomcat-trust".to_owned()), node: node.map(str::to_owned) };
    Entry { place, certificate: issued.der.clone(), origin: Origin::Uploaded, active_from: None }
}

fn stone(issued: &Issued) -> Tombstone {
    let place = Place { room: Room::Trust("tomcat-trust".to_owned()), node: None };
    Tombstone { place, fingerprint: fingerprint(issued) }
}

fn fingerprint(issued: &Issued) -> Vec<u8> {
    Sha256::digest(&issued.der).to_vec()
}

/// As many nodes as there may be, and these certificates in tomcat-trust.
fn holding(certificates: &[Issued], node: Option<&str>) -> Cluster {
    let role = |number| if number == 0 { NodeRole::Publisher } else { NodeRole::Subscriber };
    Cluster {
        product: Product::Ucm,
        release: "14".to_owned(),
        nodes: (0..64).map(|number| Node { name: format!("n{number}"), role: role(number) }).collect(),
        entries: certificates.iter().map(|one| entry(one, node)).collect(),
        tombstones: Vec::new(),
        requests: Vec::new(),
        features: Features::empty(),
    }
}

/// The same, where every node also has an identity of its own for Tomcat.
fn identities(certificates: &[Issued]) -> Cluster {
    let mut cluster = holding(&certificates[64..], None);
    cluster.entries.extend(certificates[..64].iter().enumerate().map(|(number, issued)| {
        let place = Place { room: Room::Identity("tomcat".to_owned()), node: Some(format!("n{number}")) };
        Entry { place, ..entry(issued, None) }
    }));
    cluster
}

fn delete(issued: &Issued) -> Operation {
    let room = Room::Trust("tomcat-trust".to_owned());
    Operation::Delete(Deletion { room, node: None, fingerprint: fingerprint(issued) })
}

fn upload(file: Vec<u8>) -> Operation {
    let room = Room::Trust("tomcat-trust".to_owned());
    Operation::Upload(Upload {
        room,
        node: None,
        file,
        revive: false,
        usage_profile: None,
        extra_names: None,
    })
}
