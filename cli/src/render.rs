//! Text for people: colour, width, wrapping, and evidence marked where it stands.

use std::fmt::Display;
use std::ops::Range;

use anstyle::{AnsiColor, Style};
use huckster::{Decision, Diagnostic, Evidence, Field, Message, Verdict, Weight};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
const PLACE: Style = AnsiColor::Blue.on_default().bold();
pub(crate) const HELP: Style = AnsiColor::Cyan.on_default();
const AGAINST: Style = AnsiColor::Red.on_default().underline();
const FOR: Style = AnsiColor::Green.on_default().underline();

/// The style of a decision.
pub(crate) fn decided(decision: Decision) -> Style {
    match decision {
        Decision::Accept => GOOD,
        Decision::Review => DOUBTFUL,
        Decision::Decline => BAD,
    }
}

/// The style of a contribution.
pub(crate) fn weighed(weight: Weight) -> Style {
    match weight.as_milli() {
        0 => DIM,
        1.. => AnsiColor::Red.on_default(),
        _ => AnsiColor::Green.on_default(),
    }
}

/// Writes with colour, or without.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    colour: bool,
}

impl Paint {
    /// Paints if `colour`.
    pub(crate) const fn new(colour: bool) -> Self {
        Self { colour }
    }

    /// The text in this style.
    pub(crate) fn on(self, style: Style, text: impl Display) -> String {
        if self.colour {
            format!("{style}{text}{style:#}")
        } else {
            text.to_string()
        }
    }
}

/// What is shown for a character: nothing in a message may move the cursor, ring the bell or turn the line around.
pub(crate) fn visible(c: char) -> char {
    match c {
        '\t' | '\u{2028}' | '\u{2029}' => ' ',
        // Pictures of control characters.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c => c,
    }
}

/// The text in one line, safe for a terminal.
pub(crate) fn clean_line(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .map(visible)
        .collect()
}

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text with spaces up to `columns`.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text with spaces before it up to `columns`.
pub(crate) fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text cut to `columns`, with an ellipsis if something was cut.
pub(crate) fn shorten(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out + "…"
}

/// `1 error`, `2 errors`.
pub(crate) fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// With commas between thousands.
pub(crate) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A text broken into lines of at most `columns`.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let cells: Vec<Cell> = text.chars().map(|c| Cell { c, mark: Mark::None }).collect();
    wrap_cells(&cells, columns)
        .into_iter()
        .map(|line| line.iter().map(|cell| cell.c).collect())
        .collect()
}

/// For or against the sender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mark {
    #[default]
    None,
    Against,
    For,
}

/// A character with its mark.
#[derive(Clone, Copy, Debug)]
struct Cell {
    c: char,
    mark: Mark,
}

/// The text of a field of a message.
pub(crate) fn field_text<'m>(message: &'m Message<'_>, field: Field) -> Option<&'m str> {
    let sender = message.sender.as_ref();
    let recipient = message.recipient.profile();
    match field {
        Field::Text => message.body.text(),
        Field::Subject => message.subject.as_deref(),
        Field::SenderHeadline => sender?.headline.as_deref(),
        Field::SenderAbout => sender?.about.as_deref(),
        Field::SenderTitle(n) => sender?.positions.get(usize::from(n))?.title.as_deref(),
        Field::RecipientHeadline => recipient?.headline.as_deref(),
        Field::RecipientAbout => recipient?.about.as_deref(),
        Field::RecipientTitle(n) => recipient?.positions.get(usize::from(n))?.title.as_deref(),
        Field::Thread(n) => message.thread.as_ref()?.turns().get(usize::from(n))?.text.as_deref(),
        _ => None,
    }
}

/// A text with the evidence of a verdict marked: by colour, or by brackets where there is none.
#[derive(Debug)]
pub(crate) struct Marked {
    cells: Vec<Cell>,
    paint: Paint,
}

impl Marked {
    /// Marks the evidence that `verdict` has in `field`, whose text is `text`.
    pub(crate) fn new(text: &str, field: Field, verdict: &Verdict, paint: Paint) -> Self {
        Self::with(text, &marks(text.len(), field, verdict), paint)
    }

    /// Marks places of `text`, like what speaks against a sender.
    pub(crate) fn places(text: &str, places: Vec<Range<usize>>, paint: Paint) -> Self {
        let marks: Vec<_> = merged(places).into_iter().map(|place| (place, Mark::Against)).collect();
        Self::with(text, &marks, paint)
    }

    fn with(text: &str, marks: &[(Range<usize>, Mark)], paint: Paint) -> Self {
        let mut cells = Vec::with_capacity(text.len());
        let mut open = Mark::None;
        let mut runs = marks.iter().peekable();
        for (at, c) in text.char_indices() {
            while runs.next_if(|(run, _)| run.end <= at).is_some() {}
            let mark = runs
                .peek()
                .filter(|(run, _)| run.contains(&at))
                .map_or(Mark::None, |(_, mark)| *mark);
            if mark != open && !paint.colour {
                cells.extend(bracket(open, false).into_iter().chain(bracket(mark, true)));
            }
            open = mark;
            // A carriage return before a line feed is part of the line end.
            if c != '\r' || !text[at + 1..].starts_with('\n') {
                cells.push(Cell {
                    c: if c == '\n' { c } else { visible(c) },
                    mark,
                });
            }
        }
        if !paint.colour {
            cells.extend(bracket(open, false));
        }
        Self { cells, paint }
    }

