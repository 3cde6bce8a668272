//! The table that every list of stable codes is written as: one line a code, with its clause, its rules and its weight.
//! What the weight means, each list says with a macro of its own.

/// Makes an enumeration of codes from its table; `$weights` gets the last column.
macro_rules! codes {
    (
        $(#[doc = $about:literal])+ $list:ident weighs $weights:ident;
        $($(#[doc = $doc:literal])+ $name:ident = $code:literal, $clause:literal, [$($rule:literal),*], $($weight:ident)+;)*
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $list { $($(#[doc = $doc])+ $name,)* }

        impl $list {
            /// Every code, in the order of this file.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable text of this code.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// The clause, or the decision, this rule rests on.
            #[must_use]
            pub fn clause(self) -> &'static str {
                match self { $(Self::$name => $clause),* }
            }

            /// The identifiers of the rule catalogue that this code implements.
            #[must_use]
            pub fn rules(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($rule),*]),* }
            }
        }

        $weights! { $($name $($weight)+;)* }
    };
}

pub(crate) use codes;
