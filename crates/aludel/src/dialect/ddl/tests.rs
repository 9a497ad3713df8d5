use crate::dialect::SQLITE;
use crate::model::fixture::BLOG;
use crate::schema::Schema;

#[test]
fn a_whole_schema_runs_on_sqlite() {
    let schema = Schema::from_models(&BLOG).unwrap();
    let statements = SQLITE.ddl(&schema.create_ops(), &Schema::default()).unwrap();
    let database = rusqlite::Connection::open_in_memory().unwrap();
    for statement in &statements {
        println!("{statement};");
        database.execute_batch(statement).unwrap();
    }
}
