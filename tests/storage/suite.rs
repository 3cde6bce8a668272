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
    audits: the_chain_holds_after_everything, every_record_that_is_wanted_is_found_and_no_other,
        records_cannot_be_changed, a_flipped_bit_is_found,
        a_cut_end_is_found, an_export_verifies;
    people: the_first_start_gives_one_token, passwords_open_accounts_and_locks_are_bounded,
        tokens_end_and_are_revoked, a_scope_only_narrows, the_last_administrator_stays, edits_need_the_version,
        bad_names_and_passwords_are_refused;
    jobs: a_job_is_claimed_by_one, a_lease_ends_and_with_it_the_right_of_its_owner,
        what_is_asked_for_during_a_run_is_done_after_it, what_was_planned_is_never_put_off;
    alarms: a_fact_is_told_once_however_often_it_is_found, answers_are_kept_and_audited,
        what_was_told_and_answered_stands_beside_what_expires, a_delivery_waits_until_it_is_taken,
        one_of_many_takes_each_delivery, alarms_come_in_pages_the_newest_first;
    events: an_event_is_told_once_however_often_it_is_found, an_event_and_an_end_are_two_matters;
    monitors: three_days_are_three_looks_and_the_last_day_is_one_an_hour, a_restart_puts_nothing_off_and_tells_nothing_again,
        what_is_told_says_which_whose_where_and_what_to_do, an_answer_silences_until_it_comes_further,
        nothing_is_looked_at_where_the_policy_says_so, two_nodes_share_what_is_due;
    mails: one_digest_a_run_and_recipient_and_no_fact_twice, a_server_that_was_down_gets_it_once_as_the_same_message,
        what_may_have_arrived_is_sent_again_as_it_was, nobody_is_told_by_mail_where_it_is_off,
        a_refusal_waits_and_keeps_nobody_else_waiting, a_digest_is_bounded_and_the_rest_is_in_the_next;
    forgotten: what_is_over_is_forgotten_and_what_waits_is_kept, what_waits_for_nobody_can_be_given_up;
    checks: an_upload_is_one_decision_and_is_written_down, what_is_kept_is_looked_at_every_so_many_hours_or_days,
        an_answer_that_lapses_sooner_is_asked_for_sooner, long_lived_connections_are_judged_as_the_settings_say,
        a_restart_misses_nothing, what_comes_under_the_clock_is_spread_over_the_interval,
        each_change_of_a_status_is_told_once, what_is_taken_away_is_looked_at_no_more,
        whoever_owns_a_connection_is_told_once_that_it_must_be_cut,
        what_cannot_be_found_out_is_tried_again_later_and_later,
        a_claim_ends_with_its_lease_and_is_nobody_elses_before, many_share_what_is_due_and_nothing_is_done_twice;
    revocations: a_list_that_differs_is_told_once_with_whom_it_concerns, an_older_list_is_an_alarm_and_takes_no_place,
        what_cannot_be_verified_is_told_once_and_not_taken, a_list_that_lapses_is_told_once,
        nothing_is_downloaded_where_lists_are_no_source, nodes_share_the_downloads;
    weathers: what_nodes_saw_is_added_up_and_ends, what_is_observed_expires_as_it_is;
    evidences: what_verdicts_rested_on_is_kept_and_overtaken_by_what_is_newer,
        what_is_beyond_the_bounds_goes_the_oldest_first, nodes_record_side_by_side,
        identities_come_first_and_no_authorities, connections_are_found_by_their_issuer;
    pulses: what_changed_is_the_part_that_is_named, acts_are_read_in_their_order;
    candidates: there_is_one_candidate_and_none_is_in_force,
        what_nodes_compared_adds_up_and_goes_with_the_candidate, the_newest_thousand_flips_are_kept_and_found;
    capsules: capsules_come_in_pages_the_newest_first,
        capsules_too_old_or_too_many_are_forgotten_the_oldest_first;
    opened: an_older_schema_is_brought_up, an_earlier_schema_is_not_read, a_newer_schema_is_refused, what_was_written_is_there_after_reopening,
        those_who_follow_are_told, nodes_say_what_they_loaded;
}
