//! Standard output and error: colour or none, width, notes and errors.

use std::io::{self, BufWriter, StdoutLock, Write as _};

use anstream::{AutoStream, ColorChoice};
use huckster::Diagnostic;

use crate::args::Color;
use crate::failure::Failure;
use crate::render::{self, Paint, clean_line};

/// How wide output is when nobody says.
const DEFAULT_WIDTH: usize = 100;

/// Buffered standard output.
pub(crate) type Out = BufWriter<AutoStream<StdoutLock<'static>>>;

/// Where a command writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console {
    out: ColorChoice,
    err: ColorChoice,
    width: usize,
}

impl Console {
    /// Colour as asked for, else as the terminal and NO_COLOR have it.
    pub(crate) fn new(color: Color) -> Self {
        let (out, err) = match color {
            Color::Auto => (AutoStream::choice(&io::stdout()), AutoStream::choice(&io::stderr())),
            Color::Always => (ColorChoice::Always, ColorChoice::Always),
            Color::Never => (ColorChoice::Never, ColorChoice::Never),
        };
        // Lines longer than this are hard to read, however wide the window.
        let width = terminal_size::terminal_size_of(io::stdout())
            .map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0).clamp(50, 120));
        Self { out, err, width }
    }

    /// Columns to fill.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Paints for standard output.
    pub(crate) fn paint(&self) -> Paint {
        Paint::new(self.out != ColorChoice::Never)
    }

    /// Standard output, locked.
    pub(crate) fn out(&self) -> Out {
        BufWriter::new(AutoStream::new(io::stdout().lock(), self.out))
    }

    /// Says something on standard error. If that is closed, nobody wants to know.
    pub(crate) fn note(&self, text: &str) {
        self.say(
            &self
                .err_paint()
                .on(render::DIM, format_args!("note: {}", clean_line(text))),
        );
    }

    /// Names an error on standard error.
    pub(crate) fn error(&self, text: &str) {
        let label = self.err_paint().on(render::BAD, "error:");
        self.say(&format!("{label} {}", clean_line(text)));
    }

    /// Names a warning on standard error, with its code.
    pub(crate) fn warning(&self, code: &str, text: &str) {
        let label = self.err_paint().on(render::DOUBTFUL, format_args!("warning[{code}]"));
        self.say(&format!(
            "{label}{}",
            self.err_paint()
                .on(render::BOLD, format_args!(": {}", clean_line(text)))
        ));
    }

    /// Prints problems of rule files on standard error, like a compiler.
    pub(crate) fn diagnostics(&self, all: &[Diagnostic]) {
        for diagnostic in all {
            self.say(&render::diagnostic(diagnostic, self.err_paint()));
            self.say("");
        }
    }

    /// Says why the command ends.
    pub(crate) fn failure(&self, failure: &Failure) {
        match failure {
            Failure::Message(text) => self.error(text),
            Failure::Output(error) => self.error(&format!("cannot write the output: {error}")),
            Failure::Corpus(error) => {
                // A file in the wrong form has a problem in every line.
                const SHOWN: usize = 20;
                let problems = error.problems();
                for problem in problems.iter().take(SHOWN) {
                    self.error(&problem.to_string());
                }
                if problems.len() > SHOWN {
                    self.error(&format!(
                        "and {} more",
                        render::count(problems.len() - SHOWN, "problem")
                    ));
                }
            }
            Failure::Diagnostics(all) => {
                self.diagnostics(all);
                let errors = all.iter().filter(|d| d.is_error()).count();
                self.error(&format!("the rules cannot be used: {}", render::count(errors, "error")));
            }
        }
    }

    /// Paints for standard error.
    pub(crate) fn err_paint(&self) -> Paint {
        Paint::new(self.err != ColorChoice::Never)
    }

    /// Writes a line to standard error.
    pub(crate) fn say(&self, line: &str) {
        let mut err = AutoStream::new(io::stderr().lock(), self.err);
        // There is no third place to complain about standard error.
        let _ = writeln!(err, "{line}");
    }
}
