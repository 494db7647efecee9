//! Development stand-in for every gateway: the message appears in the terminal.
//! It shows personal data, so the configuration refuses it in production.

use std::io::{self, Write};
use std::time::Duration;

use async_trait::async_trait;

use super::{Accepted, Carrier, Message, SendError};
use crate::domain::notice::Way;

/// Prints the messages of one way to standard output, and accepts them all.
#[derive(Clone, Debug)]
pub struct ConsoleCarrier {
    way: Way,
    sender: String,
}

impl ConsoleCarrier {
    pub fn new(way: Way, sender: &str) -> Self {
        Self { way, sender: sender.to_owned() }
    }

    fn print(&self, out: &mut impl Write, message: &Message) -> io::Result<()> {
        let Message { to, rendered, .. } = message;
        let subject = if self.way == Way::Sms { "" } else { &rendered.subject };
        let head = format!("[{} → {to}, {}] {subject}", self.way, self.sender);
        // One write, so that messages sent at the same time do not mingle.
        out.write_all(format!("{}\n{}\n\n", head.trim_end(), rendered.text).as_bytes())
    }
}

#[async_trait]
impl Carrier for ConsoleCarrier {
    fn way(&self) -> Way {
        self.way
    }

    fn attempt_max(&self) -> Duration {
        Duration::from_secs(1)
    }

    async fn send(&self, message: &Message) -> Result<Accepted, SendError> {
        self.print(&mut io::stdout().lock(), message)
            .map_err(|error| SendError::NotSent(format!("the terminal is gone: {error}")))?;
        Ok(Accepted { gateway_id: format!("console-{}", message.id) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::Rendered;
    use uuid::Uuid;

    fn message(to: &str) -> Message {
        Message {
            id: Uuid::from_u128(42),
            to: to.into(),
            rendered: Rendered {
                subject: "Votre rendez-vous".into(),
                text: "Votre rendez-vous est fixé.".into(),
                ..Rendered::default()
            },
        }
    }

    fn printed(way: Way, to: &str) -> String {
        let mut out = Vec::new();
        ConsoleCarrier::new(way, "Prefecture").print(&mut out, &message(to)).expect("written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_printed_message_shows_who_and_what() {
        let sms = "[sms → +33600000042, Prefecture]\nVotre rendez-vous est fixé.\n\n";
        assert_eq!(printed(Way::Sms, "+33600000042"), sms);
        let email =
            "[email → usager@example.org, Prefecture] Votre rendez-vous\nVotre rendez-vous est fixé.\n\n";
        assert_eq!(printed(Way::Email, "usager@example.org"), email);
    }

    #[tokio::test]
    async fn the_console_accepts_every_message_under_its_id() {
        let message = message("+33600000042");
        let accepted = ConsoleCarrier::new(Way::Sms, "Prefecture").send(&message).await.expect("accepted");
        assert!(accepted.gateway_id.ends_with(&message.id.to_string()));
    }
}
