//! Photos and papers that people send: recognised by their bytes, whatever
//! their names say, and rid of where they were made and of what nobody sees.

mod exif;
mod jpeg;
mod pdf;
mod png;

/// What a file is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A photo.
    Jpeg,
    /// A screenshot.
    Png,
    /// A paper.
    Pdf,
}

impl Kind {
    /// Its media type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
        }
    }

    /// How its name ends.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        let kinds = [
            (Self::Jpeg, jpeg::BEGINNING),
            (Self::Png, png::BEGINNING),
            (Self::Pdf, pdf::BEGINNING),
        ];
        let found = kinds
            .into_iter()
            .find(|(_, beginning)| bytes.starts_with(beginning));
        found.map(|(kind, _)| kind)
    }
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Unfit {
    /// It is neither a JPEG nor a PNG nor a PDF.
    #[error("the file is neither a JPEG nor a PNG nor a PDF")]
    Unknown,
    /// It begins like one of them and does not go on like it.
    #[error("the file is damaged")]
    Damaged,
}

/// A file as it is kept: the picture or the paper, and nothing else.
pub fn cleaned(bytes: &[u8]) -> Result<(Kind, Vec<u8>), Unfit> {
    let kind = Kind::of(bytes).ok_or(Unfit::Unknown)?;
    let cleaned = match kind {
        Kind::Jpeg => jpeg::cleaned(bytes),
        Kind::Png => png::cleaned(bytes),
        Kind::Pdf => pdf::cleaned(bytes),
    };
    cleaned.map(|bytes| (kind, bytes)).ok_or(Unfit::Damaged)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_none_of_the_three_is_not_taken() {
        for bytes in [
            &b""[..],
            b"<svg onload=alert(1)>",
            b"GIF89a",
            b"\xff\xd9\xff\xd8\xff",
        ] {
            assert_eq!(cleaned(bytes), Err(Unfit::Unknown));
        }
    }

    #[test]
    fn a_beginning_alone_is_damaged() {
        for bytes in [jpeg::BEGINNING, png::BEGINNING, pdf::BEGINNING] {
            assert_eq!(cleaned(bytes), Err(Unfit::Damaged));
        }
    }

    proptest! {
        #[test]
        fn whatever_follows_a_beginning_is_taken_whole_or_refused(
            kind in 0..3_usize,
            rest in prop::collection::vec(any::<u8>(), 0..400),
        ) {
            let beginning = [jpeg::BEGINNING, png::BEGINNING, pdf::BEGINNING][kind];
            let bytes = [beginning, &rest].concat();
            if let Ok((kind, kept)) = cleaned(&bytes) {
                prop_assert_eq!(cleaned(&kept), Ok((kind, kept.clone())));
            }
        }
    }
}
