//! Scripts and styles without what only people need.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use super::{Bundle, Kind};
use crate::{
    failure::{Failure, Result, While},
    process,
};

/// A script and the scripts it imports, as one.
pub fn bundled(bundle: &Bundle, entry: &Path) -> Result<String> {
    let mut esbuild = esbuild(bundle);
    esbuild.arg(entry).args(["--bundle", "--format=esm"]);
    process::output(&mut esbuild)
}

/// A script by itself.
pub fn script(bundle: &Bundle, text: &str) -> Result<String> {
    through(esbuild(bundle).arg("--loader=js"), text)
}

/// A style sheet.
pub fn style(bundle: &Bundle, text: &str) -> Result<String> {
    through(esbuild(bundle).arg("--loader=css"), text)
}

/// A page, without comments and without the blanks that lines begin with.
pub fn page(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("<!--") {
        kept.push_str(&rest[..start]);
        rest = rest[start..]
            .split_once("-->")
            .map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

fn esbuild(bundle: &Bundle) -> Command {
    let mut command = Command::new(bundle.places.npm_tool("esbuild"));
    command.args([
        "--log-level=error",
        "--charset=utf8",
        "--target=esnext",
        "--legal-comments=none",
    ]);
    if bundle.kind == Kind::Optimised {
        command.arg("--minify");
    }
    command
}

/// What a program makes of a text.
fn through(command: &mut Command, text: &str) -> Result<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .when("starting esbuild")?;
    if let Some(mut input) = child.stdin.take() {
        input
            .write_all(text.as_bytes())
            .when("talking to esbuild")?;
    }
    let ended = child.wait_with_output()?;
    if !ended.status.success() {
        return Err(Failure::new(String::from_utf8_lossy(&ended.stderr)));
    }
    Ok(String::from_utf8_lossy(&ended.stdout).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_loses_its_comments_and_indents() {
        assert_eq!(
            page("<main>\n    <!-- why\n -->\n    <p>a b</p>\n\n</main>\n"),
            "<main>\n<p>a b</p>\n</main>"
        );
    }
}
