//! Names that say why somebody passes first: a reserve may not be called by an illness, a disability, a
//! pregnancy, violence or a protection, because whoever reads the name knows it of everybody in the reserve.
//! This list is a help, not a proof: it knows the usual words of two languages. What the public reads has no
//! typed name in it at all.

use unicode_normalization::UnicodeNormalization;

use super::fold::fold;

/// Beginnings of words, folded.
const BEGINNINGS: &[&str] = &[
    // Health and disability.
    "SANTE",
    "HEALTH",
    "MALAD",
    "ILLNESS",
    "DISEASE",
    "MEDIC",
    "HOSPI",
    "HOPITA",
    "CHIRURG",
    "SURG",
    "CANCER",
    "PSYCH",
    "HANDICAP",
    "DISAB",
    "INVALID",
    "INFIRM",
    "DEPENDAN",
    // Pregnancy.
    "ENCEINT",
    "GROSSESS",
    "MATERNI",
    "ACCOUCH",
    "PREGNAN",
    // Violence and protection.
    "VIOLEN",
    "VICTIM",
    "AGRESS",
    "ABUS",
    "VIOL",
    "PROTECT",
    "PROTEG",
    "ORDONNANCE",
    "PERSECUT",
    "PROSTITU",
    "TRAFFICK",
    // Asylum.
    "ASIL",
    "ASYL",
    "REFUGI",
    "REFUGEE",
    "SUBSIDIAIR",
    "SUBSIDIAR",
    "APATRID",
    "STATELESS",
    // Social distress.
    "VULNERAB",
    "FRAGIL",
    "PRECAR",
    "SOCIA",
    "HUMANITA",
];

/// Whole words, folded: longer ones that begin alike mean something else.
const WORDS: &[&str] =
    &["SOIN", "SOINS", "CARE", "ILL", "SICK", "ALD", "VIH", "HIV", "SIDA", "AIDS", "TRAITE", "MDPH", "BIRTH"];

/// Whether a name speaks of somebody's health, of violence or of a protection.
pub fn tells_a_ground(name: &str) -> bool {
    let tells = |word: &str| {
        let folded: String = fold(word).collect();
        WORDS.contains(&folded.as_str()) || BEGINNINGS.iter().any(|start| folded.starts_with(start))
    };
    let composed: String = name.nfc().collect();
    composed.split(|letter: char| !letter.is_alphanumeric()).any(tells)
}

#[cfg(test)]
mod tests {
    use super::tells_a_ground;

    #[test]
    fn names_that_tell_are_found_however_they_are_spelt() {
        for name in [
            "Personnes sous ordonnance de protection",
            "SANTÉ",
            "Priorité sante\u{301}",
            "Personnes handicape\u{301}es",
            "Femmes enceintes",
            "Victims of domestic violence",
            "demandeurs d’asile",
            "Réfugiés",
            "Personnes orientées par un service social",
            "accès aux soins",
            "Pregnant women",
        ] {
            assert!(tells_a_ground(name), "{name}");
        }
    }

    #[test]
    fn neutral_names_pass() {
        for name in [
            "Réserve 1",
            "R1",
            "Première réserve",
            "Second reserve",
            "Titre qui expire",
            "Basile",
            "Places A",
        ] {
            assert!(!tells_a_ground(name), "{name}");
        }
    }
}
