//! What a proposal would do, in the words of the pages on which a second person decides.

use fluent_templates::fluent_bundle::FluentValue;

use crate::flow::effects::Effect;
use crate::locale::Lang;

/// How many stand before one entry, now and then.
pub fn said(lang: Lang, effect: &Effect) -> String {
    lang.with("manage-effect", counts(effect))
}

/// The same, of an entry that goes to another queue.
pub fn said_move(lang: Lang, [from, to]: [String; 2], effect: &Effect) -> String {
    let names = [("from", from.into()), ("to", to.into())];
    lang.with("manage-effect-move", names.into_iter().chain(counts(effect)).collect::<Vec<_>>())
}

fn counts(effect: &Effect) -> [(&'static str, FluentValue<'static>); 5] {
    [
        ("others", effect.others.into()),
        ("before", effect.now.before.into()),
        ("beside", effect.now.beside.into()),
        ("then", effect.then.before.into()),
        ("beside-then", effect.then.beside.into()),
    ]
}
