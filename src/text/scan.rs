//! Looks over all bytes of a text.

/// Whether a test holds for some byte. All bytes are looked at, many at once, which is faster than to search for one that
/// is hardly ever there.
pub(crate) fn any_byte(bytes: &[u8], test: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(0, |any, byte| any | u8::from(test(*byte))) != 0
}

/// Whether a test holds for some byte and the one behind it.
pub(crate) fn any_pair(bytes: &[u8], test: impl Fn(u8, u8) -> bool) -> bool {
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    pairs.fold(0, |any, (a, b)| any | u8::from(test(*a, *b))) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_and_pairs_are_looked_at() {
        for len in 0..70 {
            let bytes = vec![b'-'; len];
            assert!(!any_byte(&bytes, |b| b == b'x') && !any_pair(&bytes, |a, b| (a == b'x') & (b == b'y')));
            for at in 0..len {
                let mut bytes = bytes.clone();
                bytes[at] = b'x';
                assert!(any_byte(&bytes, |b| b == b'x'));
                assert!(!any_pair(&bytes, |a, b| (a == b'x') & (b == b'y')));
                if let Some(next) = bytes.get_mut(at + 1) {
                    *next = b'y';
                    assert!(any_pair(&bytes, |a, b| (a == b'x') & (b == b'y')));
                }
            }
        }
    }
}
