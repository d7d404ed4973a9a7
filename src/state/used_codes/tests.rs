//! The used codes of one account in a folder of its own.

use std::collections::HashSet;

use super::*;

fn steps(folder: &Path, period: u32) -> UsedCodes {
    UsedCodes::in_folder(folder, period)
}

fn last(steps: &UsedCodes) -> Option<u64> {
    steps.lock().unwrap().last().unwrap()
}

#[test]
fn mark_keeps_the_last_step() {
    let folder = tempfile::tempdir().unwrap();
    let steps = steps(folder.path(), 30);
    assert_eq!(last(&steps), None);
    for (marked, expected) in [(7, 7), (3, 7), (8, 8)] {
        steps.mark(marked).unwrap();
        assert_eq!(last(&steps), Some(expected));
    }
    steps.lock().unwrap().set(2).unwrap();
    assert_eq!(last(&steps), Some(2));
}

#[test]
fn revert_restores_the_step_unless_a_later_one_was_marked() {
    let folder = tempfile::tempdir().unwrap();
    let steps = steps(folder.path(), 30);
    for before in [None, Some(4), Some(9)] {
        if let Some(before) = before {
            steps.mark(before).unwrap();
        }
        steps.mark(7).unwrap();
        steps.revert(7, before).unwrap();
        assert_eq!(last(&steps), before);
    }
    steps.mark(20).unwrap();
    steps.revert(12, Some(9)).unwrap();
    assert_eq!(last(&steps), Some(20), "a later step was marked since");
}

#[test]
fn steps_of_another_period_are_ignored() {
    let folder = tempfile::tempdir().unwrap();
    steps(folder.path(), 30).mark(7).unwrap();
    assert_eq!(last(&steps(folder.path(), 60)), None);
}

#[test]
fn damaged_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let steps = steps(folder.path(), 30);
    steps.mark(7).unwrap();
    std::fs::write(steps.file(), "{").unwrap();
    assert!(matches!(steps.lock().unwrap().last(), Err(StateError::Damaged(_))));
}

#[test]
fn fifty_threads_get_fifty_different_steps() {
    let folder = tempfile::tempdir().unwrap();
    let steps = &steps(folder.path(), 30);
    let take = || {
        let lock = steps.lock().unwrap();
        let step = lock.last().unwrap().map_or(0, |last| last + 1);
        lock.mark(step).unwrap();
        step
    };
    let taken: HashSet<u64> = std::thread::scope(|scope| {
        let takers: Vec<_> = (0..50).map(|_| scope.spawn(take)).collect();
        takers.into_iter().map(|taker| taker.join().unwrap()).collect()
    });
    assert_eq!(taken.len(), 50);
}

#[test]
fn empty_file_means_that_no_step_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let steps = steps(folder.path(), 30);
    steps.mark(7).unwrap();
    std::fs::write(steps.file(), "").unwrap();
    assert_eq!(last(&steps), None);
    assert!(!steps.lacks(8).unwrap());
}

#[cfg(unix)]
#[test]
fn linked_record_is_neither_read_nor_followed() {
    let folder = tempfile::tempdir().unwrap();
    let steps = steps(folder.path(), 30);
    steps.mark(7).unwrap();
    let other = folder.path().join("other");
    std::fs::rename(steps.file(), &other).unwrap();
    std::os::unix::fs::symlink(&other, steps.file()).unwrap();
    let before = std::fs::read(&other).unwrap();
    assert!(matches!(steps.mark(9), Err(StateError::Read { .. })));
    assert_eq!(std::fs::read(&other).unwrap(), before);
}

// Windows removes an open file when it is closed
#[cfg(unix)]
#[test]
fn removed_lock_file_stops_the_mark() {
    let folder = tempfile::tempdir().unwrap();
    let steps = steps(folder.path(), 30);
    steps.mark(7).unwrap();
    let lock = steps.lock().unwrap();
    std::fs::remove_file(steps.folder.join(LOCK)).unwrap();
    assert!(matches!(lock.mark(8), Err(StateError::Write { .. })));
    drop(lock);
    assert_eq!(last(&steps), Some(7));
}
