//! What the archive lacks: facts about people, from a file of one JSON object a line.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use huckster::{Profile, Relationship};
use huckster_linkedin_export::{Item, profile_slug};
use serde::Deserialize;

use super::inbox::{name_key, sender_key};
use crate::failure::Failure;
use crate::input;

/// A line: who, and what is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    profile_url: Option<String>,
    name: Option<String>,
    headline: Option<String>,
    about: Option<String>,
    #[serde(default)]
    services: Vec<String>,
    connections: Option<u32>,
    followers: Option<u32>,
    account_age_days: Option<u32>,
    verified: Option<bool>,
    open_to_work: Option<bool>,
    creator: Option<bool>,
    premium: Option<bool>,
    mutual_connections: Option<u32>,
    shared_groups: Option<Vec<String>>,
    shared_events: Option<Vec<String>>,
    have_met: Option<bool>,
    is_customer: Option<bool>,
}

/// Facts about people, by what tells a person from others.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    people: HashMap<String, (usize, Line)>,
}

impl Facts {
    /// Reads a file. Lines that cannot be used are told, and the others are.
    pub(crate) fn read(path: &Path) -> Result<(Self, Vec<String>), Failure> {
        let name = path.display().to_string();
        let bytes = input::file(path)?;
        let mut facts = Self::default();
        let mut problems = Vec::new();
        for item in input::jsonl_items(&bytes) {
            if let Err(problem) = facts.add(item.line, item.bytes()) {
                problems.push(format!("{name}:{}: {problem}", item.line));
            }
        }
        Ok((facts, problems))
    }

    fn add(&mut self, number: usize, bytes: &[u8]) -> Result<(), String> {
        let line: Line = serde_json::from_slice(bytes).map_err(|e| {
            let full = e.to_string();
            let what = full.rsplit_once(" at line ").map_or(full.as_str(), |(what, _)| what);
            format!("column {}: {what}", e.column())
        })?;
        let key = match (&line.profile_url, &line.name) {
            (Some(url), _) => profile_slug(url).ok_or_else(|| {
                format!("`{url}` is no address of a profile; write it as https://www.linkedin.com/in/name")
            })?,
            (None, Some(name)) if !name.trim().is_empty() => name_key(name),
            _ => return Err("it does not say about whom it is; give `profile_url` or `name`".to_owned()),
        };
        match self.people.entry(key) {
            Entry::Occupied(first) => Err(format!("line {} is about this person already", first.get().0)),
            Entry::Vacant(place) => {
                place.insert((number, line));
                Ok(())
            }
        }
    }

    /// Adds to a message what is known of its sender: by address, else by name.
    pub(crate) fn apply(&self, item: &mut Item) {
        if self.people.is_empty() {
            return;
        }
        let by_name = || self.people.get(&name_key(item.from.name.as_deref()?));
        let by_key = sender_key(&item.from).and_then(|key| self.people.get(&key));
        let Some((_, line)) = by_key.or_else(by_name) else {
            return;
        };
        let message = &mut item.message;
        let profile = message.sender.get_or_insert_with(Profile::new);
        let relationship = message.relationship.get_or_insert_with(Relationship::new);
        macro_rules! add {
            ($to:ident: $($field:ident)*) => {
                $(if line.$field.is_some() { $to.$field = line.$field.clone().map(Into::into); })*
            };
        }
        add!(profile: headline about connections followers account_age_days verified open_to_work creator premium);
        if !line.services.is_empty() {
            profile.services = line.services.iter().cloned().map(Into::into).collect();
        }
        add!(relationship: mutual_connections have_met is_customer);
        let list = |names: &[String]| names.iter().cloned().map(Into::into).collect();
        if let Some(groups) = &line.shared_groups {
            relationship.shared_groups = Some(list(groups));
        }
        if let Some(events) = &line.shared_events {
            relationship.shared_events = Some(list(events));
        }
        message.sender.take_if(|p| p.is_empty());
        message.relationship.take_if(|r| r.is_empty());
    }
}
