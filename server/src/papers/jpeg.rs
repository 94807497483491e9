//! JPEG: the picture's own segments stay, byte for byte, notes go.

use super::exif;

/// How every JPEG begins.
pub const BEGINNING: &[u8] = &[0xff, 0xd8, 0xff];

const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const JFIF: u8 = 0xe0;
const NOTES: u8 = 0xe1;
const PROFILE: u8 = 0xe2;
const ADOBE: u8 = 0xee;
const COMMENT: u8 = 0xfe;

/// The picture without notes, thumbnails and whatever follows its end; `None`
/// if it is damaged.
pub fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader { bytes, at: 2 };
    let mut head = Head::default();
    let mut picture = Vec::with_capacity(bytes.len());
    let (mut has_frame, mut has_scan) = (false, false);
    loop {
        let marker = reader.marker()?;
        if marker == END {
            break;
        }
        let segment = reader.segment()?;
        match marker {
            JFIF..=0xef => head.take(marker, segment, &mut picture),
            COMMENT => {}
            SCAN => {
                has_scan = true;
                write(&mut picture, marker, segment);
                picture.extend_from_slice(reader.scan()?);
            }
            _ => {
                has_frame |= is_frame(marker) && is_of_some_size(segment);
                write(&mut picture, marker, segment);
            }
        }
    }
    if !has_frame || !has_scan {
        return None;
    }
    Some([&[0xff, 0xd8], &*head.written(), &picture, &[0xff, END]].concat())
}

/// What may stand before the picture.
#[derive(Default)]
struct Head {
    /// Density of pixels, without the thumbnail.
    jfif: Option<[u8; 14]>,
    orientation: Option<u8>,
}

impl Head {
    /// Takes what is needed of an application's segment; what decoders need
    /// to get the colours right stays where it is.
    fn take(&mut self, marker: u8, segment: &[u8], picture: &mut Vec<u8>) {
        let keeps = match marker {
            PROFILE => segment.starts_with(b"ICC_PROFILE\0"),
            ADOBE => segment.starts_with(b"Adobe"),
            _ => false,
        };
        if keeps {
            write(picture, marker, segment);
        }
        if marker == JFIF && segment.starts_with(b"JFIF\0") && segment.len() >= 14 {
            let mut jfif = [0; 14];
            jfif[..12].copy_from_slice(&segment[..12]);
            self.jfif = self.jfif.or(Some(jfif));
        }
        if marker == NOTES {
            self.orientation = self.orientation.or_else(|| exif::orientation(segment));
        }
    }

    fn written(&self) -> Vec<u8> {
        let mut head = Vec::new();
        if let Some(jfif) = &self.jfif {
            write(&mut head, JFIF, jfif);
        }
        if let Some(way) = self.orientation.filter(|way| *way > 1) {
            write(&mut head, NOTES, &exif::only(way));
        }
        head
    }
}

/// Whether a marker begins the description of the picture.
const fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// Whether a frame has a width; its height may be said after the first scan.
fn is_of_some_size(frame: &[u8]) -> bool {
    frame.len() >= 6 && frame[3..5] != [0, 0]
}

