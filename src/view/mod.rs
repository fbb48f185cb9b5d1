//! Floor 8: from data to text. Everything here is pure: it takes values and a [`Look`], and gives text back.
//!
//! What a value is decides how it looks: a list of like maps is a table, a map is indented, what `why` answers is a
//! tree, and facts are lines with their times. The caller prints.

mod code;
pub mod compare;
pub mod facts;
pub mod help;
pub mod lesson;
pub mod members;
pub mod paint;
pub mod signs;
mod table;
mod text;
mod timeline;
mod tree;
pub mod trouble;
pub mod value;

use paint::Paint;

pub(crate) use text::count;
pub use text::{clock, cut, wrap};

/// What a text is laid out for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Colours or none.
    pub paint: Paint,
    /// Columns of the screen.
    pub width: usize,
    /// Whether sentences are folded at that width; who reads from a pipe folds them there.
    pub fold: bool,
    /// The most lines or elements that one value may take.
    pub most: usize,
}

impl Look {
    /// For a reader without a screen, such as a pipe: no colours, nothing cut.
    pub const PIPE: Look = Look { paint: Paint::Plain, width: 120, fold: false, most: usize::MAX };

    /// Columns for a sentence.
    fn room(self) -> usize {
        if self.fold { self.width } else { usize::MAX }
    }

    /// The same with less room, for what stands indented.
    #[must_use]
    fn narrower(self, by: usize) -> Look {
        Look { width: self.width.saturating_sub(by).max(20), ..self }
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::{Look, Paint};

    /// A plain look of this width.
    pub(crate) fn plain(width: usize) -> Look {
        Look { paint: Paint::Plain, width, fold: true, most: 50 }
    }
}
