//! The names by which plain values are kept: in the database, the clinic file and the audit log. Pure.

/// Gives an enum of plain cases a name for each.
macro_rules! keys {
    ($name:ident: $($variant:ident = $key:literal),+ $(,)?) => {
        impl $name {
            /// Every one there is.
            pub const ALL: [Self; [$(Self::$variant),+].len()] = [$(Self::$variant),+];

            /// The name by which it is kept.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// The one with this name.
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(super) use keys;