    /// Whether anything is marked, against the sender and for them.
    pub(crate) fn has(verdict: &Verdict, field: Field) -> (bool, bool) {
        let marks = marks(usize::MAX, field, verdict);
        let any = |wanted| marks.iter().any(|(_, mark)| *mark == wanted);
        (any(Mark::Against), any(Mark::For))
    }

    /// The text in lines of at most `columns`.
    pub(crate) fn lines(&self, columns: usize) -> Vec<String> {
        wrap_cells(&self.cells, columns)
            .into_iter()
            .map(|line| self.line(line, None))
            .collect()
    }

    /// The text in one line of at most `columns`, cut where there is something of what led to `decision`.
    pub(crate) fn one_line(&self, columns: usize, decision: Decision, style: Style) -> String {
        let mut flat: Vec<Cell> = Vec::with_capacity(self.cells.len());
        for cell in &self.cells {
            let space = cell.c.is_whitespace();
            if !space || flat.last().is_some_and(|last| !last.c.is_whitespace()) {
                flat.push(Cell {
                    c: if space { ' ' } else { cell.c },
                    mark: cell.mark,
                });
            }
        }
        let fits = |cells: &[Cell], columns: usize| cells.iter().map(cell_width).sum::<usize>() <= columns;
        if fits(&flat, columns) {
            return self.line(&flat, Some(style));
        }
        let telling = if decision == Decision::Accept {
            Mark::For
        } else {
            Mark::Against
        };
        let first = flat.iter().position(|cell| cell.mark == telling).unwrap_or(0);
        let mut from = 0;
        if !fits(&flat[..first], columns * 2 / 3) {
            let starts: Vec<usize> = (1..first).filter(|i| flat[i - 1].c == ' ').collect();
            // Two words of context are enough to see what it is about; more if the line would not be full.
            let mut context = starts.len().saturating_sub(3);
            while context > 0 && fits(&flat[starts[context - 1]..], columns - 1) {
                context -= 1;
            }
            from = starts.get(context).copied().unwrap_or(0);
        }
        let mut shown: Vec<Cell> = Vec::new();
        if from > 0 {
            shown.push(Cell {
                c: '…',
                mark: Mark::None,
            });
        }
        let mut used = shown.len();
        let cut = !fits(&flat[from..], columns - used);
        let room = columns - usize::from(cut);
        for cell in &flat[from..] {
            used += cell_width(cell);
            if used > room {
                break;
            }
            shown.push(*cell);
        }
        if cut {
            while shown.last().is_some_and(|cell| cell.c == ' ') {
                shown.pop();
            }
            shown.push(Cell {
                c: '…',
                mark: shown.last().map_or(Mark::None, |cell| cell.mark),
            });
        }
        self.line(&shown, Some(style))
    }

    fn line(&self, cells: &[Cell], plain: Option<Style>) -> String {
        let mut out = String::new();
        for run in cells.chunk_by(|a, b| a.mark == b.mark) {
            let text: String = run.iter().map(|cell| cell.c).collect();
            match (run.first().map(|cell| cell.mark), plain) {
                (Some(Mark::Against), _) => out += &self.paint.on(AGAINST, text),
                (Some(Mark::For), _) => out += &self.paint.on(FOR, text),
                (_, Some(style)) => out += &self.paint.on(style, text),
                (_, None) => out += &text,
            }
        }
        out
    }
}

/// The bracket that opens or closes a marked run.
fn bracket(mark: Mark, opens: bool) -> Option<Cell> {
    let c = match (mark, opens) {
        (Mark::None, _) => return None,
        (Mark::Against, true) => '[',
        (Mark::Against, false) => ']',
        (Mark::For, true) => '{',
        (Mark::For, false) => '}',
    };
    Some(Cell { c, mark: Mark::None })
}

