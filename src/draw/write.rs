//! Writes the public JSON of a frozen list and of a whole bundle. Millions of rows are written on all
//! threads, without `format!`, because one formatting argument per number is slow.

use super::PROTOCOL;
use super::classes::{Accepts, Class};
use super::freeze::Frozen;
use super::list::{Line, Reserve, Slot, Source};
use super::outcome::{Drawn, Opening};
use super::threads::each;

/// Rows per unit of parallel work.
const CHUNK: usize = 1 << 12;
/// The approximate length of an entry's row.
const ROW_BYTES: usize = 56;

impl Frozen {
    /// The public JSON of the list, as it is published when it is frozen. The same list always gives
    /// the same bytes.
    pub fn list_json(&self) -> String {
        let mut out = self.json_with(None);
        out.text("}");
        out.done()
    }

    /// The object up to `freeze`, without the closing brace.
    fn json_with(&self, opening: Option<&Opening>) -> Json {
        let mut out = Json::with_capacity(200 + ROW_BYTES * (self.entries().len() + self.slots().len()));
        out.text("{\"protocol\":\"").text(PROTOCOL).text("\"").hex_of("draw", self.draw());
        out.text(",\"terms\":").text(self.terms().canonical());
        out.rows("classes", self.classes(), |out, class: &Class| {
            let numbers = [class.date_number().into(), class.half.number().into()];
            out.text("[").hex(&class.site).numbers(numbers).text("]");
        });
        out.rows("slots", self.slots(), |out, slot: &Slot| {
            let numbers = [slot.class.into(), slot.start, slot.minutes.into(), slot.desk.into()];
            out.text("[").hex(&slot.id).numbers(numbers).text("]");
        });
        out.rows("types", self.types(), |out, kind: &Accepts| {
            out.hex(kind.as_bytes());
        });
        out.rows("entries", self.entries(), |out, line: &Line| {
            let Line { kind, tier, weight, bucket, reserve, ref pid } = *line;
            let numbers = [kind.into(), tier.into(), weight.into(), bucket.into(), reserve.into()];
            out.text("[").hex(pid).numbers(numbers).text("]");
        });
        out.rows("reserves", self.reserves(), |out, reserve: &Reserve| {
            out.text("[").number(reserve.label.into()).numbers([reserve.seats.into()]).text("]");
        });
        out.source(self.source(), opening);
        out.hex_of("freeze", self.freeze());
        out
    }
}

impl Drawn {
    /// The whole public bundle. The same draw always gives the same bytes.
    pub fn bundle_json(&self) -> String {
        let mut out = self.frozen().json_with(Some(self.opening()));
        out.hex_of("seed", self.seed());
        out.rows("outcome", self.outcome(), |out, (entry, slot)| {
            out.text("[").number((*entry).into()).numbers([(*slot).into()]).text("]");
        });
        out.hex_of("outcome_hash", self.outcome_hash()).text("}");
        out.done()
    }
}

/// A JSON text that is being written.
#[derive(Clone, Default)]
struct Json(Vec<u8>);

impl Json {
    fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    fn done(self) -> String {
        String::from_utf8(self.0).expect("made of strings and digits")
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    /// A string of lower-case hex.
    fn hex(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.push(b'"');
        let start = self.0.len();
        self.0.resize(start + 2 * bytes.len(), 0);
        hex::encode_to_slice(bytes, &mut self.0[start..]).expect("two digits for each byte");
        self.0.push(b'"');
        self
    }

    fn hex_of(&mut self, key: &str, bytes: &[u8]) -> &mut Self {
        self.text(",\"").text(key).text("\":").hex(bytes)
    }

    fn number(&mut self, number: i64) -> &mut Self {
        if number < 0 {
            self.0.push(b'-');
        }
        let mut digits = [0; 20];
        let (mut at, mut left) = (digits.len(), number.unsigned_abs());
        loop {
            at -= 1;
            digits[at] = b'0' + u8::try_from(left % 10).expect("a digit");
            left /= 10;
            if left == 0 {
                break;
            }
        }
        self.0.extend_from_slice(&digits[at..]);
        self
    }

    /// Further numbers of a row.
    fn numbers<const N: usize>(&mut self, numbers: [i64; N]) -> &mut Self {
        for number in numbers {
            self.0.push(b',');
            self.number(number);
        }
        self
    }

    fn rows<T: Sync>(&mut self, key: &str, rows: &[T], write: impl Fn(&mut Self, &T) + Sync) {
        self.text(",\"").text(key).text("\":[");
        let parts = each(rows.len().div_ceil(CHUNK), 1, |chunk| {
            let rows = &rows[chunk * CHUNK..rows.len().min((chunk + 1) * CHUNK)];
            let mut part = Self::with_capacity(ROW_BYTES * rows.len());
            for row in rows {
                write(&mut part, row);
                part.0.push(b',');
            }
            part
        });
        for part in parts {
            self.0.extend_from_slice(&part.0);
        }
        if !rows.is_empty() {
            self.0.pop();
        }
        self.0.push(b']');
    }

    fn source(&mut self, source: &Source, opening: Option<&Opening>) {
        self.text(",\"source\":{\"kind\":");
        match source {
            Source::Drand { chain, round } => {
                self.text("\"drand\"").hex_of("chain", chain).text(&format!(",\"round\":{round}"));
            }
            Source::Commit { commitment } => {
                self.text("\"commit\"").hex_of("commitment", commitment);
            }
        }
        match opening {
            Some(Opening::Drand(round)) => self.hex_of("signature", round.signature()),
            Some(Opening::Secret(secret)) => self.hex_of("secret", secret),
            None => self,
        };
        self.text("}");
    }
}
