//! Turns the message catalogues into functions, after checking that every
//! language says every sentence.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let target = Path::new(&env::var("OUT_DIR")?).join("words.rs");
    fs::write(target, portal_words::functions()?)?;
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
