//! What a proposal would do, in the words of the pages on which a second person decides.

use crate::flow::effects::{Effect, Rank};
use crate::flow::told::share;
use crate::locale::Lang;

/// Where an entry stands in a list made now, and where it would.
pub fn said(lang: Lang, effect: &Effect) -> String {
    let others = lang.with("manage-effect-others", [("n", effect.others.into())]);
    let then = rank(lang, "manage-effect-then", &effect.then);
    [others, today(lang, effect), then, of_chances(lang, effect)].join(" ").trim_end().to_owned()
}

/// The same, of an entry that goes to another queue.
pub fn said_move(lang: Lang, [from, to]: [String; 2], effect: &Effect) -> String {
    let from = lang.with("manage-effect-from", [("queue", from.into())]);
    let to = lang.with("manage-effect-to", [("queue", to.into()), ("n", effect.others.into())]);
    let then = rank(lang, "manage-effect-then", &effect.then);
    [from, today(lang, effect), to, then, of_chances(lang, effect)].join(" ").trim_end().to_owned()
}

fn today(lang: Lang, effect: &Effect) -> String {
    match &effect.now {
        Some(now) => rank(lang, "manage-effect-now", now),
        None => lang.text("manage-effect-unlisted"),
    }
}

fn rank(lang: Lang, key: &str, rank: &Rank) -> String {
    let chance = rank.chance.map(|chance| share(lang, chance)).unwrap_or_default();
    let values = [
        ("before", rank.before.into()),
        ("beside", rank.beside.into()),
        ("has-chance", if chance.is_empty() { "no" } else { "yes" }.into()),
        ("chance", chance.into()),
    ];
    lang.with(key, values)
}

/// What the chances rest on.
fn of_chances(lang: Lang, effect: &Effect) -> String {
    effect.then.chance.map(|_| lang.text("manage-effect-of-chances")).unwrap_or_default()
}