/// What the marks of a painted or plain text mean.
pub(crate) fn legend(against: bool, for_sender: bool, paint: Paint) -> Option<String> {
    let one = |yes: bool, mark: Mark, style: Style, text: &str| {
        let brackets = |opens| bracket(mark, opens).map(|cell| cell.c.to_string()).unwrap_or_default();
        yes.then(|| match paint.colour {
            true => paint.on(style, text),
            false => format!("{}{text}{}", brackets(true), brackets(false)),
        })
    };
    let parts = [
        one(against, Mark::Against, AGAINST, "speaks against the sender"),
        one(for_sender, Mark::For, FOR, "speaks for the sender"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("  "))
}

/// The marked byte ranges of a field: in order, without overlaps.
fn marks(len: usize, field: Field, verdict: &Verdict) -> Vec<(Range<usize>, Mark)> {
    let mut against = Vec::new();
    let mut in_favour = Vec::new();
    for row in &verdict.rows {
        let into = match row.contribution().as_milli() {
            0 => continue,
            1.. => &mut against,
            _ => &mut in_favour,
        };
        for evidence in row.evidence() {
            if let Evidence::Text {
                field: at, start, end, ..
            } = evidence
                && *at == field
                && start < end
            {
                into.push(*start as usize..(*end as usize).min(len));
            }
        }
    }
    let against = merged(against);
    let mut all: Vec<(Range<usize>, Mark)> = Vec::new();
    // Where both meet, what speaks against the sender is shown: it is what needs an explanation. Of the other only a
    // large remainder is, not single words that say nothing.
    for run in merged(in_favour) {
        let mut pieces = Vec::new();
        let mut from = run.start;
        for over in against
            .iter()
            .filter(|over| over.start < run.end && over.end > run.start)
        {
            pieces.push(from..over.start.max(from));
            from = over.end;
        }
        pieces.push(from..run.end.max(from));
        pieces.retain(|piece| !piece.is_empty() && piece.len() * 2 >= run.len());
        all.extend(pieces.into_iter().map(|piece| (piece, Mark::For)));
    }
    all.extend(against.into_iter().map(|run| (run, Mark::Against)));
    all.sort_by_key(|(run, _)| run.start);
    all
}

/// Ranges that overlap or touch become one.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|r| (r.start, r.end));
    let mut out: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

fn cell_width(cell: &Cell) -> usize {
    cell.c.width().unwrap_or(0)
}

/// Breaks at line ends and, where a line is too long, at the last space or, without one, anywhere.
fn wrap_cells(cells: &[Cell], columns: usize) -> Vec<&[Cell]> {
    let mut lines = Vec::new();
    for paragraph in cells.split(|cell| cell.c == '\n') {
        let mut rest = paragraph;
        loop {
            let mut used = 0;
            let mut space = None;
            let mut end = rest.len();
            for (i, cell) in rest.iter().enumerate() {
                used += cell_width(cell);
                if cell.c == ' ' {
                    space = Some(i);
                } else if used > columns && i > 0 {
                    end = space.filter(|s| *s > 0).map_or(i, |s| s);
                    break;
                }
            }
            let (line, after) = rest.split_at(end);
            lines.push(trim_end(line));
            let skip = after.iter().take_while(|cell| cell.c == ' ').count();
            rest = &after[skip..];
            if rest.is_empty() {
                break;
            }
        }
    }
    lines
}

fn trim_end(line: &[Cell]) -> &[Cell] {
    let end = line.iter().rposition(|cell| cell.c != ' ').map_or(0, |i| i + 1);
    &line[..end]
}

/// A problem of a rule file in the colours that compilers use.
pub(crate) fn diagnostic(diagnostic: &Diagnostic, paint: Paint) -> String {
    let text = diagnostic.to_string();
    let mut out = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line: String = line.chars().map(visible).collect();
        let painted = match line.split_once(": ") {
            Some((level, message)) if i == 0 => {
                let style = if diagnostic.is_error() { BAD } else { DOUBTFUL };
                format!(
                    "{}{}",
                    paint.on(style, level),
                    paint.on(BOLD, format_args!(": {message}"))
                )
            }
            _ => match line.split_once(['|', '=', '>']) {
                Some((margin, rest)) if i > 0 => {
                    let sign = &line[margin.len()..line.len() - rest.len()];
                    let marker = !rest.is_empty() && rest.trim_start().chars().all(|c| c == '^');
                    let rest = if marker { paint.on(BAD, rest) } else { rest.to_owned() };
                    format!("{}{rest}", paint.on(PLACE, format_args!("{margin}{sign}")))
                }
                _ => line,
            },
        };
        out.push(painted);
    }
    out.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (n, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(number(n), expected);
        }
    }

    #[test]
    fn lines_are_wrapped_at_spaces() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("a\n\nb", 9), ["a", "", "b"]);
        assert_eq!(wrap("日本語 日本", 6), ["日本語", "日本"]);
        assert_eq!(wrap("", 9), [""]);
        assert_eq!(
            wrap("日本", 1),
            ["日", "本"],
            "a character wider than the line still gets through"
        );
    }

    #[test]
    fn texts_are_shortened_by_width() {
        assert_eq!(shorten("hello", 5), "hello");
        assert_eq!(shorten("hello world", 8), "hello w…");
        assert_eq!(shorten("日本語", 5), "日本…");
    }

    #[test]
    fn nothing_in_a_message_reaches_the_terminal_as_a_command() {
        assert_eq!(
            clean_line("a\u{1b}[31mb\0c\u{202e}d\u{9b}e\u{7f}"),
            "a␛[31mb␀c\u{fffd}d\u{fffd}e␡"
        );
    }

    #[test]
    fn ranges_are_merged() {
        assert_eq!(merged(vec![5..9, 0..2, 1..4, 4..5, 11..12]), [0..9, 11..12]);
    }
}
