//! Tables that are the same in Markdown and in HTML, and the forms of numbers in them.
//!
//! Ids, tags and file names come from other people's files, so every cell is escaped here and nowhere else.

#[cfg(feature = "plots")]
use std::fmt::Write;

use super::proportion::Proportion;

/// Names longer than this are cut: a page of 600 rules stays small whatever they are called.
const LONGEST: usize = 100;

/// What is in a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    number: bool,
}

/// A column of words, at the left.
pub(super) const fn words(name: &'static str) -> Column {
    Column { name, number: false }
}

/// A column of numbers, at the right.
pub(super) const fn number(name: &'static str) -> Column {
    Column { name, number: true }
}

/// What stands in a cell.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// Words or numbers of this project.
    Plain(String),
    /// Something that was named by somebody: rules, tags, messages.
    Ids(Vec<String>),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl From<u64> for Cell {
    fn from(n: u64) -> Self {
        Self::Plain(count(n))
    }
}

/// A cell with one name.
pub(super) fn id(name: &str) -> Cell {
    Cell::Ids(vec![name.to_owned()])
}

#[derive(Clone, Debug)]
struct Row {
    cells: Vec<Cell>,
    #[cfg_attr(not(feature = "plots"), expect(dead_code, reason = "Markdown has no colours"))]
    marked: bool,
}

/// Rows under a head.
#[derive(Clone, Debug)]
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Row>,
}

