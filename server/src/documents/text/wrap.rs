//! Finds where lines end.

use std::ops::Range;

use super::shape::Cluster;

/// The parts of a text that fit into `width`, all of it in order. Lines end
/// after a space, a hyphen or a slash; where there is none, before whatever no
/// longer fits.
pub fn wrap(text: &str, clusters: &[Cluster], width: f32) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut start, mut used) = (0, 0.0);
    // Where the line may end, and how much of it would be left for the next.
    let mut good_end: Option<(usize, f32)> = None;
    for cluster in clusters {
        let character = text[cluster.start..].chars().next().unwrap_or(' ');
        if character != ' ' && used + cluster.advance > width && cluster.start > start {
            let (end, left_over) = good_end.take().unwrap_or((cluster.start, 0.0));
            lines.push(start..end);
            start = end;
            used = left_over;
        }
        used += cluster.advance;
        match &mut good_end {
            _ if matches!(character, ' ' | '-' | '/') => {
                good_end = Some((cluster.start + character.len_utf8(), 0.0));
            }
            Some((_, left_over)) => *left_over += cluster.advance,
            None => {}
        }
    }
    lines.push(start..text.len());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, width: f32) -> Vec<&str> {
        let clusters: Vec<Cluster> = text
            .char_indices()
            .map(|(start, _)| Cluster {
                start,
                advance: 1.0,
            })
            .collect();
        wrap(text, &clusters, width)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn lines_end_after_spaces_hyphens_and_slashes() {
        assert_eq!(wrapped("one two three", 7.0), ["one two ", "three"]);
        assert_eq!(wrapped("one-two/three", 7.0), ["one-", "two/", "three"]);
        assert_eq!(wrapped("abcdefghij", 4.0), ["abcd", "efgh", "ij"]);
        assert_eq!(wrapped("a bcdefghij", 4.0), ["a ", "bcde", "fghi", "j"]);
        assert_eq!(wrapped("", 4.0), [""]);
    }

    #[test]
    fn nothing_is_too_narrow() {
        assert_eq!(wrapped("ab", 0.0), ["a", "b"]);
    }
}
