//! A rule file as a tree of values with positions, the same for TOML and JSON.

use std::fmt;
use std::ops::Range;

use serde::de::{self, IntoDeserializer, value::MapDeserializer, value::SeqDeserializer};

use super::diagnostic::{Code, Diagnostic, Origin, Source};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) value: Value,
}

#[derive(Clone, Debug)]
// Without a file format there is nothing to make a tree from.
#[cfg_attr(not(any(feature = "toml", feature = "json")), allow(dead_code))]
pub(super) enum Value {
    Text(String),
    /// A number as it is written, so that decimals stay exact.
    Number(String),
    Bool(bool),
    List(Vec<Node>),
    Table(Vec<(Key, Node)>),
    /// Something that rule files have no use for, such as a date.
    Other(&'static str),
}

#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) span: Range<usize>,
    pub(super) name: String,
}

impl Value {
    /// What it is, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind,
        }
    }
}

/// Reads a whole file; the tree holds what could be read.
pub(super) fn read(source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) -> Node {
    if source.name.ends_with(".json") {
        return json(source, diagnostics);
    }
    toml_tree(source, diagnostics)
}

#[cfg(feature = "toml")]
fn toml_tree(source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) -> Node {
    use toml::de::{DeTable, DeValue};

    fn convert(value: &DeValue<'_>, span: Range<usize>) -> Node {
        let value = match value {
            DeValue::String(text) => Value::Text(text.clone().into_owned()),
            DeValue::Integer(number) if number.radix() == 10 => Value::Number(number.as_str().to_owned()),
            DeValue::Integer(_) => Value::Other("a number that is not decimal"),
            DeValue::Float(number) => Value::Number(number.as_str().to_owned()),
            DeValue::Boolean(yes) => Value::Bool(*yes),
            DeValue::Datetime(_) => Value::Other("a date"),
            DeValue::Array(list) => Value::List(list.iter().map(|v| convert(v.get_ref(), v.span())).collect()),
            DeValue::Table(table) => return convert_table(table, span),
        };
        Node { span, value }
    }

    fn convert_table(table: &DeTable<'_>, span: Range<usize>) -> Node {
        let mut entries: Vec<(Key, Node)> = table
            .iter()
            .map(|(key, value)| {
                (
                    Key {
                        span: key.span(),
                        name: key.get_ref().to_string(),
                    },
                    convert(value.get_ref(), value.span()),
                )
            })
            .collect();
        entries.sort_by_key(|(key, _)| key.span.start);
        Node {
            span,
            value: Value::Table(entries),
        }
    }

    let (table, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let at = Origin {
            source: Arc::clone(source),
            span,
        };
        diagnostics.push(Diagnostic::error(Code::Syntax, &at, error.message().trim()));
    }
    convert_table(table.get_ref(), 0..0)
}

#[cfg(not(feature = "toml"))]
fn toml_tree(source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) -> Node {
    let at = Origin {
        source: Arc::clone(source),
        span: 0..0,
    };
    diagnostics.push(Diagnostic::error(
        Code::Syntax,
        &at,
        "rule files in TOML need the feature `toml` of huckster",
    ));
    Node {
        span: 0..0,
        value: Value::Table(Vec::new()),
    }
}

