//! When a copy of the world is kept, so that undo need not replay everything. The whole policy is in this file.

use crate::world::World;

/// A copy is kept after this many lines …
const LINES: usize = 64;
/// … or after this many facts, whichever comes first.
const FACTS: usize = 200_000;
/// At most this many copies are kept; then every second one goes.
const MOST: usize = 8;

/// Copies of the world at the beginning of some lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Checkpoints {
    kept: Vec<Checkpoint>,
}

#[derive(Clone, Debug)]
struct Checkpoint {
    line: usize,
    facts: usize,
    world: World,
}

impl Checkpoints {
    /// Keeps a copy of the world as it is before `line`, if enough has happened since the last one.
    pub(super) fn note(&mut self, line: usize, world: &World, facts: usize) {
        self.kept.retain(|checkpoint| checkpoint.line <= line);
        let (last_line, last_facts) = self.kept.last().map_or((0, 0), |last| (last.line, last.facts));
        if line < last_line + LINES && facts < last_facts + FACTS {
            return;
        }
        if line == last_line {
            return;
        }
        self.kept.push(Checkpoint { line, facts, world: world.clone() });
        if self.kept.len() > MOST {
            let mut nth = 0;
            self.kept.retain(|_| {
                nth += 1;
                nth % 2 == 0
            });
        }
    }

    /// The nearest copy at or before `line`: its line, its world, and how many facts there were.
    pub(super) fn before(&self, line: usize, seed: u64) -> (usize, World, usize) {
        match self.kept.iter().rev().find(|checkpoint| checkpoint.line <= line) {
            Some(checkpoint) => (checkpoint.line, checkpoint.world.clone(), checkpoint.facts),
            None => (0, World::new(seed), 0),
        }
    }
}
