//! The built-in scorer ready made: rules and tables as bytes.
//!
//! Reading 1.2 MB of rule files and compiling their 33,000 patterns takes a hundred milliseconds and more, which a tool
//! would pay at every start. `rules/compiled.bin` holds what comes out: the rules without examples and places in files,
//! and the tables of the matcher. It is made by a test, which also fails when it no longer is what the rule files give:
//!
//! ```text
//! UPDATE_COMPILED=1 cargo test --lib stored
//! ```
//!
//! The form is private and has no versions: the file belongs to the source it was made with.

use std::collections::BTreeMap;

/// Something that is written to bytes and read back.
pub(crate) trait Stored: Sized {
    /// Appends it.
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u8>);

    /// Takes it from the front; `None` if it is not there.
    fn get(from: &mut &[u8]) -> Option<Self>;
}

/// `Stored` for a struct, field by field.
macro_rules! stored_fields {
    ($type:ty { $($field:ident),* $(,)? }) => {
        impl $crate::stored::Stored for $type {
            #[cfg(test)]
            fn put(&self, out: &mut Vec<u8>) {
                $($crate::stored::Stored::put(&self.$field, out);)*
            }

            fn get(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: $crate::stored::Stored::get(from)?),* })
            }
        }
    };
}

/// `Stored` for an enum without fields: the number of the choice.
macro_rules! stored_choices {
    ($type:ty: $($choice:ident),* $(,)?) => {
        impl $crate::stored::Stored for $type {
            #[cfg(test)]
            fn put(&self, out: &mut Vec<u8>) {
                let all = [$(Self::$choice),*];
                let at = all.iter().position(|choice| choice == self);
                out.push(at.map_or(u8::MAX, |at| at as u8));
            }

            fn get(from: &mut &[u8]) -> Option<Self> {
                let all = [$(Self::$choice),*];
                all.get(usize::from(<u8 as $crate::stored::Stored>::get(from)?)).copied()
            }
        }
    };
}

/// `Stored` for something that is given and taken as something else.
macro_rules! stored_as {
    ($type:ty as $other:ty: $to:expr, $from:expr) => {
        impl $crate::stored::Stored for $type {
            #[cfg(test)]
            fn put(&self, out: &mut Vec<u8>) {
                let to: fn(&$type) -> $other = $to;
                $crate::stored::Stored::put(&to(self), out);
            }

            fn get(from: &mut &[u8]) -> Option<Self> {
                let back: fn($other) -> Option<$type> = $from;
                back($crate::stored::Stored::get(from)?)
            }
        }
    };
}

pub(crate) use {stored_as, stored_choices, stored_fields};

macro_rules! stored_numbers {
    ($($type:ty),*) => {$(
        impl Stored for $type {
            #[cfg(test)]
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn get(from: &mut &[u8]) -> Option<Self> {
                let (bytes, rest) = from.split_first_chunk()?;
                *from = rest;
                Some(Self::from_le_bytes(*bytes))
            }
        }
    )*};
}

stored_numbers!(u8, u16, u64, i32, i64);

/// Seven bits a byte, the lowest first, of one more than the number: most are small, and many are `u32::MAX` for "none".
impl Stored for u32 {
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u8>) {
        let mut rest = self.wrapping_add(1);
        while rest >= 0x80 {
            out.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        out.push(rest as u8);
    }

    #[inline]
    fn get(from: &mut &[u8]) -> Option<Self> {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let (byte, rest) = from.split_first()?;
            *from = rest;
            number |= Self::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number.wrapping_sub(1));
            }
        }
        None
    }
}

stored_as!(bool as u8: |b| u8::from(*b), |b| (b < 2).then_some(b == 1));
stored_as!(usize as u32: |n| *n as u32, |n| Some(n as usize));

impl Stored for String {
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u8>) {
        self.len().put(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        let len = usize::get(from)?;
        let (bytes, rest) = from.split_at_checked(len)?;
        *from = rest;
        std::str::from_utf8(bytes).ok().map(str::to_owned)
    }
}

impl<T: Stored> Stored for Vec<T> {
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u32).put(out);
        self.iter().for_each(|one| one.put(out));
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        let len = u32::get(from)? as usize;
        // Nothing takes less than a byte: more than there are bytes is damage, not a reason to ask for memory.
        let mut all = Self::with_capacity(len.min(from.len()));
        for _ in 0..len {
            all.push(T::get(from)?);
        }
        Some(all)
    }
}

impl<T: Stored> Stored for Option<T> {
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        self.iter().for_each(|one| one.put(out));
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        Some(if bool::get(from)? { Some(T::get(from)?) } else { None })
    }
}

impl<A: Stored, B: Stored> Stored for (A, B) {
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        Some((A::get(from)?, B::get(from)?))
    }
}

impl<K: Stored + Ord, V: Stored> Stored for BTreeMap<K, V> {
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u32).put(out);
        for (key, value) in self {
            key.put(out);
            value.put(out);
        }
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        let len = u32::get(from)?;
        (0..len).map(|_| <(K, V)>::get(from)).collect()
    }
}

#[cfg(test)]
mod tests;
