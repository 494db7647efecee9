//! The announced terms of a draw and their canonical JSON. The terms are the one part of a list
//! whose structure is defined by the rules and not by the draw, so they are hashed as RFC 8785 text. The
//! values are restricted so that every programming language produces the same text.

use serde_json::Value;

use super::fault::Fault;
use super::hash::{Hash, Id, sha256};
use super::json::hex_array;

/// The largest magnitude of an integer that every JSON reader keeps exactly.
const MAX_INTEGER: u64 = (1 << 53) - 1;

/// What was announced: the queue, its rules, the freeze time, and the draw that this one replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    value: Value,
    canonical: String,
}

impl Terms {
    /// `freeze_at` is in Unix seconds; `previous` is the annulled draw that this one replaces.
    ///
    /// Errors when `queue` or `rules` is not an object, or holds what canonical terms may not: a
    /// key that is not ASCII, a number that is not an integer of magnitude at most 2⁵³−1.
    pub fn new(queue: Value, rules: Value, freeze_at: i64, previous: Option<Id>) -> Result<Self, Fault> {
        let mut terms = serde_json::Map::new();
        terms.insert("queue".to_owned(), queue);
        terms.insert("rules".to_owned(), rules);
        terms.insert("freeze_at".to_owned(), freeze_at.into());
        terms.insert("previous".to_owned(), previous.map(hex::encode).into());
        Self::from_value(Value::Object(terms))
    }

    pub(super) fn from_value(value: Value) -> Result<Self, Fault> {
        let terms = value.as_object().ok_or_else(|| Fault::rule("terms", "must be an object"))?;
        for key in ["queue", "rules"] {
            if !terms.get(key).is_some_and(Value::is_object) {
                return Err(Fault::rule(format!("terms.{key}"), "must be an object"));
            }
        }
        if !terms.get("freeze_at").is_some_and(Value::is_i64) {
            return Err(Fault::rule("terms.freeze_at", "must be Unix seconds, an integer"));
        }
        match terms.get("previous") {
            Some(Value::Null) => {}
            Some(Value::String(text)) if hex_array::<16>(text).is_some() => {}
            _ => {
                return Err(Fault::rule("terms.previous", "must be a draw id in hex, or null"));
            }
        }
        if terms.len() != 4 {
            let rule = "holds queue, rules, freeze_at and previous, and no other key";
            return Err(Fault::rule("terms", rule));
        }
        let canonical = canonical_json(&value)?;
        Ok(Self { value, canonical })
    }

    /// The terms as JSON.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The terms as RFC 8785 canonical JSON.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// `terms_hash`.
    pub(super) fn hash(&self) -> Hash {
        sha256(&[self.canonical.as_bytes()])
    }
}

/// RFC 8785 canonical JSON of a value with ASCII keys and exact integers only.
///
/// Errors name the path of what is not allowed in canonical terms.
///
/// ```
/// let value = serde_json::json!({"b": [1, null], "a": "Œuvre"});
/// assert_eq!(passage::draw::canonical_json(&value)?, r#"{"a":"Œuvre","b":[1,null]}"#);
/// # Ok::<(), passage::draw::Fault>(())
/// ```
pub fn canonical_json(value: &Value) -> Result<String, Fault> {
    let mut out = String::new();
    write_value(value, "terms", &mut out)?;
    Ok(out)
}

fn write_value(value: &Value, at: &str, out: &mut String) -> Result<(), Fault> {
    match value {
        Value::Number(number) => {
            let magnitude =
                number.as_i64().map(i64::unsigned_abs).filter(|magnitude| *magnitude <= MAX_INTEGER);
            if magnitude.is_none() {
                let rule = "numbers are integers of magnitude at most 2^53-1";
                return Err(Fault::rule(at, rule));
            }
            out.push_str(&number.to_string());
        }
        Value::Array(items) => {
            out.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                write_value(item, &format!("{at}[{number}]"), out)?;
            }
            out.push(']');
        }
        Value::Object(map) => write_object(map, at, out)?,
        // serde_json writes null, booleans and strings exactly as RFC 8785 §3.2.2 asks.
        Value::Null | Value::Bool(_) | Value::String(_) => out.push_str(&value.to_string()),
    }
    Ok(())
}

fn write_object(map: &serde_json::Map<String, Value>, at: &str, out: &mut String) -> Result<(), Fault> {
    // The map's own order depends on a feature of serde_json that any crate may switch on.
    let mut members: Vec<_> = map.iter().collect();
    members.sort_unstable_by_key(|(key, _)| *key);
    out.push('{');
    for (number, (key, member)) in members.into_iter().enumerate() {
        if !key.is_ascii() {
            return Err(Fault::rule(format!("{at}.{key}"), "keys are ASCII"));
        }
        if number > 0 {
            out.push(',');
        }
        out.push_str(&Value::from(key.as_str()).to_string());
        out.push(':');
        write_value(member, &format!("{at}.{key}"), out)?;
    }
    out.push('}');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::canonical_json;
    use serde_json::json;

    #[test]
    fn strings_are_escaped_as_rfc_8785_asks() {
        let text = "\u{0}\u{8}\t\n\u{b}\u{c}\r\u{1f}\"\\/\u{7f}\u{2028}é𝄞";
        let wanted = "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\u{7f}\u{2028}é𝄞\"";
        assert_eq!(canonical_json(&json!(text)).unwrap(), wanted);
    }

    #[test]
    fn only_exact_integers_and_ascii_keys_may_stand() {
        let largest = (1_i64 << 53) - 1;
        for good in [json!(0), json!(largest), json!(-largest), json!([])] {
            assert!(canonical_json(&good).is_ok(), "{good}");
        }
        for bad in [
            json!(1.0),
            json!(-0.0),
            json!(largest + 1),
            json!(-largest - 1),
            json!(u64::MAX),
            json!({"é": 1}),
            json!([{"a": [0.5]}]),
        ] {
            assert!(canonical_json(&bad).is_err(), "{bad}");
        }
    }
}
