//! The players: bots that send the form every few milliseconds, and people who read and type. Both use
//! the same server, with the same client and the same form.

use std::time::Duration;

use passage::flow::register::Registration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::common::{foreigner_number, person};
use crate::http::{Caller, registration};

pub const FORM: &str = "/p/demonstration/premiere-demande/inscription";
/// The text before the seat on a page that gives one.
pub const SEAT_MARK: &str = "Créneau obtenu : ";

/// Between two attempts of a bot.
const REACTION: Duration = Duration::from_millis(8);
/// How long a bot continues after the doors open, and how often it sends the form at most: one address may
/// register 120 times an hour.
const BOT_PATIENCE: Duration = Duration::from_millis(300);
const BOT_ATTEMPTS_MAX: u32 = 110;
/// A minute of a person's reading and typing lasts a second here.
const TYPING_MS: std::ops::Range<u64> = 400..1_600;
/// How often somebody who finds nothing tries again, after a short pause.
const TRIES_OF_A_PERSON: u32 = 3;
const SIGH: Duration = Duration::from_millis(200);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Sends its one identity again and again: always the same request, or also new ones.
    Bot {
        new_keys: bool,
    },
    Person,
}

/// When the doors were opened, once they are.
pub type Doors = watch::Receiver<Option<Instant>>;

#[derive(Clone, Copy, Debug)]
pub struct Player {
    pub number: u32,
    pub kind: Kind,
    pub caller: Caller,
}

/// The result of a player.
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
    pub async fn play(self, mut doors: Doors, site: &str) -> Played {
        let mut played = Played { kind: self.kind, reference: None, has_seat: false, attempts: 0 };
        match self.kind {
            Kind::Bot { new_keys } => self.hammer(new_keys, &doors, site, &mut played).await,
            Kind::Person => {
                doors.wait_for(Option::is_some).await.unwrap();
                self.type_slowly(site, &mut played).await;
            }
        }
        played
    }

    async fn hammer(self, new_keys: bool, doors: &Doors, site: &str, played: &mut Played) {
        for attempt in 0..BOT_ATTEMPTS_MAX {
            // Repeating the same request may succeed in the end; another idempotency key may look like another person.
            let key = self.key(if new_keys && attempt % 2 == 1 { attempt } else { 0 });
            let opened = *doors.borrow();
            self.send(&key, site, played).await;
            if played.has_seat || opened.is_some_and(|opened| opened.elapsed() > BOT_PATIENCE) {
                return;
            }
            sleep(REACTION).await;
        }
    }

    async fn type_slowly(self, site: &str, played: &mut Played) {
        let page = self.caller.get(FORM).await.unwrap();
        let key = page.hidden("cle");
        // Spread evenly, and the same in every run.
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
        let page = self.caller.submit(FORM, &registration(key, site, &typed)).await.unwrap();
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
