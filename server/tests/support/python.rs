//! Another program that reads what ours wrote.

use std::{
    io::Write,
    process::{Command, Stdio},
};

/// What a Python program says about what it reads.
pub fn python(program: &str, input: &[u8]) -> String {
    let mut python = Command::new("python3")
        .args(["-X", "utf8", "-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is needed (on Debian: apt install python3)");
    python.stdin.take().unwrap().write_all(input).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// What an archive has: how many PDFs, how many lines its table, every name.
pub fn archived(archive: &[u8]) -> String {
    python(
        "import io, sys, zipfile\n\
         file = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))\n\
         assert file.testzip() is None\n\
         pdfs = [name for name in file.namelist() if file.read(name).startswith(b'%PDF-')]\n\
         print(len(pdfs), file.read('sessions.csv').decode().count('\\r\\n'))\n\
         print(*sorted(file.namelist()), sep='\\n')",
        archive,
    )
}