impl Table {
    pub(super) fn new(columns: impl Into<Vec<Column>>) -> Self {
        Self {
            columns: columns.into(),
            rows: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, cells: impl Into<Vec<Cell>>) {
        self.push_marked(cells, false);
    }

    /// A row that is to catch the eye.
    pub(super) fn push_marked(&mut self, cells: impl Into<Vec<Cell>>, marked: bool) {
        let cells = cells.into();
        self.rows.push(Row { cells, marked });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A Markdown table, padded so that it also reads well as it is.
    pub(super) fn to_markdown(&self) -> String {
        let mut lines: Vec<Vec<String>> = vec![self.columns.iter().map(|c| c.name.to_owned()).collect()];
        for row in &self.rows {
            lines.push(row.cells.iter().map(Cell::to_markdown).collect());
        }
        let width = |i: usize| {
            let cells = lines.iter().filter_map(|line| line.get(i));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0).max(3)
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let mut out = String::new();
        for (n, line) in lines.iter().enumerate() {
            for ((cell, column), width) in line.iter().zip(&self.columns).zip(&widths) {
                let padding = " ".repeat(width.saturating_sub(cell.chars().count()));
                out.push_str("| ");
                out.push_str(&if column.number {
                    padding + cell
                } else {
                    cell.clone() + &padding
                });
                out.push(' ');
            }
            out.push_str("|\n");
            if n == 0 {
                for (column, width) in self.columns.iter().zip(&widths) {
                    let dashes = "-".repeat(width - 1);
                    out.push_str(&if column.number {
                        format!("| {dashes}: ")
                    } else {
                        format!("| -{dashes} ")
                    });
                }
                out.push_str("|\n");
            }
        }
        out
    }

    /// An HTML table in a box that scrolls sideways; `caption` is read out and not seen.
    #[cfg(feature = "plots")]
    pub(super) fn to_html(&self, caption: &str) -> String {
        let mut out = format!(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table>\n<caption>{0}</caption>\n<thead><tr>",
            escape(caption)
        );
        for column in &self.columns {
            let class = if column.number { " class=\"n\"" } else { "" };
            let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", escape(column.name));
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for row in &self.rows {
            out.push_str(if row.marked { "<tr class=\"mark\">" } else { "<tr>" });
            for (i, (cell, column)) in row.cells.iter().zip(&self.columns).enumerate() {
                let class = if column.number { " class=\"n\"" } else { "" };
                let (tag, scope) = if i == 0 { ("th", " scope=\"row\"") } else { ("td", "") };
                let _ = write!(out, "<{tag}{scope}{class}>{}</{tag}>", cell.to_html());
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table></div>\n");
        out
    }
}

impl Cell {
    fn to_markdown(&self) -> String {
        match self {
            Self::Plain(text) => plain(text),
            Self::Ids(ids) => ids.iter().map(|id| code(id)).collect::<Vec<_>>().join(", "),
        }
    }

    #[cfg(feature = "plots")]
    fn to_html(&self) -> String {
        match self {
            Self::Plain(text) => escape(text),
            Self::Ids(ids) => {
                let codes = ids.iter().map(|id| format!("<code>{}</code>", escape(&clip(id))));
                codes.collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// `text` for HTML, in an element or in a quoted attribute.
#[cfg(feature = "plots")]
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(visible(c)),
        }
    }
    out
}

/// Control characters would move the cursor of a terminal, and those that turn the direction of writing would mix up the
/// line.
fn visible(c: char) -> char {
    match c {
        '\n' | '\t' | '\r' => ' ',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

/// At most [`LONGEST`] characters.
pub(super) fn clip(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// Text for Markdown: nothing in it is taken for markup.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().map(visible) {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '~'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A name as a code span of Markdown, also inside a table.
pub(super) fn code(text: &str) -> String {
    let text: String = clip(text).chars().map(visible).collect();
    let text = text.replace('|', "\\|");
    // A fence longer than any run of backticks inside.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    match text.as_str() {
        "" => String::new(),
        text if longest > 0 => format!("{fence} {text} {fence}"),
        text => format!("{fence}{text}{fence}"),
    }
}

/// A paragraph with lines short enough for a terminal.
pub(super) fn wrapped(text: &str) -> String {
    const WIDTH: usize = 100;
    let mut out = String::new();
    let mut width = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            out.push('\n');
            width = 0;
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
    }
    out.push('\n');
    out
}

/// Nothing to say.
pub(super) const NONE: &str = "–";

/// `1234567` as `1,234,567`.
pub(super) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A change in a count, with its sign.
pub(super) fn change(n: i64) -> String {
    match n {
        0 => "0".to_owned(),
        n => format!("{}{}", if n < 0 { '-' } else { '+' }, count(n.unsigned_abs())),
    }
}

/// A number with so many places.
pub(super) fn fixed(value: Option<f64>, places: usize) -> String {
    value.map_or_else(|| NONE.to_owned(), |v| format!("{:.places$}", unsigned_zero(v, places)))
}

/// A number with its sign and so many places.
pub(super) fn signed(value: Option<f64>, places: usize) -> String {
    value.map_or_else(
        || NONE.to_owned(),
        |v| match unsigned_zero(v, places) {
            0.0 => format!("{:.places$}", 0.0),
            v => format!("{v:+.places$}"),
        },
    )
}

/// What would be shown as `-0.000` is 0.
fn unsigned_zero(v: f64, places: usize) -> f64 {
    if v.abs() < 0.5 / 10f64.powi(places.min(12) as i32) {
        0.0
    } else {
        v
    }
}

/// A share as `12.3 %`.
pub(super) fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |v| format!("{:.1} %", v * 100.0))
}

/// From low to high.
pub(super) fn range(low: Option<f64>, high: Option<f64>, places: usize) -> String {
    match low.zip(high) {
        Some((low, high)) => format!("{} to {}", fixed(Some(low), places), fixed(Some(high), places)),
        None => NONE.to_owned(),
    }
}

/// The 95 % interval of a share, in percent.
pub(super) fn percent_range(share: Proportion) -> String {
    share.wilson().map_or_else(
        || NONE.to_owned(),
        |(low, high)| format!("{:.1} to {:.1} %", low * 100.0, high * 100.0),
    )
}

/// `3 of 110`.
pub(super) fn hits_of(share: Proportion) -> String {
    format!("{} of {}", count(share.hits), count(share.of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padded_and_aligned() {
        let mut table = Table::new([words("rule"), number("hits")]);
        table.push([id("sales.call"), 1_234.into()]);
        table.push_marked(["other".into(), 7.into()], true);
        let expected = "\
| rule         |  hits |
| ------------ | ----: |
| `sales.call` | 1,234 |
| other        |     7 |
";
        assert_eq!(table.to_markdown(), expected);
    }

    #[test]
    fn nothing_gets_out_of_its_cell() {
        assert_eq!(code("a|b\n`c``d"), "``` a\\|b `c``d ```");
        assert_eq!(code("x\u{1b}[31m\u{202e}"), "`x\u{fffd}[31m\u{fffd}`");
        assert_eq!(plain("<b>|_x_"), "\\<b\\>\\|\\_x\\_");
        assert_eq!(clip(&"é".repeat(101)), format!("{}…", "é".repeat(100)));
        assert_eq!(clip(&"é".repeat(100)), "é".repeat(100));
    }

    #[cfg(feature = "plots")]
    #[test]
    fn nothing_gets_out_of_html() {
        assert_eq!(
            escape("<a href='x' b=\"&\">\0"),
            "&lt;a href=&#39;x&#39; b=&quot;&amp;&quot;&gt;\u{fffd}"
        );
        let mut table = Table::new([words("rule"), number("hits")]);
        table.push_marked([id("<i>"), 1_234.into()], true);
        let html = table.to_html("\"all\"");
        assert!(html.contains("aria-label=\"&quot;all&quot;\""), "{html}");
        let row = "<tr class=\"mark\"><th scope=\"row\"><code>&lt;i&gt;</code></th><td class=\"n\">1,234</td></tr>";
        assert!(html.contains(row), "{html}");
    }

    #[test]
    fn numbers() {
        assert_eq!(
            [0, 12, 999, 1_000, 1_234_567].map(count),
            ["0", "12", "999", "1,000", "1,234,567"]
        );
        assert_eq!([-1_200, 0, 3].map(change), ["-1,200", "0", "+3"]);
        assert_eq!(fixed(Some(-0.000_4), 3), "0.000");
        assert_eq!(signed(Some(-0.000_4), 3), "0.000");
        assert_eq!(signed(Some(0.012_34), 3), "+0.012");
        assert_eq!((signed(None, 3), percent(None)), (NONE.to_owned(), NONE.to_owned()));
        assert_eq!(percent(Some(0.125)), "12.5 %");
        assert_eq!(percent_range(Proportion::new(0, 110)), "0.0 to 3.4 %");
        assert_eq!(hits_of(Proportion::new(3, 1_110)), "3 of 1,110");
    }
}
