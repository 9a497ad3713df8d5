//! Small graphs told in full.

mod random;

use std::collections::BTreeSet;

use expect_test::{Expect, expect};

use super::History;
use crate::migrate::Revision;

/// A revision in short: its id, then `<parent`, `+dependency`, `#label`, `=replaced`, `!` for no way back, and its message.
fn revision(line: &str) -> Revision {
    let mut words = line.split(' ');
    let mut made = Revision { id: words.next().unwrap().into(), down: Some(Vec::new()), ..Revision::default() };
    let mut message = Vec::new();
    for word in words {
        let mark = word.chars().next().unwrap();
        let name = || word[1..].to_owned();
        match mark {
            '<' => made.parents.push(name()),
            '+' => made.depends.push(name()),
            '#' => made.labels.push(name()),
            '=' => made.replaces.push(name()),
            '!' => made.down = None,
            _ => message.push(word),
        }
    }
    made.message = message.join(" ");
    made.file = format!("{}_{}.sql", made.id, message.join("_")).into();
    let lists =
        [("parents", &made.parents), ("label", &made.labels), ("depends", &made.depends), ("replaces", &made.replaces)];
    let lists = lists.map(|(key, names)| format!("-- {key}: {}\n", names.join(", "))).concat();
    made.text = format!("-- edition:  1\n-- revision: {}\n{lists}", made.id).into();
    made
}

fn revisions(lines: &str) -> Vec<Revision> {
    lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(revision).collect()
}

fn history(lines: &str) -> History {
    History::new(revisions(lines)).unwrap()
}

fn set(ids: &str) -> BTreeSet<String> {
    ids.split_whitespace().map(str::to_owned).collect()
}

fn ids<'a>(revisions: impl IntoIterator<Item = &'a Revision>) -> String {
    revisions.into_iter().map(|revision| revision.id.as_str()).collect::<Vec<_>>().join(" ")
}

/// Two branches that part behind `ab2`, are joined again by `bcd` and go on; and one that stands alone.
const FORKED: &str = "
    ab1 first
    ab2 <ab1 second
    ac1 <ab2 #red add reds
    ac2 <ac1 more reds
    ad1 <ab2 #blue add blues
    bcd <ac2 <ad1 merge
    bce <bcd after
    ee1 #lone +ad1 alone
    ee2 <ee1 alone on";

#[test]
fn the_order_is_parents_first_then_by_file() {
    let history = history(FORKED);
    assert_eq!(ids(history.revisions()), "ab1 ab2 ac1 ac2 ad1 bcd bce ee1 ee2");
    let mut turned = revisions(FORKED);
    turned.reverse();
    assert_eq!(ids(History::new(turned).unwrap().revisions()), "ab1 ab2 ac1 ac2 ad1 bcd bce ee1 ee2");
    assert_eq!(ids(history.heads()), "bce ee2");
    assert_eq!(ids(history.children("ab2")), "ac1 ad1");
    assert_eq!(ids(history.needs("bcd")), "ac2 ad1");
    assert_eq!(ids(history.needs("ee1")), "ad1");
    assert_eq!(history.branches("ac2"), ["red"]);
    assert_eq!(history.branches("bce"), ["blue", "red"]);
    assert_eq!(ids(history.current(&set("ab1 ab2 ac1 zzz"))), "ac1");
    assert_eq!(history.unknown(&set("ab1 zzz")), ["zzz"]);
    assert_eq!(history.get("ab2").unwrap().message, "second");
    assert!(History::new(Vec::new()).unwrap().heads().is_empty());
}

/// What each symbol names with `applied`.
fn check_symbols(lines: &str, applied: &str, symbols: &str, expected: &Expect) {
    let history = history(lines);
    let mut found = String::new();
    for symbol in symbols.split_whitespace() {
        let said = match history.resolve(symbol, &set(applied)) {
            Ok(ids) => format!("{ids:?}").replace(['"', '{', '}'], ""),
            Err(error) => format!("{} {error}", error.code()),
        };
        found.push_str(&format!("{symbol:<10} {said}\n"));
    }
    expected.assert_eq(&found);
}

