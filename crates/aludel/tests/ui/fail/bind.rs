use aludel::model::Bind;
use aludel::prelude::*;

struct Reporting;

impl Bind for Reporting {
    const NAME: &'static str = "reporting";
}

#[derive(Model)]
#[model(bind = Reporting)]
struct Figure {
    id: i64,
}

fn wrong(db: &mut Session) {
    let figure = db.add(new!(Figure {}));
    db.delete(figure);
}

fn main() {}
