//! Those who come: bots that send the form every few milliseconds, and people who read and type. Both go
//! through the same door, with the same client and the same form.

use std::time::Duration;

use passage::flow::register::Registration;
use tokio::time::{Instant, sleep, sleep_until};

use crate::common::{foreigner_number, person};
use crate::http::{Caller, registration};

pub const FORM: &str = "/p/demonstration/premiere-demande/inscription";
/// What stands before the seat on a page that gives one.
pub const SEAT_MARK: &str = "Créneau obtenu : ";

/// Between two attempts of a bot.
const REACTION: Duration = Duration::from_millis(4);
/// A minute of a person's reading and typing lasts a second here.
const TYPING_MS: std::ops::Range<u64> = 400..1_600;
/// How often somebody who finds nothing tries again, after as long as it takes to sigh.
const TRIES_OF_A_PERSON: u32 = 3;
const SIGH: Duration = Duration::from_millis(200);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Sends its one identity so many times, under its own key and under new ones.
    Bot {
        attempts: u32,
    },
    Person,
}

#[derive(Clone, Copy, Debug)]
pub struct Player {
    pub number: u32,
    pub kind: Kind,
    pub caller: Caller,
}

/// What became of a player.
#[derive(Clone, Debug)]
pub struct Played {
    pub kind: Kind,
    pub reference: Option<String>,
    pub has_seat: bool,
    pub attempts: u32,
}

/// The reference on a receipt.
pub fn reference_of(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("class=\"reference\">")?;
    Some(rest.split_once("</strong>")?.0)
}

impl Player {
    /// Plays from before the doors open until it has a seat or has tried enough.
    pub async fn play(self, doors_open: Instant, site: &str) -> Played {
        let mut played = Played { kind: self.kind, reference: None, has_seat: false, attempts: 0 };
        match self.kind {
            Kind::Bot { attempts } => self.hammer(attempts, site, &mut played).await,
            Kind::Person => {
                sleep_until(doors_open).await;
                self.type_slowly(site, &mut played).await;
            }
        }
        played
    }

    async fn hammer(self, attempts: u32, site: &str, played: &mut Played) {
        let own_key = self.key(0);
        for attempt in 0..attempts {
            // The same request again may be lucky at last; another key may pass for somebody else.
            let key = if attempt.is_multiple_of(2) { own_key.clone() } else { self.key(attempt) };
            self.send(&key, site, played).await;
            if played.has_seat {
                return;
            }
            sleep(REACTION).await;
        }
    }

    async fn type_slowly(self, site: &str, played: &mut Played) {
        let page = self.caller.get(FORM).await.unwrap();
        let key = page.hidden("cle");
        // Spread evenly and the same at every run.
        let spread = TYPING_MS.end - TYPING_MS.start;
        let typing = TYPING_MS.start + u64::from(self.number) * 7_919 % spread;
        sleep(Duration::from_millis(typing)).await;
        for _ in 0..TRIES_OF_A_PERSON {
            self.send(&key, site, played).await;
            if played.has_seat || played.reference.is_some() {
                return;
            }
            sleep(SIGH).await;
        }
    }

    async fn send(self, key: &str, site: &str, played: &mut Played) {
        let typed = Registration {
            foreigner_number: foreigner_number(self.number),
            document_country: String::new(),
            document_number: String::new(),
            ..person(self.number)
        };
        let page = self.caller.post(FORM, &registration(key, site, &typed)).await.unwrap();
        assert!(!page.status.is_server_error(), "{}", page.body);
        played.attempts += 1;
        if let Some(reference) = reference_of(&page.body) {
            let before = played.reference.replace(reference.to_owned());
            assert!(before.is_none_or(|before| before == reference), "one identity, two receipts");
        }
        played.has_seat |= page.body.contains(SEAT_MARK);
    }

    fn key(self, attempt: u32) -> String {
        format!("{:016x}{attempt:016x}", self.number)
    }
}