#[test]
fn symbols_on_a_line() {
    let line = "a10 one\n b20 <a10 #main two\n c30 <b20 three\n c34 <c30 four";
    let symbols = "head heads base current +1 +2 -1 -2 a10+2 c34-1 head-1 base+2 b20 a10-1 main main@head main@+1 \
                   main@base b20 current+1 head-4";
    check_symbols(
        line,
        "a10 b20",
        symbols,
        &expect![[r#"
            head       c34
            heads      c34
            base       
            current    b20
            +1         c30
            +2         c34
            -1         a10
            -2         
            a10+2      c30
            c34-1      c30
            head-1     c30
            base+2     b20
            b20        b20
            a10-1      
            main       b20
            main@head  c34
            main@+1    c30
            main@base  
            b20        b20
            current+1  c30
            head-4     
        "#]],
    );
    let wrong = "+3 -3 head+1 base-1 a10-2 b20+3 headd b2 c3 x c31 frobnicate @head main@ nope@head b20+0 base+5 \
                   main@zzz c30@current-1";
    check_symbols(
        line,
        "a10 b20",
        wrong,
        &expect![[r#"
            +3         usage `+3` goes over 3 revisions, of which 2 are pending
            -3         usage `-3` goes over 3 revisions, of which 2 are applied
            head+1     usage `head+1` goes over 1 revision, of which none are there
            base-1     usage `base-1` goes over 1 revision, of which none are below
            a10-2      usage `a10-2` goes over 2 revisions, of which none are below
            b20+3      usage `b20+3` goes over 3 revisions, of which 2 are there
            headd      usage there is no revision or label `headd`: did you mean `head`?
            b2         usage `b2` is too short to name a revision: write at least three letters of its id, or `+1` and `-1` for the next and the last
            c3         usage `c3` is too short to name a revision: write at least three letters of its id, or `+1` and `-1` for the next and the last
            x          usage there is no revision or label `x`: the command `history` lists them
            c31        usage there is no revision or label `c31`: did you mean `c30`?
            frobnicate usage there is no revision or label `frobnicate`: the command `history` lists them
            @head      usage which revision? Write `head`, the id of one, or a label
            main@      usage which revision? Write `head`, the id of one, or a label
            nope@head  usage there is no revision or label `nope`: the command `history` lists them
            b20+0      usage there is no revision or label `b20+0`: did you mean `b20`?
            base+5     usage `base+5` goes over 5 revisions, of which 4 are there
            main@zzz   usage there is no revision or label `zzz`: the command `history` lists them
            c30@current-1 a10
        "#]],
    );
    check_symbols(
        line,
        "a10 zzz yyy",
        "head",
        &expect![[r#"
        head       config the database has revisions that are not known here: `yyy`, `zzz`. A newer version of the program was at work, or files are missing: run that version, or bring the files back
    "#]],
    );
    check_symbols(
        "",
        "",
        "head heads base current +1 -1 head-1 abc",
        &expect![[r#"
            head       
            heads      
            base       
            current    
            +1         usage `+1` goes over 1 revision, of which none are pending: all there are have been applied
            -1         usage `-1` goes over 1 revision, of which none are applied
            head-1     usage `head-1` goes over 1 revision, of which none are there
            abc        usage there is no revision or label `abc`: there are no revisions yet
        "#]],
    );
}

#[test]
fn symbols_between_branches() {
    let symbols = "head heads red@head red@heads lone@head ac1@head lone@base base+1 lone@base+1 ab1+1 ab2+1 \
                   red@ab2+1 bcd-1 bce-1 red@ee1 current red@current +1 -1 red@+1 blue@-1 heads-1";
    check_symbols(
        FORKED,
        "ab1 ab2 ac1 ad1",
        symbols,
        &expect![[r#"
        head       usage `head` is one revision, and there are 2 heads: `bce` (after), `ee2` (alone on); write `heads` for all, `blue@head` for one, or join them with the command `merge`
        heads      bce, ee2
        red@head   bce
        red@heads  bce
        lone@head  ee2
        ac1@head   bce
        lone@base  
        base+1     usage `base+1` is not one revision: the way parts at `ab1` (first), `ee1` (alone); write the id
        lone@base+1 ee1
        ab1+1      ab2
        ab2+1      usage `ab2+1` is not one revision: the way parts at `ac1` (add reds), `ad1` (add blues); write the id
        red@ab2+1  ac1
        bcd-1      usage `bcd-1` is not one revision: the way parts at `ac2` (more reds), `ad1` (add blues); write the id
        bce-1      bcd
        red@ee1    usage `ee1` (alone) is not on the branch of `red`: write it without `red@`
        current    ac1, ad1
        red@current ac1
        +1         usage `+1` is not one way: next could be `ac2` (more reds), `ee1` (alone); write `heads` for all, an id, or `red@+1`
        -1         usage `-1` is not one way: last could be `ac1` (add reds), `ad1` (add blues); write the id to go down to, or `red@-1`
        red@+1     ac2
        blue@-1    ab2
        heads-1    usage `heads-1` is one revision, and there are 2 heads: `bce` (after), `ee2` (alone on); write `heads` for all, `blue@head` for one, or join them with the command `merge`
    "#]],
    );
    let close = "4f1c2a x\n 4f1d3b <4f1c2a y\n 4f1e00 <4f1d3b z\n 4f1f00 <4f1e00 w";
    check_symbols(
        close,
        "",
        "4f1 4f1e 4f",
        &expect![[r#"
        4f1        usage `4f1` may be `4f1c2a`, `4f1d3b`, `4f1e00` and 1 more: write more of the id
        4f1e       4f1e00
        4f         usage `4f` is too short to name a revision: write at least three letters of its id, or `+1` and `-1` for the next and the last
    "#]],
    );
}

/// Both ways between what is applied and each target.
fn check_paths(lines: &str, applied: &str, targets: &str, expected: &Expect) {
    let (history, applied) = (history(lines), set(applied));
    let mut found = String::new();
    let show = |way: crate::Result<Vec<&Revision>>| match way {
        Ok(way) => format!("[{}]", ids(way)),
        Err(error) => format!("{} {error}", error.code()),
    };
    for target in targets.split_whitespace() {
        let stamped = history.stamp(&applied, target).map(|ids| ids.into_iter().collect::<Vec<_>>().join(" "));
        found.push_str(&format!(
            "{target}\n  up    {}\n  down  {}\n  stamp {}\n",
            show(history.upgrade(&applied, target)),
            show(history.downgrade(&applied, target)),
            stamped.unwrap_or_else(|error| error.code().to_owned()),
        ));
    }
    expected.assert_eq(&found);
}

#[test]
fn ways_through_branches() {
    let all = "ab1 ab2 ac1 ac2 ad1 bcd bce ee1 ee2";
    let targets = "heads bcd ac2 ab2 red@ab2 blue@ab2 base red@base lone@base -1 lone@-1 bce@-2";
    check_paths(
        FORKED,
        all,
        targets,
        &expect![[r#"
        heads
          up    []
          down  []
          stamp ab1 ab2 ac1 ac2 ad1 bcd bce ee1 ee2
        bcd
          up    []
          down  [bce]
          stamp ab1 ab2 ac1 ac2 ad1 bcd ee1 ee2
        ac2
          up    []
          down  [bce bcd]
          stamp ab1 ab2 ac1 ac2 ad1 ee1 ee2
        ab2
          up    []
          down  [ee2 ee1 bce bcd ad1 ac2 ac1]
          stamp ab1 ab2
        red@ab2
          up    []
          down  [bce bcd ac2 ac1]
          stamp ab1 ab2 ad1 ee1 ee2
        blue@ab2
          up    []
          down  [ee2 ee1 bce bcd ad1]
          stamp ab1 ab2 ac1 ac2
        base
          up    usage `base` goes back: write `downgrade base`
          down  [ee2 ee1 bce bcd ad1 ac2 ac1 ab2 ab1]
          stamp 
        red@base
          up    usage `red@base` goes back: write `downgrade red@base`
          down  [bce bcd ac2 ac1]
          stamp ab1 ab2 ad1 ee1 ee2
        lone@base
          up    usage `lone@base` goes back: write `downgrade lone@base`
          down  [ee2 ee1]
          stamp ab1 ab2 ac1 ac2 ad1 bcd bce
        -1
          up    usage `-1` is not one way: last could be `bce` (after), `ee2` (alone on); write the id to go down to, or `blue@-1`
          down  usage `-1` is not one way: last could be `bce` (after), `ee2` (alone on); write the id to go down to, or `blue@-1`
          stamp usage
        lone@-1
          up    usage `lone@-1` goes back: write `downgrade lone@-1`
          down  [ee2]
          stamp ab1 ab2 ac1 ac2 ad1 bcd bce ee1
        bce@-2
          up    usage `bce@-2` goes back: write `downgrade bce@-2`
          down  [bce bcd]
          stamp ab1 ab2 ac1 ac2 ad1 ee1 ee2
    "#]],
    );
    let targets = "heads head red@head lone@head ee1 bcd ac2 +1 red@+1 -1 base";
    check_paths(
        FORKED,
        "ab1 ab2 ac1",
        targets,
        &expect![[r#"
        heads
          up    [ac2 ad1 bcd bce ee1 ee2]
          down  usage `heads` is not applied, so nothing can be undone down to it: write `upgrade heads`, or one of `ac1` (add reds), `ab2` (second), `ab1` (first) to go down to
          stamp ab1 ab2 ac1 ac2 ad1 bcd bce ee1 ee2
        head
          up    usage `head` is one revision, and there are 2 heads: `bce` (after), `ee2` (alone on); write `heads` for all, `blue@head` for one, or join them with the command `merge`
          down  usage `head` is one revision, and there are 2 heads: `bce` (after), `ee2` (alone on); write `heads` for all, `blue@head` for one, or join them with the command `merge`
          stamp usage
        red@head
          up    [ac2 ad1 bcd bce]
          down  usage `red@head` is not applied, so nothing can be undone down to it: write `upgrade red@head`, or one of `ac1` (add reds), `ab2` (second), `ab1` (first) to go down to
          stamp ab1 ab2 ac1 ac2 ad1 bcd bce
        lone@head
          up    [ad1 ee1 ee2]
          down  usage `lone@head` is not applied, so nothing can be undone down to it: write `upgrade lone@head`, or one of `ac1` (add reds), `ab2` (second), `ab1` (first) to go down to
          stamp ab1 ab2 ac1 ad1 ee1 ee2
        ee1
          up    [ad1 ee1]
          down  usage `ee1` is not applied, so nothing can be undone down to it: write `upgrade ee1`, or one of `ac1` (add reds), `ab2` (second), `ab1` (first) to go down to
          stamp ab1 ab2 ac1 ad1 ee1
        bcd
          up    [ac2 ad1 bcd]
          down  usage `bcd` is not applied, so nothing can be undone down to it: write `upgrade bcd`, or one of `ac1` (add reds), `ab2` (second), `ab1` (first) to go down to
          stamp ab1 ab2 ac1 ac2 ad1 bcd
        ac2
          up    [ac2]
          down  usage `ac2` is not applied, so nothing can be undone down to it: write `upgrade ac2`, or one of `ac1` (add reds), `ab2` (second), `ab1` (first) to go down to
          stamp ab1 ab2 ac1 ac2
        +1
          up    usage `+1` is not one way: next could be `ac2` (more reds), `ad1` (add blues); write `heads` for all, an id, or `red@+1`
          down  usage `+1` is not one way: next could be `ac2` (more reds), `ad1` (add blues); write `heads` for all, an id, or `red@+1`
          stamp usage
        red@+1
          up    [ac2]
          down  usage `red@+1` goes forward: write `upgrade red@+1`
          stamp ab1 ab2 ac1 ac2
        -1
          up    usage `-1` goes back: write `downgrade -1`
          down  [ac1]
          stamp ab1 ab2
        base
          up    usage `base` goes back: write `downgrade base`
          down  [ac1 ab2 ab1]
          stamp 
    "#]],
    );
}

#[test]
fn a_revision_without_a_way_back_stops_the_way_before_it_begins() {
    let mut line = revisions("a10 one\n b20 <a10 ! two\n c30 <b20 ! three\n d40 <c30 four");
    line[2].irreversible = Some("the names are gone".into());
    let history = History::new(line).unwrap();
    let applied = set("a10 b20 c30 d40");
    assert_eq!(ids(history.downgrade(&applied, "c30").unwrap()), "d40");
    let expected = expect![[r#"
        there is no way back over
          `c30` in c30_three.sql: the names are gone
          `b20` in b20_two.sql: it has no `-- downgrade`
        Nothing was undone: write their way back below a line `-- downgrade`, or go back to a backup"#]];
    expected.assert_eq(&history.downgrade(&applied, "base").unwrap_err().to_string());
}

#[test]
fn ranges() {
    let history = history(FORKED);
    let show = |range: &str| match history.range(range, &set("ab1 ab2 ac1")) {
        Ok(found) => ids(found),
        Err(error) => error.to_string(),
    };
    assert_eq!(show("ab2:ac2"), "ab2 ac1 ac2");
    assert_eq!(show("bcd:"), "bcd bce");
    assert_eq!(show(":ab2"), "ab1 ab2");
    assert_eq!(show("base:red"), "ab1 ab2 ac1");
    assert_eq!(show("current:heads"), "ac1 ac2 bcd bce");
    assert_eq!(show(":"), ids(history.revisions()));
    assert_eq!(show("bce:ab1"), "");
    assert_eq!(show("ab2"), "`ab2` is no range: write `ab2:` for all from there, `:ab2` up to it");
}

#[test]
fn one_revision_stands_for_several() {
    let history = history("s10 =a10 =b20 =c30 all so far\n d40 <c30 after");
    assert_eq!(ids(history.revisions()), "s10 d40");
    assert_eq!(history.unknown(&set("a10 s10 x")), ["x"]);
    assert_eq!(history.counted(&set("a10 b20 c30")), set("a10 b20 c30 s10"));
    assert_eq!(history.known(&set("a10 b20 c30 x")), set("a10 b20 c30 s10"));
    assert_eq!(history.known(&set("a10 x")), set("a10"));
    assert_eq!(ids(history.current(&set("a10 b20 c30"))), "s10");
    let pending = |applied: &str| match history.upgrade(&set(applied), "head") {
        Ok(way) => ids(way),
        Err(error) => error.to_string(),
    };
    assert_eq!(pending(""), "s10 d40");
    assert_eq!(pending("s10"), "d40");
    assert_eq!(pending("a10 b20 c30"), "d40");
    assert_eq!(pending("a10 b20 c30 d40"), "");
    let expected = expect![
        "revision `s10` stands for several, of which the database lacks `b20`, `c30`: upgrade it first with a version of the program that still has those"
    ];
    expected.assert_eq(&pending("a10"));
}

#[test]
fn faults_are_told_by_file_all_at_once() {
    let faults = |lines: &str| {
        let faults = History::new(revisions(lines)).unwrap_err();
        faults.iter().map(|fault| format!("{fault}\n\n")).collect::<String>()
    };
    let missing = "a10 one\n b20 <a11 two\n c30 <a10 +b21 #red three\n d40 <zzzzzz +rde four";
    expect![[r#"
        revision `b20` follows `a11`, which is not there
         --> b20_two.sql:3:13
          |
        3 | -- parents: a11
          |             ^^^
          = help: did you mean `a10`?

        revision `c30` depends on `b21`, and there is no revision or label of that name
         --> c30_three.sql:5:13
          |
        5 | -- depends: b21
          |             ^^^
          = help: did you mean `b20`?

        revision `d40` follows `zzzzzz`, which is not there
         --> d40_four.sql:3:13
          |
        3 | -- parents: zzzzzz
          |             ^^^^^^
          = help: bring its file back, or write the revision it follows now

        revision `d40` depends on `rde`, and there is no revision or label of that name
         --> d40_four.sql:5:13
          |
        5 | -- depends: rde
          |             ^^^
          = help: did you mean `red`?

    "#]]
    .assert_eq(&faults(missing));
    let twice = "a10 one\n a10 copy\n b20 <a10 #red two\n c30 <b20 #red #b20 #head #a-1 three\n head four";
    expect![[r#"
        revision `a10` is in a10_copy.sql too
         --> a10_one.sql:2:14
          |
        2 | -- revision: a10
          |              ^^^
          = help: one of them is a copy: delete it, or give it another id, also in the name of the file

        `head` cannot be an id
         --> head_four.sql:2:14
          |
        2 | -- revision: head
          |              ^^^^
          = help: an id is made of letters, digits and `_`, and is not `head`, `heads`, `base`, `current`

        label `red` is on revision `b20` too
         --> c30_three.sql:4:11
          |
        4 | -- label: red, b20, head, a-1
          |           ^^^
          = help: a label names one branch: choose another here, or take it out of b20_two.sql

        label `b20` is the id of the revision in b20_two.sql
         --> c30_three.sql:4:16
          |
        4 | -- label: red, b20, head, a-1
          |                ^^^
          = help: choose another label

        `head` cannot be a label
         --> c30_three.sql:4:21
          |
        4 | -- label: red, b20, head, a-1
          |                     ^^^^
          = help: a label is made of letters, digits and `_`, and is not `head`, `heads`, `base`, `current`

        `a-1` cannot be a label
         --> c30_three.sql:4:27
          |
        4 | -- label: red, b20, head, a-1
          |                           ^^^
          = help: a label is made of letters, digits and `_`, and is not `head`, `heads`, `base`, `current`

    "#]]
    .assert_eq(&faults(twice));
    let circles = "a10 one\n b20 <d40 two\n c30 <b20 three\n d40 <c30 four\n e50 <d40 behind\n f60 <f60 self\n g70 +h80 x\n h80 <g70 y";
    expect![[r#"
        revisions go round in a circle, each needing the next: `b20` -> `d40` -> `c30` -> `b20`
         --> b20_two.sql:3:13
          |
        3 | -- parents: d40
          |             ^^^
          = help: none of them could ever be the first: take one of these ids out of its file

        revision `f60` follows itself
         --> f60_self.sql:3:13
          |
        3 | -- parents: f60
          |             ^^^
          = help: none of them could ever be the first: take one of these ids out of its file

        revisions go round in a circle, each needing the next: `g70` -> `h80` -> `g70`
         --> g70_x.sql:5:13
          |
        5 | -- depends: h80
          |             ^^^
          = help: none of them could ever be the first: take one of these ids out of its file

    "#]]
    .assert_eq(&faults(circles));
    let replaced = "a10 one\n s10 =a10 =b20 all\n s20 =b20 again";
    expect![[r#"
        revision `s10` replaces `a10`, which has a file still
         --> s10_all.sql:6:14
          |
        6 | -- replaces: a10, b20
          |              ^^^
          = help: delete a10_one.sql, or take `a10` out of the list

        `b20` is replaced by revision `s10` too
         --> s20_again.sql:6:14
          |
        6 | -- replaces: b20
          |              ^^^
          = help: one revision stands for it: take it out of the other

    "#]]
    .assert_eq(&faults(replaced));
}
