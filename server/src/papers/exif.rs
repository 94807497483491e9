//! Of all that a camera notes, the one thing that is needed to look at a
//! photo: which way up it is.

/// What stands before the notes in a JPEG.
pub const BEGINNING: &[u8] = b"Exif\0\0";

const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// Which way up, from 1 to 8, if it says.
pub fn orientation(notes: &[u8]) -> Option<u8> {
    let tiff = notes.strip_prefix(BEGINNING)?;
    let number = Numbers {
        bytes: tiff,
        little: match tiff.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        },
    };
    let list = usize::try_from(number.long(4)?).ok()?;
    let entries = usize::from(number.short(list)?);
    let entry = (0..entries)
        .map_while(|entry| list.checked_add(2 + 12 * entry))
        .find(|at| number.short(*at) == Some(ORIENTATION))?;
    if number.short(entry.checked_add(2)?)? != SHORT {
        return None;
    }
    let way = u8::try_from(number.short(entry.checked_add(8)?)?).ok()?;
    (1..=8).contains(&way).then_some(way)
}

/// Notes that say only which way up.
pub fn only(orientation: u8) -> Vec<u8> {
    let mut notes = BEGINNING.to_vec();
    notes.extend(b"MM\0*\0\0\0\x08\0\x01");
    notes.extend([1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    notes.extend([0; 4]);
    notes
}

struct Numbers<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl Numbers<'_> {
    fn short(&self, at: usize) -> Option<u16> {
        let bytes = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    }

    fn long(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for way in 1..=8 {
            assert_eq!(orientation(&only(way)), Some(way));
        }
    }

    #[test]
    fn the_other_order_of_bytes_is_read_too() {
        let notes =
            b"Exif\0\0II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x01\0\0\0A\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        assert_eq!(orientation(notes), Some(6));
    }

    #[test]
    fn nonsense_says_nothing() {
        assert_eq!(orientation(&only(9)), None);
        assert_eq!(orientation(b"Exif\0\0MM\0*\xff\xff\xff\xff"), None);
        assert_eq!(orientation(b"Exif\0\0"), None);
    }

    proptest! {
        #[test]
        fn whatever_it_is_it_is_read_or_not(rest in prop::collection::vec(any::<u8>(), 0..80)) {
            for order in [&b"Exif\0\0II*\0"[..], b"Exif\0\0MM\0*"] {
                orientation(&[order, &rest].concat());
            }
        }
    }
}
