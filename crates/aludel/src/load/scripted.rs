//! The step machine without a database: statements are looked at, and rows are made up.

use std::ops::ControlFlow;

use super::Loading;
use crate::dialect::{Dialect, MYSQL, POSTGRES, SQLITE};
use crate::query::tests::models::{Comment, Note, Post, PostTag};
use crate::{Result, Value, View};

#[derive(View, Debug)]
#[view(Post)]
struct Talk {
    id: i64,
    comments: Vec<Comment>,
}

/// Reads `Talk`s of `posts` posts, each with one comment, and tells how many statements and parameters each round had.
fn read(dialect: &Dialect, posts: i64) -> Result<(Vec<Talk>, Vec<Vec<usize>>)> {
    let mut loading = Loading::new(Talk::all(), dialect)?;
    let mut rounds = Vec::new();
    loop {
        let mut round = loading.round(dialect)?;
        if round.is_empty() {
            return Ok((loading.finish()?, rounds));
        }
        rounds.push(round.iter().map(|request| request.statement.params.len()).collect());
        for request in &mut round {
            if request.statement.params.is_empty() {
                for id in 1..=posts {
                    row(&mut *request.sink, &[Value::Int(id), Value::Int(id)])?;
                }
                continue;
            }
            // The last value of a padded list may come several times, and is one row all the same.
            let mut keys: Vec<Value> = match &request.statement.params[..] {
                [Value::Array(keys)] => keys.clone(),
                keys => keys.to_vec(),
            };
            keys.dedup();
            for key in keys {
                let body = Value::Text("hi".to_owned());
                row(&mut *request.sink, &[key.clone(), key.clone(), key, Value::Null, body])?;
            }
        }
    }
}

fn row(sink: &mut dyn crate::driver::Sink, values: &[Value]) -> Result<()> {
    assert_eq!(sink.row(&values)?, ControlFlow::Continue(()));
    Ok(())
}

#[test]
fn long_lists_are_asked_for_in_parts() {
    let (talks, rounds) = read(&MYSQL, 2_500).unwrap();
    assert_eq!(rounds, [vec![0], vec![1024], vec![1024], vec![512]]);
    assert!(talks.iter().all(|talk| talk.comments.len() == 1 && talk.comments[0].id == talk.id));
}

#[test]
fn a_list_that_is_one_parameter_is_asked_for_once() {
    let (talks, rounds) = read(&POSTGRES, 2_500).unwrap();
    assert_eq!(rounds, [vec![0], vec![1]]);
    assert_eq!(talks.len(), 2_500);
    assert!(talks.iter().all(|talk| talk.comments.len() == 1 && talk.comments[0].id == talk.id));
}

#[derive(View, Debug)]
#[view(PostTag)]
struct Tagging {
    notes: Vec<Note>,
}

#[test]
fn a_list_of_composite_keys_that_is_one_parameter_is_asked_for_once() {
    let mut loading = Loading::new(Tagging::all(), &SQLITE).unwrap();
    let mut round = loading.round(&SQLITE).unwrap();
    for id in 1..=2_500 {
        row(&mut *round[0].sink, &[Value::Int(id), Value::Int(1)]).unwrap();
    }
    drop(round);
    let round = loading.round(&SQLITE).unwrap();
    assert!(matches!(&round[0].statement.params[..], [Value::Array(keys)] if keys.len() == 2_500));
}

#[test]
fn a_row_that_does_not_fit_is_an_error() {
    let mut loading = Loading::new(Talk::all(), &POSTGRES).unwrap();
    let mut round = loading.round(&POSTGRES).unwrap();
    let short: &[Value] = &[Value::Int(1)];
    assert!(row(&mut *round[0].sink, short).is_err());
}
