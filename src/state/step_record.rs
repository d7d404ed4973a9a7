//! The used steps of one account, as its file holds them.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

/// Most used steps besides the last one: an hour of codes each 30 s
const MAX_EARLIER: usize = 120;

/// The contents of the account's file
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StepRecord {
    /// The last used step; a clock that was set back may have made it lower than an earlier one
    pub(super) step: u64,
    /// The other used steps that are not forgotten, the first recorded first
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<u64>,
    /// The last used step in the future, which only `--at` can choose; earlier steps stay unused
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "ahead")]
    pub(super) future_step: Option<u64>,
    /// In seconds; steps of different periods cannot be compared
    pub(super) period: u32,
}

impl StepRecord {
    pub(super) fn new(step: u64, period: u32) -> Self {
        Self { step, earlier: Vec::new(), future_step: None, period }
    }

    /// Returns the highest used step in a range.
    pub(super) fn last_in(&self, steps: &RangeInclusive<u64>) -> Option<u64> {
        let used = self.earlier.iter().copied().chain([self.step]).chain(self.future_step);
        used.filter(|step| steps.contains(step)).max()
    }

    /// Adds a used step. A later last step stays the last one.
    pub(super) fn mark(&mut self, step: u64) {
        if step > self.step {
            self.set(step);
        } else if step < self.step {
            self.remember(step);
        }
    }

    /// Adds a used step as the last one, even if it is lower.
    pub(super) fn set(&mut self, step: u64) {
        let before = std::mem::replace(&mut self.step, step);
        self.earlier.retain(|earlier| *earlier != step);
        if before != step {
            self.remember(before);
        }
    }

    /// Adds a used step in the future.
    pub(super) fn mark_future(&mut self, step: u64) {
        let last = self.future_step.max(Some(step));
        let other = if last == self.future_step { Some(step) } else { self.future_step };
        self.future_step = last;
        other.filter(|other| Some(*other) != last).into_iter().for_each(|other| self.remember(other));
    }

    /// Takes back the last step, so that `before` is the last one again.
    pub(super) fn revert(&mut self, before: u64) {
        self.step = before;
        self.earlier.retain(|earlier| *earlier != before);
    }

    fn remember(&mut self, step: u64) {
        self.earlier.retain(|earlier| *earlier != step);
        self.earlier.push(step);
        let surplus = self.earlier.len().saturating_sub(MAX_EARLIER);
        self.earlier.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_of_an_earlier_version_is_read_and_written_unchanged() {
        let text = r#"{"step":7,"ahead":9,"period":30}"#;
        let record: StepRecord = serde_json::from_str(text).unwrap();
        assert_eq!(record.future_step, Some(9));
        assert_eq!(serde_json::to_string(&record).unwrap(), text);
    }

    #[test]
    fn lower_last_step_keeps_the_higher_one_as_used() {
        let mut record = StepRecord::new(1000, 30);
        record.set(880);
        record.mark(881);
        assert_eq!((record.step, record.last_in(&(999..=1003))), (881, Some(1000)));
        assert_eq!((record.last_in(&(880..=880)), record.last_in(&(882..=885))), (Some(880), None));
    }

    #[test]
    fn every_future_step_is_kept() {
        let mut record = StepRecord::new(1, 30);
        for step in [50, 90, 70] {
            record.mark_future(step);
        }
        assert_eq!(record.future_step, Some(90));
        assert!([50, 70, 90].into_iter().all(|step| record.last_in(&(step..=step)) == Some(step)));
    }

    #[test]
    fn record_stays_small() {
        let mut record = StepRecord::new(0, 30);
        (1..1000).for_each(|step| record.mark(step));
        assert_eq!((record.earlier.len(), record.last_in(&(0..=998))), (MAX_EARLIER, Some(998)));
    }
}
