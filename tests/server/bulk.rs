//! Certificates that move between clusters with their phones: two servers that share a directory.

use crate::managed::serve;
use crate::process::{Place, Server, assayer};
use crate::terminal::{SUBJECT, ask, done, path, unasked};

/// Files below a directory, sorted.
fn files(directory: &str) -> Vec<String> {
    let mut found: Vec<String> = std::fs::read_dir(directory)
        .map(|entries| {
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
        })
        .unwrap_or_default();
    found.sort();
    found
}

// R-BULK-6, R-BULK-7, R-BULK-8, R-BULK-10
#[test]
fn certificates_are_exported_consolidated_and_imported_in_this_order_and_no_other() {
    let (old, new) = (serve(None), serve(None));
    let shared = path(&new.place, "shared");
    let import = ["trust", "bulk", "import", &shared, "--cluster", "old"];
    let export = ["trust", "bulk", "export", &shared, "--cluster", "new"];
    let consolidate = ["trust", "bulk", "consolidate", &shared];
    unasked(ask(&old, &import), "before this step comes \"export\"");
    unasked(ask(&old, &consolidate), "before this step comes \"export\"");
    unasked(ask(&new, &export), "has no certificate for CallManager");
    done(&new, &[&["cert", "self-signed", "CallManager", "--years", "5"][..], &SUBJECT].concat());
    done(&new, &[&["cert", "self-signed", "tomcat", "--years", "5"][..], &SUBJECT].concat());
    assert!(done(&new, &export).starts_with("1 certificate of new exported to "));
    let exported = files(&format!("{shared}/exported/new"));
    assert!(exported.len() == 1 && exported[0].starts_with("CallManager."), "of TFTP alone: {exported:?}");
    unasked(ask(&old, &import), "before this step comes \"consolidate\", for new");
    assert_eq!(done(&new, &consolidate), "1 certificate of new consolidated\n");
    let shown = done(&old, &[&import[..], &["--dry-run"]].concat());
    assert!(shown.starts_with("DRY RUN") && files(&format!("{shared}/imported")).is_empty(), "{shown}");
    let page = done(&old, &import);
    assert!(page.contains("Phone-SAST-trust") && page.ends_with("reset the phones\n"), "{page}");
    assert!(done(&old, &["trust", "list", "--store", "Phone-SAST-trust"]).ends_with("1 certificate\n"));
    // what is exported anew is to be consolidated anew
    done(&new, &["cert", "regenerate", "CallManager"]);
    done(&new, &export);
    assert_eq!(files(&format!("{shared}/exported/new")).len(), 1);
    unasked(ask(&old, &import), "before this step comes \"consolidate\", for new");
    unasked(ask(&new, &["trust", "bulk", "export", &shared, "--cluster", "../new"]), "is no name");
}

/// A server of another name.
fn visiting() -> Server {
    let place = Place::new();
    let data = place.data();
    let mut command =
        assayer(&["serve", "--listen", "127.0.0.1:0", "--node", "cm1.visiting.example", "--data", &data]);
    Server::spawn(command.env("ASSAYER_PASSPHRASE", "correct horse battery"), place)
}

// R-BULK-4
#[test]
fn with_emcc_both_clusters_import() {
    let (home, visiting) = (serve(None), visiting());
    let shared = path(&home.place, "shared");
    let step = |step: &'static str, cluster: &'static str| {
        vec!["trust", "bulk", step, &shared, "--cluster", cluster, "--emcc"]
    };
    for (server, name) in [(&home, "home"), (&visiting, "visiting")] {
        done(server, &[&["cert", "self-signed", "CallManager", "--years", "5"][..], &SUBJECT].concat());
        done(server, &[&["cert", "self-signed", "ITLRecovery", "--years", "5"][..], &SUBJECT].concat());
        assert!(done(server, &step("export", name)).starts_with(&format!("2 certificates of {name} ")));
    }
    let text = done(&home, &["trust", "bulk", "consolidate", &shared, "--emcc"]);
    assert_eq!(text, "2 certificates of home consolidated\n2 certificates of visiting consolidated\n");
    assert!(done(&home, &step("import", "home")).ends_with("import on visiting too\n"));
    assert!(done(&visiting, &step("import", "visiting")).ends_with("reset the phones\n"));
    for (server, other) in [(&home, "cm1.visiting.example"), (&visiting, "cm1.ex.com")] {
        let list = done(server, &["trust", "list", "--store", "Phone-SAST-trust"]);
        assert!(list.contains(other) && list.contains("RECOVERY") | list.contains("Recovery"), "{list}");
    }
}