#[cfg(feature = "json")]
fn json(source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) -> Node {
    use std::collections::BTreeMap;

    use serde_json::value::RawValue;

    /// Everything inside one rule is said to stand where the rule stands.
    fn convert(value: &serde_json::Value, span: &Range<usize>) -> Node {
        let value = match value {
            serde_json::Value::Null => Value::Other("null"),
            serde_json::Value::Bool(yes) => Value::Bool(*yes),
            serde_json::Value::Number(number) => Value::Number(number.to_string()),
            serde_json::Value::String(text) => Value::Text(text.clone()),
            serde_json::Value::Array(list) => Value::List(list.iter().map(|v| convert(v, span)).collect()),
            serde_json::Value::Object(map) => Value::Table(
                map.iter()
                    .map(|(k, v)| {
                        (
                            Key {
                                span: span.clone(),
                                name: k.clone(),
                            },
                            convert(v, span),
                        )
                    })
                    .collect(),
            ),
        };
        Node {
            span: span.clone(),
            value,
        }
    }

    fn convert_raw(raw: &RawValue, source: &Source, depth: usize) -> Node {
        let start = (raw.get().as_ptr() as usize)
            .saturating_sub(source.text.as_ptr() as usize)
            .min(source.text.len());
        let first_line = raw.get().lines().next().unwrap_or("").len();
        let span = start..start + first_line;
        // Positions are kept for the rules of a list; deeper nesting is serde_json's to refuse.
        if depth == 0
            && let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(raw.get())
        {
            let items = items
                .into_iter()
                .map(|item| convert_raw(item, source, depth + 1))
                .collect();
            return Node {
                span,
                value: Value::List(items),
            };
        }
        serde_json::from_str(raw.get()).map_or(
            Node {
                span: span.clone(),
                value: Value::Other("nothing"),
            },
            |value| convert(&value, &span),
        )
    }

    match serde_json::from_str::<BTreeMap<String, &RawValue>>(&source.text) {
        Ok(map) => {
            let entries = map.into_iter().map(|(name, raw)| {
                let node = convert_raw(raw, source, 0);
                (
                    Key {
                        span: node.span.clone(),
                        name,
                    },
                    node,
                )
            });
            Node {
                span: 0..0,
                value: Value::Table(entries.collect()),
            }
        }
        Err(error) => {
            let line_start = source
                .text
                .split_inclusive('\n')
                .take(error.line().saturating_sub(1))
                .map(str::len)
                .sum::<usize>();
            let mut at = (line_start + error.column().saturating_sub(1)).min(source.text.len());
            while !source.text.is_char_boundary(at) {
                at -= 1;
            }
            let origin = Origin {
                source: Arc::clone(source),
                span: at..at,
            };
            let text = error.to_string();
            let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
            diagnostics.push(Diagnostic::error(Code::Syntax, &origin, message));
            Node {
                span: 0..0,
                value: Value::Table(Vec::new()),
            }
        }
    }
}

#[cfg(not(feature = "json"))]
fn json(source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) -> Node {
    let at = Origin {
        source: Arc::clone(source),
        span: 0..0,
    };
    diagnostics.push(Diagnostic::error(
        Code::Syntax,
        &at,
        "rule files in JSON need the feature `json` of huckster",
    ));
    Node {
        span: 0..0,
        value: Value::Table(Vec::new()),
    }
}

/// Why a tree is not the value that was asked for.
#[derive(Debug)]
pub(super) struct NodeError(pub(super) String);

impl fmt::Display for NodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NodeError {}

impl de::Error for NodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Lets serde read a tree: examples are messages in their public form.
impl<'de> de::Deserializer<'de> for &'de Node {
    type Error = NodeError;

    fn deserialize_any<V: de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, NodeError> {
        match &self.value {
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::Number(number) => match number.parse::<i64>() {
                Ok(whole) => visitor.visit_i64(whole),
                Err(_) => visitor.visit_f64(
                    number
                        .parse()
                        .map_err(|_| NodeError(format!("`{number}` is no number")))?,
                ),
            },
            Value::Bool(yes) => visitor.visit_bool(*yes),
            Value::List(items) => visitor.visit_seq(SeqDeserializer::new(items.iter())),
            Value::Table(entries) => visitor.visit_map(MapDeserializer::new(
                entries.iter().map(|(key, node)| (key.name.as_str(), node)),
            )),
            Value::Other(kind) => Err(NodeError(format!("{kind} is of no use here"))),
        }
    }

    fn deserialize_option<V: de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, NodeError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: de::Visitor<'de>>(self, _: &'static str, v: V) -> Result<V::Value, NodeError> {
        v.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: de::Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NodeError> {
        match &self.value {
            Value::Text(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            other => Err(NodeError(format!("expected a text, found {}", other.kind()))),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, NodeError> for &'de Node {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}
