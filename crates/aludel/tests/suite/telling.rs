//! What a database tells of itself: problems of its models, statements without values, binds.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use aludel::model::Bind;
use aludel::prelude::*;
use aludel::{schema, sql};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

#[derive(Model, Clone, Debug)]
#[model(table = "secrets")]
pub struct Secret {
    pub id: i64,
    #[column(unique)]
    pub word: String,
}

pub struct Reporting;

impl Bind for Reporting {
    const NAME: &'static str = "reporting_of_telling";
}

#[derive(Model, Clone, Debug)]
#[model(bind = Reporting, table = "telling_figures")]
pub struct Figure {
    pub id: i64,
    pub value: i64,
}

mod wrong {
    use super::*;

    #[derive(Model, Clone, Debug)]
    #[model(table = "twice", index(a), check("nothing > 0"))]
    pub struct One {
        pub id: i64,
        pub a: i64,
        pub other_id: Fk<Unlisted>,
    }

    #[derive(Model, Clone, Debug)]
    #[model(table = "twice")]
    pub struct Two {
        pub id: i64,
    }

    #[derive(Model, Clone, Debug)]
    #[model(table = "unlisted_of_telling")]
    pub struct Unlisted {
        pub id: i64,
    }
}

#[tokio::test]
async fn all_problems_of_the_models_are_told_at_once() {
    let models = schema![wrong::One, wrong::Two];
    let error = Database::<aludel::model::Main>::open(":memory:").schema(models).await.unwrap_err();
    let text = error.to_string();
    assert_eq!(error.code(), "schema", "{text}");
    let lines = text.lines().filter(|line| line.contains("telling.rs:")).count();
    assert!(lines >= 2, "each problem with its file and line:\n{text}");
    assert!(text.contains("twice") && text.contains("Unlisted"), "{text}");
}

#[tokio::test]
async fn binds_are_databases_of_their_own() {
    let main: Database = Database::open(":memory:").schema(schema![Secret]).await.unwrap();
    let reports: Database<Reporting> = Database::open(":memory:").await.unwrap();
    main.create_tables().await.unwrap();
    reports.create_tables().await.unwrap();
    assert!(reports.schema().tables.keys().eq(["telling_figures"]), "the models of its bind and no others");
    let mut session = reports.session();
    let one = session.add(new!(Figure { value: 7 }));
    session.commit().await.unwrap();
    assert_eq!(session[one].id, 1);
    assert_eq!(reports.read().count(Figure::all()).await.unwrap(), 1);
    assert_eq!(main.read().count(Secret::all()).await.unwrap(), 0);
}

/// Keeps everything that events say.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<String>>);

impl Visit for Heard {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{} = {value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Heard {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn events_and_errors_tell_statements_and_never_values() {
    const WORD: &str = "open-sesame-4711";
    let heard = Heard::default();
    tracing::subscriber::with_default(heard.clone(), || {
        tracing::callsite::rebuild_interest_cache();
        aludel::block(async {
            let db: Database = Database::open(":memory:").schema(schema![Secret]).echo(true).await.unwrap();
            db.create_tables().await.unwrap();
            let mut session = db.session();
            session.add(new!(Secret { word: WORD }));
            session.commit().await.unwrap();
            session.fetch(Secret::filter(Secret::WORD.contains(WORD) | Secret::WORD.in_([WORD]))).await.unwrap();
            session.fetch(sql!("select {Secret::ID} from {Secret} where word = {WORD}").rows::<i64>()).await.unwrap();
            session.update(Secret::filter(Secret::WORD.eq(WORD)), aludel::set(Secret::WORD, WORD)).await.unwrap();
            session.add(new!(Secret { word: WORD }));
            let error = session.commit().await.unwrap_err();
            for told in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
                assert!(!told.contains(WORD), "{told}");
            }
            let mut source = std::error::Error::source(&error);
            while let Some(inner) = source {
                assert!(!inner.to_string().contains(WORD), "{inner}");
                source = inner.source();
            }
            let secret = session.track_one(Secret::all()).await.unwrap();
            session.delete(secret);
            drop(session);
        });
    });
    let heard = heard.0.lock().unwrap();
    assert!(heard.contains("INSERT INTO") && heard.contains("params = "), "{heard}");
    assert!(heard.contains("dropped with unwritten changes"), "{heard}");
    assert!(!heard.contains(WORD), "{heard}");
}
