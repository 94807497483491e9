//! PDF: its length and offsets must stay, so what photos in it and its own
//! notes say about places is overwritten where it stands.

use super::exif;

/// How every PDF begins.
pub const BEGINNING: &[u8] = b"%PDF-";

const END: &[u8] = b"%%EOF";

/// The paper up to its end, without notes about places; `None` if it is damaged.
pub fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    let end = last(bytes, END)? + END.len();
    last(&bytes[..end], b"startxref")?;
    let mut paper = bytes[..end].to_vec();
    blank_camera_notes(&mut paper);
    blank_packets(&mut paper);
    paper.push(b'\n');
    Some(paper)
}

/// The notes of cameras in photos that are contained as they were taken.
fn blank_camera_notes(paper: &mut [u8]) {
    let mut at = 0;
    while let Some(found) = first(&paper[at..], exif::BEGINNING) {
        let notes = at + found;
        at = notes + exif::BEGINNING.len();
        let Some([0xff, 0xe1, high, low]) = notes.checked_sub(4).map(|head| &paper[head..notes])
        else {
            continue;
        };
        let length = usize::from(u16::from_be_bytes([*high, *low])).saturating_sub(2);
        let end = notes.saturating_add(length).min(paper.len());
        if end >= at {
            paper[notes..end].fill(0);
            at = end;
        }
    }
}

/// Its own notes (XMP), if they say anything about a place.
fn blank_packets(paper: &mut [u8]) {
    const BEGIN: &[u8] = b"<x:xmpmeta";
    const END: &[u8] = b"</x:xmpmeta>";
    let mut at = 0;
    while let Some(found) = first(&paper[at..], BEGIN) {
        let begin = at + found;
        let Some(length) = first(&paper[begin..], END) else {
            return;
        };
        at = begin + length + END.len();
        if first(&paper[begin..at], b"GPS").is_some() {
            paper[begin..at].fill(b' ');
        }
    }
}

fn first(bytes: &[u8], sought: &[u8]) -> Option<usize> {
    bytes
        .windows(sought.len())
        .position(|window| window == sought)
}

fn last(bytes: &[u8], sought: &[u8]) -> Option<usize> {
    bytes
        .windows(sought.len())
        .rposition(|window| window == sought)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: &[u8]) -> Vec<u8> {
        [
            b"%PDF-1.7\n",
            content,
            b"\nxref\n0 1\ntrailer\nstartxref\n9\n%%EOF\n",
        ]
        .concat()
    }

    #[test]
    fn places_are_overwritten_and_nothing_moves() {
        let photo = b"stream\n\xff\xd8\xff\xe1\x00\x14Exif\0\0GPS60.39 N\0\0\xff\xdaendstream";
        let notes = b"<x:xmpmeta><exif:GPSLatitude>60,39N</x:xmpmeta> 2 0 obj";
        let before = file(&[&photo[..], notes].concat());
        let after = cleaned(&[&before[..], b"more of Bergen"].concat()).unwrap();
        assert_eq!(after.len(), before.len());
        assert_eq!(first(&after, b"GPS"), None);
        assert_eq!(first(&after, b"60"), None);
        for kept in [&b"\xff\xdaendstream"[..], b" 2 0 obj", b"startxref\n9\n"] {
            assert_eq!(first(&after, kept), first(&before, kept));
        }
        assert_eq!(cleaned(&after), Some(after));
    }

    #[test]
    fn notes_that_say_nothing_of_a_place_stay() {
        let before = file(b"<x:xmpmeta><dc:title>Receipt</x:xmpmeta> Exif\0\0 is a word");
        assert_eq!(cleaned(&before), Some(before));
    }

    #[test]
    fn a_damaged_one_is_refused() {
        let whole = file(b"1 0 obj");
        for length in 0..whole.len() - 1 {
            assert_eq!(cleaned(&whole[..length]), None, "{length} bytes");
        }
        assert_eq!(cleaned(b"%PDF-1.7 %%EOF"), None);
    }
}
