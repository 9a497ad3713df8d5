//! The program that `aludel new` writes agrees with the revision beside it.

#[allow(dead_code, unreachable_pub, reason = "it is a program of its own elsewhere")]
#[path = "../template/main.rs"]
mod template;

use aludel::Project;
use aludel::project::{Draft, Request};

#[test]
fn its_models_are_what_its_revision_makes() {
    let project: Project = aludel::project!();
    aludel::assert_migrated!(project.revisions(aludel::revisions!("template/migrations")));
}

#[tokio::test]
async fn its_revision_is_what_the_command_writes() {
    let project: Project = aludel::project!();
    let nothing = project.revisions(aludel::revisions!("template/no_such_folder"));
    let draft = nothing.migrations().draft(&Request::default()).await.unwrap();
    let Draft::Ready(written, notes) = draft else { panic!("{draft:?}") };
    let carried = aludel::revisions!("template/migrations").files().unwrap();
    let files: Vec<(&str, &str)> = carried.iter().collect();
    let [(name, text)] = files[..] else { panic!("{files:?}") };
    let place = concat!("(", file!());
    // A test has its models deeper.
    let text_here = written.text.replace("template::template::", "");
    let here = text_here.replace(&place.replace("template.rs", "../template/main.rs"), "(src/main.rs");
    assert_eq!((text, notes), (here.as_str(), vec![]));
    let last = |path: &str| path.rsplit('/').next().map(str::to_owned);
    assert_eq!(last(&name.replace('\\', "/")), last(&written.file.replace('\\', "/")));
}
