//! Where text goes: the only place that writes.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::process;
use std::rc::Rc;

use crate::view::{Look, signs};

/// Somewhere to write lines to, and how they should look there. Clones share it.
#[derive(Clone)]
pub struct Screen(Rc<Shared>);

struct Shared {
    out: RefCell<Box<dyn Write>>,
    look: Cell<Look>,
    /// Whether only ASCII signs are drawn.
    plain: Cell<bool>,
    /// The transcript that is kept of what is written.
    transcript: RefCell<Option<File>>,
    /// The exit code where nobody reads any more.
    unread: Cell<u8>,
}

impl Screen {
    /// A screen that writes to `out`.
    pub fn new(out: Box<dyn Write>, look: Look) -> Screen {
        Screen(Rc::new(Shared {
            out: RefCell::new(out),
            look: Cell::new(look),
            plain: Cell::new(false),
            transcript: RefCell::new(None),
            unread: Cell::new(0),
        }))
    }

    /// The same without signs that are not ASCII.
    #[must_use]
    pub fn plain(self) -> Screen {
        self.0.plain.set(true);
        self
    }

    /// A text as this screen may show it.
    pub fn shows<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.0.plain.get() { signs::ascii(text) } else { Cow::Borrowed(text) }
    }

    /// Keeps what is written from now on in a file too, as text without colours; `None` ends that.
    pub fn set_transcript(&self, file: Option<File>) {
        self.0.transcript.replace(file);
    }

    /// Adds what somebody typed to the transcript, if one is kept.
    ///
    /// A transcript that cannot be written any more ends.
    pub fn typed(&self, text: &str) {
        let mut transcript = self.0.transcript.borrow_mut();
        let written = transcript.as_mut().map(|file| writeln!(file, "{}", signs::without_colours(text)));
        if written.is_some_and(|written| written.is_err()) {
            *transcript = None;
        }
    }

    /// How text should look here.
    pub fn look(&self) -> Look {
        self.0.look.get()
    }

    /// What the process ends with if nobody reads what is written from now on: a verdict stays one when it is not read.
    pub fn set_unread_code(&self, code: u8) {
        self.0.unread.set(code);
    }

    /// The terminal has another width now.
    pub fn set_width(&self, width: usize) {
        self.0.look.set(Look { width, ..self.look() });
    }

    /// Writes a text and ends the line. An empty text writes nothing.
    ///
    /// Where nobody reads any more, as after `| head -1`, there is nothing left to do and the process ends quietly.
    pub fn say(&self, text: &str) {
        if !text.is_empty() {
            self.line(text);
        }
    }

    /// Writes a line, which may be empty.
    pub fn line(&self, text: &str) {
        let text = self.shows(text);
        self.typed(&text);
        self.write(&format!("{text}\n"));
    }

    /// Asks something and leaves the line open, so that what is typed stands behind the question.
    pub fn ask(&self, text: &str) {
        self.write(&self.shows(text));
    }

    fn write(&self, text: &str) {
        let mut out = self.0.out.borrow_mut();
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            end(&error, self.0.unread.get());
        }
    }
}

fn end(error: &io::Error, unread: u8) -> ! {
    if error.kind() == ErrorKind::BrokenPipe {
        process::exit(unread.into());
    }
    // Nothing is to be done if this cannot be written either.
    let _ = writeln!(io::stderr(), "error: cannot write: {error}");
    process::exit(unread.max(1).into())
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use crate::view::paint::Paint;

    /// A screen that remembers what was written.
    #[derive(Clone, Default)]
    pub(crate) struct Paper(Rc<RefCell<Vec<u8>>>);

    impl Paper {
        pub(crate) fn screen(&self) -> Screen {
            Screen::new(Box::new(self.clone()), Look { paint: Paint::Plain, width: 80, fold: true, most: 50 })
        }

        /// What was written since the last time.
        pub(crate) fn take(&self) -> String {
            String::from_utf8(self.0.take()).expect("only text is written")
        }
    }

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
