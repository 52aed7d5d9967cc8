"""The rows of films: `bin/faults videos`."""

from tests.faults.row import Row

HOSTILE, KILLED = "tests/faults/test_hostile_films.py", "tests/faults/test_transcoding_killed.py"
UPLOADS, OUTAGES = "tests/faults/test_upload_faults.py", "tests/faults/test_video_outages.py"
RANDOM, CHUNKS = "tests/faults/test_workers_killed.py", "tests/videos/test_chunks.py"
BUCKET, BROKEN = "tests/videos/test_bucket.py", "tests/faults/test_stores_broken.py"
PLACES = "tests/faults/test_video_places.py"
COLD, TWINS = "tests/videos/test_cold.py", "tests/videos/test_twins.py"
CROWD, RESTARTED = "tests/faults/test_crowd_at_a_film.py", "tests/faults/test_postgres_restarted.py"
UPLOAD, FENCE = "tests/videos/test_upload.py", "tests/videos/test_fence.py"

VIDEOS = (
    Row(
        "V1",
        "hostile films: scripts, lies, bombs, cuts, mutations",
        (
            f"{HOSTILE}::test_each_hostile_film_ends_clearly_and_takes_nothing_along",
            f"{FENCE}::test_a_script_named_as_a_film_is_refused_at_each_of_three_walls",
            f"{FENCE}::test_no_other_file_can_be_read_or_written_from_inside",
            f"{FENCE}::test_there_is_no_network_inside",
            f"{FENCE}::test_memory_and_file_sizes_are_bounded",
            f"{FENCE}::test_time_is_bounded_and_nothing_of_the_group_lives_on",
        ),
        (
            f"{HOSTILE}::test_without_the_fence_s_whitelist_a_playlist_would_be_followed",
            f"{HOSTILE}::test_the_canary_is_seen_where_it_is_shown",
            f"{FENCE}::test_the_playlist_would_be_followed_outside_the_fence",
        ),
    ),
    Row(
        "V2",
        "uploads: wrong parts, two writers, crashes, quota, expiry",
        (
            f"{UPLOAD}::test_a_part_of_the_wrong_size_or_checksum_is_refused",
            f"{UPLOAD}::test_of_two_writers_of_one_part_one_wins_whole",
            f"{UPLOAD}::test_an_upload_goes_on_from_the_parts_that_are_here",
            f"{UPLOAD}::test_a_crash_between_joining_and_probing_costs_nothing",
            f"{UPLOAD}::test_a_missing_part_file_is_an_error_and_no_short_original",
            f"{UPLOAD}::test_complete_and_abort_exclude_each_other",
            f"{UPLOAD}::test_uploads_begun_at_once_do_not_overrun_the_quota",
            f"{UPLOAD}::test_an_upload_that_nobody_goes_on_with_expires",
            f"{UPLOADS}::test_a_server_killed_between_a_part_and_its_row_has_told_nobody_of_it",
            f"{UPLOADS}::test_a_server_killed_in_the_middle_of_a_part_leaves_no_half_of_it",
            f"{UPLOADS}::test_a_sender_that_hangs_up_half_way_is_not_believed",
            f"{UPLOADS}::test_ten_gigabytes_declared_reserve_nothing_and_short_parts_do_not_add_up_to_them",
            f"{UPLOADS}::test_hundreds_of_megabytes_pass_in_constant_memory",
        ),
        (
            f"{UPLOAD}::test_without_the_lock_they_would",
            f"{UPLOADS}::test_a_part_that_was_noted_before_it_was_written_would_be_missing_after_a_kill",
        ),
    ),
    Row(
        "D1",
        "the disk full, the database's lines cut, S3 away",
        (
            f"{OUTAGES}::test_a_disk_that_is_full_while_a_film_is_made_costs_no_try",
            f"{OUTAGES}::test_a_database_that_drops_its_lines_while_a_film_is_made_costs_a_try_at_most",
            f"{BUCKET}::test_a_store_that_does_not_answer_costs_time_and_nothing_else",
            f"{BROKEN}::test_a_line_to_s3_that_is_cut_in_the_middle_of_a_film_costs_no_try_and_no_byte",
            f"{BROKEN}::test_a_disk_that_is_full_under_a_part_keeps_the_parts_before_and_takes_the_rest_when_there_is_room",
        ),
        (
            f"{OUTAGES}::test_if_a_full_disk_were_the_film_s_fault_it_would_spend_its_tries",
            f"{BROKEN}::test_if_a_cut_line_were_any_error_the_film_would_spend_its_tries",
        ),
    ),
    Row(
        "L4",
        "two hundred viewers of one film through nginx",
        (f"{CROWD}::test_two_hundred_viewers_cost_one_question_each_and_no_python_for_a_file",),
        (f"{CROWD}::test_without_nginx_s_memory_the_same_crowd_asks_python_for_each_file",),
    ),
    Row(
        "P1",
        "PostgreSQL restarted while films are sent and encoded",
        (f"{RESTARTED}::test_films_that_are_sent_and_encoded_meanwhile_are_ready_afterwards",),
        (f"{RESTARTED}::test_parts_that_only_memory_knew_of_would_be_missing_after_a_restart",),
    ),
    Row(
        "R1",
        "Valkey frozen, gone or full while an upload is completed and while workers work",
        (
            f"{OUTAGES}::test_valkey_frozen_gone_or_full_costs_an_upload_seconds_and_the_sweeper_finds_it",
            f"{BROKEN}::test_films_are_made_without_hands_when_valkey_was_gone_for_a_while",
        ),
        (f"{OUTAGES}::test_a_row_that_is_not_due_is_found_by_nobody_when_its_bell_is_lost",),
    ),
    Row(
        "K1",
        "SIGKILL of a transcoding worker, anywhere",
        (
            f"{KILLED}::test_killed_in_the_middle_of_the_film_it_is_ready_once_afterwards",
            f"{KILLED}::test_killed_at_a_named_place_it_is_ready_once_afterwards",
            f"{KILLED}::test_two_workers_that_believe_to_hold_the_film_leave_one_result",
        ),
        (f"{KILLED}::test_killed_at_every_attempt_the_film_fails_in_the_end",),
    ),
    Row(
        "K2",
        "SIGKILL of workers at random and at each named place: films, chunks, excerpts, prints, S3",
        (
            f"{RANDOM}::test_workers_killed_at_random_leave_every_film_ready_once_and_nothing_beside",
            f"{PLACES}::test_while_a_film_is_encoded",
            f"{PLACES}::test_while_a_chunk_is_made",
            f"{PLACES}::test_while_an_excerpt_is_cut",
            f"{PLACES}::test_between_a_print_and_its_comparison",
            f"{PLACES}::test_between_s3_s_joining_and_our_row",
            f"{CHUNKS}::test_a_lost_chunk_is_made_again_alone",
            f"{CHUNKS}::test_chunks_that_lack_a_frame_at_a_seam_do_not_fit_and_the_film_is_made_in_one_piece",
        ),
        (f"{CHUNKS}::test_a_film_that_lacked_a_frame_at_a_seam_would_be_seen",),
    ),
    Row(
        "C1",
        "SIGKILL while an original goes cold; a conversion that begins meanwhile; a copy that has changed",
        (
            f"{COLD}::TestAWorkerThatIsKilled::test_has_lost_nothing_and_the_next_one_goes_on",
            f"{COLD}::TestAConversionThatBeginsMeanwhile::test_waits_for_the_move_or_the_move_leaves_it_alone",
            f"{COLD}::TestAMove::test_that_reads_back_something_else_removes_nothing",
            f"{COLD}::TestWhoNeedsIt::test_never_gets_a_copy_that_has_changed",
        ),
        (
            f"{COLD}::TestAWorkerThatIsKilled::test_would_have_lost_it_if_the_warm_copy_went_first",
            f"{COLD}::TestAConversionThatBeginsMeanwhile::test_without_the_film_held_the_original_would_go_under_it",
        ),
    ),
    Row(
        "T1",
        "films compared: a broken file, two workers that find each other's film",
        (
            f"{TWINS}::test_a_film_is_ready_though_comparing_fails_three_times_and_it_can_be_asked_again",
            f"{TWINS}::TestTwoWorkersThatFindEachOthersFilm::test_tell_the_later_film_once",
        ),
        (f"{TWINS}::TestTwoWorkersThatFindEachOthersFilm::test_without_the_films_locked_they_tell_it_twice",),
    ),
)
