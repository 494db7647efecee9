//! Development stand-in for every gateway: the message appears in the terminal.
//! It shows personal data, so the configuration refuses it in production.

use std::io::{self, Write};

use async_trait::async_trait;

use super::{Accepted, Gateway, Message, SendError};

/// Prints messages to standard output, and accepts them all.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConsoleGateway;

#[async_trait]
impl Gateway for ConsoleGateway {
    async fn send(&self, message: Message) -> Result<Accepted, SendError> {
        print(&mut io::stdout().lock(), &message)
            .map_err(|error| SendError::NotSent(format!("the terminal is gone: {error}")))?;
        Ok(Accepted { gateway_id: format!("console-{}", message.id) })
    }
}

fn print(out: &mut impl Write, message: &Message) -> io::Result<()> {
    let Message { channel, to, text, .. } = message;
    // One write, so that messages sent at the same time do not mingle.
    let subject = message.subject.as_deref().unwrap_or_default();
    let head = format!("[{channel:?} → {to}, {}] {subject}", message.sender);
    out.write_all(format!("{}\n{text}\n\n", head.trim_end()).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::Channel;
    use uuid::Uuid;

    fn message() -> Message {
        Message {
            id: Uuid::from_u128(42),
            channel: Channel::Sms,
            to: "+33600000042".into(),
            sender: "Prefecture".into(),
            subject: None,
            text: "Votre rendez-vous est fixé.".into(),
        }
    }

    #[test]
    fn a_printed_message_shows_who_and_what() {
        let mut out = Vec::new();
        print(&mut out, &message()).expect("written");
        let expected = "[Sms → +33600000042, Prefecture]\nVotre rendez-vous est fixé.\n\n";
        assert_eq!(String::from_utf8(out).expect("text"), expected);
    }

    #[tokio::test]
    async fn the_console_accepts_every_message_under_its_id() {
        let accepted = ConsoleGateway.send(message()).await.expect("accepted");
        assert!(accepted.gateway_id.ends_with(&message().id.to_string()));
    }

    #[test]
    fn a_message_does_not_show_its_address_in_debug_output() {
        let shown = format!("{:?}", message());
        assert!(!shown.contains("+336") && !shown.contains("rendez-vous"), "{shown}");
    }
}
