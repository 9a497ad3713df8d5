//! The blog's `db` commands as a shell starts them: at a terminal, into pipes, by somebody who may not write.

use std::ffi::OsString;
use std::fs::{self, File, Permissions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tempfile::TempDir;

/// The user whom nothing belongs to.
const NOBODY: u32 = 65_534;

/// A folder in which commands are typed.
pub(crate) struct Shell {
    folder: TempDir,
}

/// What a command said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) error: String,
}

/// Both ends of a terminal.
struct Terminal {
    person: File,
    program: File,
}

impl Terminal {
    fn open() -> Self {
        let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&person).unwrap();
        unlockpt(&person).unwrap();
        let name = OsString::from_vec(ptsname(&person, Vec::new()).unwrap().into_bytes());
        let program = File::options().read(true).write(true).open(name).unwrap();
        Terminal { person: person.into(), program }
    }

    fn end(&self) -> Stdio {
        self.program.try_clone().unwrap().into()
    }

    /// All that was shown, once the program is at its end.
    fn shown(self) -> String {
        let Terminal { mut person, program } = self;
        drop(program);
        let mut shown = Vec::new();
        // A terminal that nobody holds any more is an error and no end.
        let _ = person.read_to_end(&mut shown);
        String::from_utf8(shown).unwrap()
    }
}

impl Shell {
    pub(crate) fn new() -> Self {
        Shell { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// `blog db`, on `blog.db` in this folder.
    pub(crate) fn blog(&self) -> Command {
        let mut blog = Command::new(env!("CARGO_BIN_EXE_blog"));
        blog.arg("db").current_dir(self.folder.path()).stdin(Stdio::null());
        for name in ["DATABASE_URL", "NO_COLOR", "VISUAL", "EDITOR"] {
            blog.env_remove(name);
        }
        blog.env("TERM", "xterm");
        blog
    }

    /// Types a line, whose words are held together by nothing but blanks.
    pub(crate) fn types(&self, line: &str) -> Said {
        said(self.blog().args(line.split_whitespace()))
    }

    /// The same at a terminal, by somebody who answers with `input`; `out` says whether the answer goes there, too.
    pub(crate) fn at_terminal(&self, line: &str, settings: &[(&str, &str)], out: bool, input: &str) -> Said {
        let mut terminal = Terminal::open();
        let mut blog = self.blog();
        blog.args(line.split_whitespace()).envs(settings.iter().copied()).stdin(terminal.end()).stderr(terminal.end());
        blog.stdout(if out { terminal.end() } else { Stdio::piped() });
        terminal.person.write_all(input.as_bytes()).unwrap();
        let child = blog.spawn().unwrap();
        // It holds the program's end.
        drop(blog);
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        Said { code: output.status.code(), out: text, error: terminal.shown() }
    }

    /// Types a line as somebody who may read everything here and write nothing, once `protect` was called.
    pub(crate) fn types_unprivileged(&self, line: &str) -> Said {
        let program = self.path("blog");
        if !program.exists() {
            fs::copy(env!("CARGO_BIN_EXE_blog"), &program).unwrap();
        }
        let mut blog = self.blog();
        let mut other = Command::new(program);
        other.args(blog.get_args()).args(line.split_whitespace()).current_dir(self.folder.path());
        for (name, value) in blog.get_envs() {
            match value {
                Some(value) => other.env(name, value),
                None => other.env_remove(name),
            };
        }
        if fs::metadata(self.folder.path()).unwrap().uid() == 0 {
            other.uid(NOBODY).gid(NOBODY);
        }
        blog = other;
        said(blog.stdin(Stdio::null()))
    }

    /// Lets nobody but root write here.
    pub(crate) fn protect(&self) {
        set(self.folder.path(), false);
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        set(self.folder.path(), true);
    }
}

/// Allows or forbids writing to a folder with all that is in it.
fn set(path: &Path, writable: bool) {
    let folder = path.is_dir();
    let is_program = !folder && fs::metadata(path).unwrap().permissions().mode() & 0o111 != 0;
    let write = if writable { 0o200 } else { 0 };
    let run = if folder || is_program { 0o111 } else { 0 };
    fs::set_permissions(path, Permissions::from_mode(0o444 | run | write)).unwrap();
    if folder {
        fs::read_dir(path).unwrap().for_each(|entry| set(&entry.unwrap().path(), writable));
    }
}

fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), error: text(output.stderr) }
}
