//! PNG: what draws the picture stays, texts, times and notes go.

/// How every PNG begins.
pub const BEGINNING: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What draws the picture in the right colours. An animation becomes its
/// first picture.
const KEPT: [&[u8; 4]; 14] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"bKGD", b"hIST", b"pHYs",
];

/// The picture without texts, times, notes and whatever follows its end;
/// `None` if it is damaged.
pub fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(BEGINNING)?;
    let mut kept = BEGINNING.to_vec();
    let (mut first, mut has_data) = (true, false);
    loop {
        let chunk = Chunk::first_of(rest)?;
        if first != (chunk.name == b"IHDR") || first && !is_of_some_size(chunk.content) {
            return None;
        }
        first = false;
        has_data |= chunk.name == b"IDAT";
        if KEPT.contains(&chunk.name) {
            kept.extend_from_slice(chunk.whole);
        } else if chunk.is_critical() {
            return None;
        }
        if chunk.name == b"IEND" {
            return has_data.then_some(kept);
        }
        rest = rest.get(chunk.whole.len()..)?;
    }
}

fn is_of_some_size(header: &[u8]) -> bool {
    header.len() == 13 && header[..4] != [0; 4] && header[4..8] != [0; 4]
}

struct Chunk<'a> {
    name: &'a [u8; 4],
    content: &'a [u8],
    /// With length, name and checksum.
    whole: &'a [u8],
}

impl<'a> Chunk<'a> {
    fn first_of(bytes: &'a [u8]) -> Option<Self> {
        let length = usize::try_from(u32::from_be_bytes(*bytes.first_chunk()?)).ok()?;
        let end = length.checked_add(8)?;
        let checksum = bytes.get(end..end.checked_add(4)?)?;
        if crc32(bytes.get(4..end)?).to_be_bytes() != *checksum {
            return None;
        }
        Some(Self {
            name: bytes.get(4..8)?.first_chunk()?,
            content: bytes.get(8..end)?,
            whole: bytes.get(..end + 4)?,
        })
    }

    /// Whether nobody can draw the picture without understanding it.
    const fn is_critical(&self) -> bool {
        self.name[0].is_ascii_uppercase()
    }
}

/// The checksum of PNG (and of Ethernet).
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        TABLE[usize::from(crc.to_le_bytes()[0] ^ byte)] ^ (crc >> 8)
    })
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut entry = 0;
    while entry < 256 {
        let mut crc = entry as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                0xedb8_8320 ^ (crc >> 1)
            } else {
                crc >> 1
            };
            bit += 1;
        }
        table[entry] = crc;
        entry += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let body = [&name[..], content].concat();
        let length = u32::try_from(content.len()).unwrap();
        [
            &length.to_be_bytes()[..],
            &body,
            &crc32(&body).to_be_bytes(),
        ]
        .concat()
    }

    fn header() -> Vec<u8> {
        chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
    }

    fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
        [BEGINNING, &header(), &chunks.concat(), &chunk(b"IEND", b"")].concat()
    }

    fn data() -> Vec<u8> {
        chunk(b"IDAT", b"\x78\x9c\x63\x60\0\0\0\x02\0\x01")
    }

    #[test]
    fn the_checksum_is_the_one_of_png() {
        assert_eq!(crc32(b"IEND"), 0xae42_6082);
    }

    #[test]
    fn texts_times_and_notes_are_gone_and_the_picture_is_not() {
        let colours = chunk(b"gAMA", &[0, 0, 0xb1, 0x8f]);
        let before = file(&[
            colours.clone(),
            chunk(b"tEXt", b"Comment\0Bergen"),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0GPSLatitude"),
            chunk(b"zTXt", b"Comment\0\0Bergen"),
            chunk(b"eXIf", b"MM\0*GPS"),
            chunk(b"tIME", &[7, 0xe9, 6, 14, 15, 0, 0]),
            chunk(b"prVt", b"Bergen"),
            data(),
        ]);
        let after = file(&[colours, data()]);
        let before = [&before[..], b"more of Bergen"].concat();
        assert_eq!(cleaned(&before), Some(after.clone()));
        assert_eq!(cleaned(&after), Some(after));
    }

    #[test]
    fn a_damaged_one_is_refused() {
        let whole = file(&[data()]);
        assert!(cleaned(&whole).is_some());
        for length in 0..whole.len() {
            assert_eq!(cleaned(&whole[..length]), None, "{length} bytes");
        }
        for at in 8..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x20;
            assert_eq!(cleaned(&changed), None, "byte {at}");
        }
        assert_eq!(cleaned(&file(&[])), None);
        assert_eq!(cleaned(&file(&[data(), chunk(b"FUTR", b"")])), None);
        assert_eq!(cleaned(&file(&[header(), data()])), None);
    }
}
