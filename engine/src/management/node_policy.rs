//! In which release a node may have CRL settings of its own (R-CRL-14). What they are is `settings::document::own`'s.

use super::cluster::NodeRole;
use super::release::{RELEASE_15_SU3, Release};
use super::unplannable::Unplannable;

/// Whether a node of this role may have CRL settings of its own: the publisher in every release, a subscriber from
/// 15SU3 on.
///
/// # Errors
/// [`Unplannable::ReleaseTooEarly`].
pub fn check(release: Release, role: NodeRole) -> Result<(), Unplannable> {
    if role == NodeRole::Publisher || release >= RELEASE_15_SU3 {
        return Ok(());
    }
    Err(Unplannable::ReleaseTooEarly { found: release.to_string(), from: RELEASE_15_SU3.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    // R-CRL-14
    #[test]
    fn r_crl_14_a_subscriber_has_settings_of_its_own_from_15su3_on() {
        for (text, of_subscriber) in
            [("14SU3", false), ("15", false), ("15SU2", false), ("15SU3", true), ("16", true)]
        {
            let release = Release::from_text(text).unwrap();
            assert!(check(release, NodeRole::Publisher).is_ok(), "{text}");
            assert_eq!(check(release, NodeRole::Subscriber).is_ok(), of_subscriber, "{text}");
        }
        let refused = check(Release::from_text("15").unwrap(), NodeRole::Subscriber).unwrap_err();
        assert_eq!((refused.code(), refused.input().as_str()), ("operation.release-too-early", "release"));
        assert_eq!(refused.details().len(), 2);
    }
}
