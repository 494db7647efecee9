//! One macro for the small closed vocabularies (states, kinds, modes): each word is written once
//! and is the same in code, SQL, JSON and translation keys.

/// A stable word of the program as translation keys write it: `too_late` becomes `too-late`.
pub fn key_of(word: &str) -> String {
    word.replace('_', "-")
}

/// Declares an enum whose variants have one stable word each.
macro_rules! text_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable word, as stored.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The word as translation keys write it.
            pub fn key(self) -> String {
                $crate::domain::text_enum::key_of(self.as_str())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(word: &str) -> Result<Self, String> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    other => Err(format!("“{other}” is not one of: {}", [$($word),+].join(", "))),
                }
            }
        }
    };
}
pub(crate) use text_enum;
