//! Free text: what cannot be seen, and what cannot be kept. A reason or a name that holds a control
//! character breaks the feeds and files it is printed in; a mark of writing direction makes a line say
//! something else than it seems to.

use thiserror::Error;

/// Why a free text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("it holds a character that cannot be shown (code {code:04X}); type the text again", code = u32::from(self.0))]
pub struct Unreadable(pub char);

/// A text of several lines as it is kept: marks of writing direction and other invisible ones gone,
/// line ends as one sign, tabs as spaces, nothing at either end.
///
/// ```
/// use passage::domain::text::clean;
///
/// assert_eq!(clean(" panne \u{202E}d'eau\r\nau centre "), Ok("panne d'eau\nau centre".to_owned()));
/// assert!(clean("panne\u{7}").is_err());
/// ```
///
/// # Errors
/// The first character that nobody can read.
pub fn clean(text: &str) -> Result<String, Unreadable> {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let mut kept = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => kept.push('\n'),
            '\t' => kept.push(' '),
            letter if is_unreadable(letter) => return Err(Unreadable(letter)),
            letter if is_mark(letter) => {}
            letter => kept.push(letter),
        }
    }
    Ok(kept.trim().to_owned())
}

/// The same, on one line.
///
/// # Errors
/// As [`clean`].
pub fn clean_line(text: &str) -> Result<String, Unreadable> {
    Ok(clean(text)?.replace('\n', " "))
}

/// Control characters, private use, non-characters, and the mark of a text that was read in the wrong
/// encoding.
pub(super) fn is_unreadable(letter: char) -> bool {
    let code = u32::from(letter);
    letter.is_control()
        || matches!(code, 0xE000..=0xF8FF | 0xFDD0..=0xFDEF | 0xFFFD | 0xF_0000..)
        || code & 0xFFFE == 0xFFFE
}

/// Zero-width characters, writing-direction marks and overrides, soft hyphens.
pub(super) fn is_invisible(letter: char) -> bool {
    is_mark(letter) || matches!(letter, '\u{200C}' | '\u{200D}')
}

/// The same but the joiners, which are spelling in Persian and Indic texts.
fn is_mark(letter: char) -> bool {
    matches!(
        letter,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_lines_and_loses_what_nobody_sees() {
        assert_eq!(clean("a\u{200B}b\u{FEFF}\rc\u{2028}d\te"), Ok("ab\nc\nd e".to_owned()));
        assert_eq!(clean("بی\u{200C}نظیر"), Ok("بی\u{200C}نظیر".to_owned()), "a joiner is spelling");
        assert_eq!(clean_line(" a \r\n b "), Ok("a   b".to_owned()));
        assert_eq!(clean("\u{202E}\u{200B}  "), Ok(String::new()));
    }

    #[test]
    fn control_characters_are_refused() {
        for letter in ['\0', '\u{7}', '\u{8}', '\u{B}', '\u{1B}', '\u{7F}', '\u{85}', '\u{FFFD}', '\u{FFFE}']
        {
            assert_eq!(clean(&format!("panne{letter} d'eau")), Err(Unreadable(letter)), "{letter:?}");
        }
    }
}
