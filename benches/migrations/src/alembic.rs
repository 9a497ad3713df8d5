//! Alembic at its newest release, installed into the folder of this run.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Job;
use crate::scratch::{Scratch, forget, only, remove_database, run, without};

pub struct Alembic {
    /// Where its programs are.
    bin: PathBuf,
    whole: PathBuf,
    old: PathBuf,
    chain: PathBuf,
    ready: [OnceCell<()>; 4],
}

const MODELS: &str = r#"
from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, Float, ForeignKey, Index, Integer, BigInteger, MetaData
from sqlalchemy import String, Table, Text, UniqueConstraint, text

metadata = MetaData()
for number in range(COUNT):
    t = f"t{number}"
    Table(
        t,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(80), nullable=False),
        Column("parent_id", BigInteger, ForeignKey(f"t{max(number, 1) - 1}.id", name=f"fk_{t}", ondelete="CASCADE")),
        Column("amount", Integer, nullable=False, server_default=text("0")),
        Column("state", String(20), nullable=False, server_default="new"),
        Column("created_at", DateTime, nullable=False, server_default=text("CURRENT_TIMESTAMP")),
        Column("note", Text),
        Column("score", Float, nullable=False, server_default=text("1.5")),
        Column("flag", Boolean, nullable=False, server_default=text("1")),
        Column("code", String(20), nullable=False),
        UniqueConstraint("name", name=f"uq_{t}_name"),
        CheckConstraint("amount >= 0", name=f"ck_{t}_amount"),
        Index(f"ix_{t}_state_created_at", "state", "created_at"),
        Index(f"ix_{t}_parent_id", "parent_id"),
    )
"#;

impl Alembic {
    pub fn install(scratch: &Scratch) -> Result<Self, String> {
        let home = scratch.folder("alembic");
        let said = |command: &mut Command| match command.current_dir(&home).output() {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(format!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr))),
            Err(error) => Err(format!("{command:?} does not run: {error}")),
        };
        said(Command::new("python3").args(["-m", "venv", "venv"]))?;
        said(Command::new("venv/bin/pip").args(["install", "-q", "--disable-pip-version-check", "alembic"]))?;
        let folders = ["whole", "old", "chain"].map(|name| scratch.folder(&format!("alembic/{name}")));
        for folder in &folders {
            let tables = if folder.ends_with("chain") { 0 } else { 1_000 };
            start(&home.join("venv/bin"), folder, tables);
        }
        let [whole, old, chain] = folders;
        Ok(Alembic { bin: home.join("venv/bin"), whole, old, chain, ready: Default::default() })
    }

    fn folder(&self, job: Job) -> &PathBuf {
        match job {
            Job::Check => &self.whole,
            Job::Revision => &self.old,
            Job::Upgrade | Job::Current => &self.chain,
        }
    }

    fn command(&self, job: Job, words: &[&str]) {
        run(self.folder(job), Command::new(self.bin.join("alembic")).args(words));
    }

    /// What a run needs; most of it once. Alembic compares with a database, which has to be there.
    pub fn prepare(&self, job: Job) {
        self.ready[job as usize].get_or_init(|| match job {
            Job::Check => {
                self.command(job, &["revision", "--autogenerate", "-m", "all tables"]);
                self.command(job, &["upgrade", "head"]);
            }
            Job::Revision => {
                self.command(job, &["revision", "--autogenerate", "-m", "all tables"]);
                let file = only(&self.old.join("migrations/versions"), ".py");
                let text = std::fs::read_to_string(&file).expect("the file is there");
                let at = text.find("op.create_table('t999'").expect("the last table is there");
                let rest = text[at..].replacen("    sa.Column('note', sa.Text(), nullable=True),\n", "", 1);
                assert_ne!(rest, text[at..], "the last table has the column");
                std::fs::write(&file, text[..at].to_owned() + &rest).expect("the file takes text");
                self.command(job, &["upgrade", "head"]);
            }
            Job::Upgrade => self.write_chain(),
            Job::Current => {
                self.write_chain();
                self.command(job, &["upgrade", "head"]);
            }
        });
        match job {
            Job::Revision => forget(&self.old.join("migrations/versions"), "one_more"),
            Job::Upgrade => remove_database(&self.chain, "app.db"),
            Job::Check | Job::Current => {}
        }
    }

    pub fn run(&self, job: Job) {
        match job {
            Job::Check => self.command(job, &["check"]),
            Job::Revision => self.command(job, &["revision", "--autogenerate", "-m", "one more"]),
            Job::Upgrade => self.command(job, &["upgrade", "head"]),
            Job::Current => self.command(job, &["current"]),
        }
    }

    fn write_chain(&self) {
        for number in 0..1_000_u32 {
            let before = if number == 0 { "None".to_owned() } else { format!("'{:012x}'", number - 1) };
            let text = format!(
                "from alembic import op\nimport sqlalchemy as sa\n\nrevision = '{number:012x}'\ndown_revision = {before}\n\
                 branch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n    op.create_table(\n        'c{number}',\n        \
                 sa.Column('id', sa.Integer(), nullable=False),\n        sa.Column('name', sa.String(80), nullable=False),\n        \
                 sa.PrimaryKeyConstraint('id', name='pk_c{number}'),\n        sa.UniqueConstraint('name', \
                 name='uq_c{number}_name'),\n    )\n\n\ndef downgrade():\n    op.drop_table('c{number}')\n"
            );
            let file = self.chain.join(format!("migrations/versions/{number:012x}_table_{number}.py"));
            std::fs::write(file, text).expect("the folder takes files");
        }
    }
}

/// A new environment in `folder` with a file for a database and so many models.
fn start(bin: &Path, folder: &Path, tables: u32) {
    run(folder, Command::new(bin.join("alembic")).args(["init", "migrations"]));
    let settings = folder.join("alembic.ini");
    without(&settings, "sqlalchemy.url =");
    let text = std::fs::read_to_string(&settings).expect("the file is there");
    let text = text.replacen("[alembic]\n", "[alembic]\nsqlalchemy.url = sqlite:///app.db\n", 1);
    std::fs::write(&settings, text).expect("the file takes text");
    let models = MODELS.replace("COUNT", &tables.to_string());
    std::fs::write(folder.join("models.py"), models).expect("the folder takes files");
    let environment = folder.join("migrations/env.py");
    let text = std::fs::read_to_string(&environment).expect("the file is there");
    let text = text.replacen("target_metadata = None", "from models import metadata as target_metadata", 1);
    std::fs::write(&environment, text).expect("the file takes text");
}
