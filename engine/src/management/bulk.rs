//! Moving phones between clusters: their certificates are exported to a directory that the clusters share, consolidated
//! there, and imported by each (R-BULK-6 to R-BULK-8). Which certificates, into which store, and that it is done in this
//! order and no other (R-BULK-10) is said here; a host carries the steps out. Nothing is looked at but names of clusters.

use super::plan::{Action, Advice, Need};
use super::restart::{RECOVERY, TFTP_PURPOSE, cluster_wide};
use super::unplannable::Unplannable;

/// Where imported certificates are believed: the certificates that phones ask the verification service about.
const STORE: &str = "Phone-SAST-trust";

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A cluster's certificates go to the directory.
    Export,
    /// What clusters have exported is put together.
    Consolidate,
    /// What was put together goes into a cluster.
    Import,
}

/// Whether extension mobility across clusters (EMCC) is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrossCluster {
    /// It is not.
    Absent,
    /// It is.
    InUse,
}

/// What the directory holds: clusters by their names.
#[derive(Clone, Copy, Debug)]
pub struct Directory<'a> {
    /// Those that have exported.
    pub exported: &'a [String],
    /// Those whose newest export was consolidated.
    pub consolidated: &'a [String],
    /// Those that have imported what was consolidated.
    pub imported: &'a [String],
}

/// What a step is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// The purposes whose certificates are exported, consolidated or imported, and no others.
    pub purposes: Vec<&'static str>,
    /// The trust store that takes them.
    pub store: &'static str,
    /// What is to be done afterwards.
    pub advice: Vec<Advice>,
    /// The clusters that are to import too.
    pub others: Vec<String>,
}

/// What `step`, taken by `cluster`, does now.
///
/// # Errors
/// [`Unplannable::BulkOrder`] where another step comes first (R-BULK-10).
pub fn plan_step(
    step: Step,
    cluster: &str,
    held: Directory<'_>,
    emcc: CrossCluster,
) -> Result<Work, Unplannable> {
    let waiting = || {
        let waits = held.exported.iter().filter(|cluster| !held.consolidated.contains(cluster));
        waits.cloned().collect::<Vec<_>>().join(", ")
    };
    match step {
        Step::Export => {}
        Step::Consolidate | Step::Import if held.exported.is_empty() => {
            return Err(Unplannable::BulkOrder { first: "export", clusters: String::new() });
        }
        Step::Consolidate => {}
        // an import of less than was exported would leave phones behind
        Step::Import if !waiting().is_empty() => {
            return Err(Unplannable::BulkOrder { first: "consolidate", clusters: waiting() });
        }
        Step::Import => {}
    }
    let (advice, others) = match step {
        Step::Import => (vec![reset()], others(cluster, held, emcc)),
        Step::Export | Step::Consolidate => (Vec::new(), Vec::new()),
    };
    Ok(Work { purposes: purposes(emcc), store: STORE, advice, others })
}

/// R-BULK-6 to R-BULK-8: those of TFTP alone; R-BULK-4: where EMCC is in use ITLRecovery goes along, on both clusters.
fn purposes(emcc: CrossCluster) -> Vec<&'static str> {
    match emcc {
        CrossCluster::Absent => vec![TFTP_PURPOSE],
        CrossCluster::InUse => vec![TFTP_PURPOSE, RECOVERY],
    }
}

/// What was imported takes effect where phones look for their trust list anew.
fn reset() -> Advice {
    cluster_wide(Action::ResetPhones, Need::Required, &["R-BULK-8"])
}

/// R-BULK-4: with EMCC visiting and home cluster both import; without it the one that phones leave does.
fn others(cluster: &str, held: Directory<'_>, emcc: CrossCluster) -> Vec<String> {
    let waits = |other: &&String| other.as_str() != cluster && !held.imported.contains(other);
    match emcc {
        CrossCluster::Absent => Vec::new(),
        CrossCluster::InUse => held.exported.iter().filter(waits).cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(step: Step, exported: &[&str], consolidated: &[&str]) -> Result<Work, Unplannable> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (exported, consolidated) = (owned(exported), owned(consolidated));
        let held = Directory { exported: &exported, consolidated: &consolidated, imported: &[] };
        plan_step(step, "new", held, CrossCluster::Absent)
    }

    fn first(step: Step, exported: &[&str], consolidated: &[&str]) -> (&'static str, String) {
        match plan(step, exported, consolidated) {
            Err(Unplannable::BulkOrder { first, clusters }) => (first, clusters),
            other => panic!("{other:?}"),
        }
    }

    // R-BULK-10
    #[test]
    fn no_step_is_taken_before_the_one_before_it() {
        for exported in [&[][..], &["old"], &["old", "new"]] {
            assert!(plan(Step::Export, exported, &[]).is_ok());
        }
        assert_eq!(first(Step::Consolidate, &[], &[]), ("export", String::new()));
        assert_eq!(first(Step::Import, &[], &[]), ("export", String::new()));
        assert!(plan(Step::Consolidate, &["new"], &[]).is_ok());
        assert!(plan(Step::Consolidate, &["new"], &["new"]).is_ok(), "a second time changes nothing");
        assert_eq!(first(Step::Import, &["new"], &[]), ("consolidate", "new".to_owned()));
        assert_eq!(first(Step::Import, &["old", "new"], &["new"]), ("consolidate", "old".to_owned()));
        assert!(plan(Step::Import, &["old", "new"], &["old", "new"]).is_ok());
    }

    // R-BULK-6, R-BULK-7, R-BULK-8
    #[test]
    fn certificates_of_tftp_alone_are_moved() {
        for step in [Step::Export, Step::Consolidate, Step::Import] {
            let work = plan(step, &["new"], &["new"]).unwrap();
            assert_eq!((work.purposes, work.store), (vec!["CallManager"], "Phone-SAST-trust"));
            let actions: Vec<_> = work.advice.into_iter().map(|advice| advice.action).collect();
            let expected = if step == Step::Import { vec![Action::ResetPhones] } else { Vec::new() };
            assert_eq!(actions, expected, "{step:?}");
        }
    }

    // R-BULK-4
    #[test]
    fn with_emcc_the_recovery_certificate_goes_along_and_both_clusters_import() {
        let exported = ["home".to_owned(), "visiting".to_owned()];
        let work = |step: Step, imported: &[String]| {
            let held = Directory { exported: &exported, consolidated: &exported, imported };
            plan_step(step, "home", held, CrossCluster::InUse).unwrap()
        };
        for step in [Step::Export, Step::Consolidate, Step::Import] {
            assert_eq!(work(step, &[]).purposes, ["CallManager", "ITLRecovery"]);
        }
        assert_eq!(work(Step::Import, &[]).others, ["visiting"]);
        assert!(work(Step::Import, &exported).others.is_empty());
        assert!(work(Step::Export, &[]).others.is_empty());
        let held = Directory { exported: &exported, consolidated: &exported, imported: &[] };
        assert!(plan_step(Step::Import, "home", held, CrossCluster::Absent).unwrap().others.is_empty());
    }
}
