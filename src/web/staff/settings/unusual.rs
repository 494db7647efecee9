//! Slots on a holiday, on a Sunday or at night, named before somebody confirms them.

use crate::flow::Fault;
use crate::flow::slots::UnusualSlot;
use crate::locale::Lang;
use crate::web::staff::kit::own::Own;

/// Slots that a page names; the others are counted.
const NAMED: usize = 100;

/// The list above the box to tick.
pub struct UnusualView {
    pub summary: String,
    pub lines: Vec<String>,
    pub more: Option<String>,
}

impl UnusualView {
    pub fn of(lang: Lang, own: &Own, slots: &[UnusualSlot]) -> Self {
        let left_out = slots.len().saturating_sub(NAMED);
        Self {
            summary: lang.with("manage-unusual", [("n", slots.len().into())]),
            lines: slots.iter().take(NAMED).map(|slot| line(lang, own, slot)).collect(),
            more: (left_out > 0).then(|| lang.with("manage-and-more", [("n", left_out.into())])),
        }
    }
}

fn line(lang: Lang, own: &Own, unusual: &UnusualSlot) -> String {
    let slot = &unusual.slot;
    let site = own.sites().find(|site| site.slug == slot.site).map_or(slot.site.as_str(), |site| &site.name);
    lang.with(
        "manage-unusual-slot",
        [
            ("date", lang.date(slot.start_local.date()).into()),
            ("time", slot.start_local.format("%H:%M").to_string().into()),
            ("site", site.to_owned().into()),
            ("desk", slot.desk.into()),
            ("why", lang.text(&format!("manage-unusual-{}", unusual.why)).into()),
        ],
    )
}

/// What the form says while the box is not ticked.
pub fn unusual_fault() -> Fault {
    Fault::new("confirm", "slot-unusual")
}
