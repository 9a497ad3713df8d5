//! Builds the blog again when a revision is added: it carries them.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
