//! The suite: each of these runs on both databases.

macro_rules! suite {
    ($($module:ident: $($name:ident),+;)+) => {
        $(mod $module;)+

        mod sqlite {
            $($(#[test] fn $name() {
                crate::place::run(async { super::$module::$name(crate::place::Home::embedded()).await });
            })+)+
        }

        mod postgresql {
            $($(#[test] fn $name() {
                crate::place::run(async { super::$module::$name(crate::place::Home::shared()).await });
            })+)+
        }
    };
}

suite! {
    changes: an_entry_is_stored_and_read_back_octet_for_octet, a_stale_version_changes_nothing,
        one_of_many_writers_wins_each_version, a_refused_change_undoes_those_before_it,
        what_is_deleted_stays_deleted_until_it_is_revived, taking_from_one_node_leaves_the_others,
        storing_again_changes_nothing, an_operation_is_applied_once, nodes_have_one_publisher,
        requests_need_their_keys, one_policy_is_in_force, text_with_a_nul_is_kept;
    lists: every_criterion_is_met, sorts_go_both_ways, pages_hold_under_inserts, foreign_cursors_are_refused;
    states: a_slice_has_what_is_selected, chains_are_followed_and_rings_end, what_follows_is_of_the_same_moment,
        more_than_is_planned_with_is_refused, a_store_that_is_too_large_is_left_out_of_decisions;
    keys: a_replaced_certificate_takes_its_key_along, a_key_stays_for_who_still_uses_it,
        a_key_of_nobody_knows_whom_stays;
    audits: the_chain_holds_after_everything, records_cannot_be_changed, a_flipped_bit_is_found,
        a_cut_end_is_found, an_export_verifies;
    people: the_first_start_gives_one_token, passwords_open_accounts_and_locks_are_bounded,
        tokens_end_and_are_revoked, a_scope_only_narrows, the_last_administrator_stays, edits_need_the_version,
        bad_names_and_passwords_are_refused;
    opened: an_older_schema_is_brought_up, an_earlier_schema_is_not_read, a_newer_schema_is_refused, what_was_written_is_there_after_reopening,
        those_who_follow_are_told, nodes_say_what_they_loaded;
}