/// Segments come from segments: their length fits.
fn write(to: &mut Vec<u8>, marker: u8, segment: &[u8]) {
    let length = u16::try_from(segment.len() + 2).unwrap_or(u16::MAX);
    to.extend([0xff, marker]);
    to.extend(length.to_be_bytes());
    to.extend_from_slice(segment);
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// The next marker that has a segment, or the end.
    fn marker(&mut self) -> Option<u8> {
        if self.next()? != 0xff {
            return None;
        }
        loop {
            match self.next()? {
                0xff => {}
                marker @ (0xc0..=0xcf | END..=COMMENT) => return Some(marker),
                _ => return None,
            }
        }
    }

    /// What follows a marker, without its length.
    fn segment(&mut self) -> Option<&'a [u8]> {
        let length = usize::from(self.next()?) << 8 | usize::from(self.next()?);
        let segment = self.bytes.get(self.at..self.at + length.checked_sub(2)?)?;
        self.at += segment.len();
        Some(segment)
    }

    /// What follows the head of a scan, up to the next marker that is none of
    /// its own.
    fn scan(&mut self) -> Option<&'a [u8]> {
        let begin = self.at;
        loop {
            let rest = self.bytes.get(self.at..)?;
            self.at += rest.iter().position(|byte| *byte == 0xff)?;
            match self.bytes.get(self.at + 1)? {
                0x00 | 0xd0..=0xd7 => self.at += 2,
                0xff => self.at += 1,
                _ => return self.bytes.get(begin..self.at),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, marker, content);
        bytes
    }

    /// Tables, a frame of one pixel and a scan, as decoders get them.
    fn picture() -> Vec<u8> {
        [
            segment(0xdb, &[1; 65]),
            segment(0xc0, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
            segment(0xc4, &[0; 20]),
            segment(SCAN, &[1, 1, 0, 0, 63, 0]),
            vec![0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56],
        ]
        .concat()
    }

    fn file(parts: &[&[u8]]) -> Vec<u8> {
        [&[0xff, 0xd8], &*parts.concat(), &[0xff, END]].concat()
    }

    #[test]
    fn where_it_was_made_is_gone_and_the_picture_is_not() {
        let notes = [&exif::only(6)[..], b"GPSLatitude 60.39 N"].concat();
        let jfif = b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01rgb";
        let profile = segment(PROFILE, b"ICC_PROFILE\0\x01\x01colours");
        let adobe = segment(ADOBE, b"Adobe\0\x64\0\0\0\0\x01");
        let before = file(&[
            &segment(JFIF, jfif),
            &segment(NOTES, &notes),
            &segment(NOTES, b"http://ns.adobe.com/xap/1.0/\0<GPSLongitude>"),
            &segment(PROFILE, b"MPF\0pictures"),
            &segment(0xed, b"Photoshop 3.0\0Bergen"),
            &profile,
            &adobe,
            &segment(COMMENT, b"Bergen"),
            &picture(),
        ]);
        let before = [&before[..], b"a video of Bergen"].concat();
        let after = file(&[
            &segment(JFIF, b"JFIF\0\x01\x02\x01\0\x48\0\x48\0\0"),
            &segment(NOTES, &exif::only(6)),
            &profile,
            &adobe,
            &picture(),
        ]);
        assert_eq!(cleaned(&before), Some(after.clone()));
        assert_eq!(cleaned(&after), Some(after));
    }

    #[test]
    fn several_scans_and_filling_between_them_stay() {
        let more = [
            &[0xff][..],
            &segment(0xc4, &[1; 20]),
            &segment(SCAN, &[1, 1, 0, 0, 63, 0]),
            &[0x78, 0xff],
        ]
        .concat();
        let whole = file(&[&picture(), &more]);
        let kept = cleaned(&whole).unwrap();
        assert_eq!(kept.iter().filter(|byte| **byte == SCAN).count(), 2);
    }

    #[test]
    fn a_damaged_one_is_refused() {
        let whole = file(&[&picture()]);
        assert!(cleaned(&whole).is_some());
        for length in 0..whole.len() {
            assert_eq!(cleaned(&whole[..length]), None, "{length} bytes");
        }
        let no_size = [0xff, 0xd8, 0xff, 0xc0, 0, 9, 8, 0, 1, 0, 0, 1, 1];
        assert_eq!(cleaned(&[&no_size, &picture()[69..]].concat()), None);
        assert_eq!(cleaned(&file(&[&segment(COMMENT, b"nothing else")])), None);
    }

    proptest! {
        #[test]
        fn bytes_that_changed_on_the_way_never_end_the_program(
            at in 2..150_usize,
            byte: u8,
            length in 0..200_usize,
        ) {
            let mut bytes = file(&[&segment(NOTES, &exif::only(3)), &picture()]);
            let at = at % bytes.len();
            bytes[at] = byte;
            bytes.truncate(length);
            cleaned(&bytes);
        }
    }
}
