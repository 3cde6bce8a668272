use pki::certificate::Sketch;

use super::*;
use crate::management::cluster::{Origin, Place};
use crate::management::model::{catalogue, certificate, cluster, entry, identity};

fn counted(cluster: &Cluster) -> Vec<(String, usize)> {
    let counts = certificate_counts(cluster, &catalogue(cluster));
    counts.into_iter().map(|count| (count.purpose, count.certificates)).filter(|one| one.1 > 0).collect()
}

// R-SIMP-5 to R-SIMP-13, as the table prints them
#[test]
fn the_documents_own_figures_are_reproduced_row_by_row() {
    let figures = |release: &str| {
        let counts = document_counts(Product::Ucm, Release::from_text(release).unwrap());
        let rows = counts.iter().map(|count| format!("{} {}", count.purpose, count.certificates));
        (rows.collect::<Vec<_>>().join(", "), counts.iter().map(|count| count.certificates).sum::<usize>())
    };
    let before = "tomcat 1, tomcat-ECDSA 1, CallManager 1, CallManager-ECDSA 1, TVS 10, CAPF 10, ipsec 10, ITLRecovery 1";
    let from =
        "tomcat 1, tomcat-ECDSA 1, CallManager 0, CallManager-ECDSA 0, TVS 1, CAPF 1, ipsec 0, ITLRecovery 1";
    assert_eq!(figures("12.5(1)"), (before.to_owned(), 35));
    assert_eq!(figures("14"), (from.to_owned(), 5));
    assert_eq!(figures("15"), (from.to_owned(), 5));
    assert_eq!(document_counts(Product::Imp, RELEASE_14), []);
}

// D-19, R-SIMP-11
#[test]
fn what_exists_is_counted() {
    let mut ten = cluster(4);
    assert_eq!(counted(&ten), []);
    for (number, node) in ["a", "b", "c"].iter().enumerate() {
        let own = certificate(Sketch::leaf(&format!("ipsec {number}")));
        ten = ten.with(identity("ipsec"), &[node], &own);
    }
    let shared = certificate(Sketch::leaf("shared"));
    ten = ten.with(identity("tomcat"), &["a", "b", "c"], &shared);
    let recovery = certificate(Sketch::leaf("recovery"));
    let place = Place::everywhere(identity("ITLRecovery"));
    ten.entries.push(entry(place, &recovery, Origin::SelfSigned));
    let count = |name: &str, number| (name.to_owned(), number);
    assert_eq!(counted(&ten), [count("tomcat", 1), count("ipsec", 3), count("ITLRecovery", 1)]);
}

// R-REUSE-7, R-SIMP-7
#[test]
fn a_certificate_that_is_taken_over_counts_once() {
    let shared = certificate(Sketch::leaf("shared"));
    let own = certificate(Sketch::leaf("own"));
    let cluster = cluster(2).with(identity("tomcat"), &["a", "b"], &shared).with(
        identity("CallManager"),
        &["a", "b"],
        &shared,
    );
    assert_eq!(counted(&cluster), [("tomcat".to_owned(), 1)]);
    let both = cluster.with(identity("CallManager-ECDSA"), &["a", "b"], &own);
    assert_eq!(counted(&both).len(), 2);
}
