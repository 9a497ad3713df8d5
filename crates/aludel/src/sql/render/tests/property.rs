//! What holds for any value.

use super::*;
use crate::Decimal;
use crate::value::random::Random;

/// Letters that mean something to SQL, LIKE, GLOB or JSON, and some that do not.
const LETTERS: &[char] = &[
    'a',
    'B',
    'b',
    'ä',
    'Ä',
    '\u{1f600}',
    '%',
    '_',
    '\\',
    '!',
    '*',
    '?',
    '[',
    ']',
    '^',
    '-',
    '\'',
    '"',
    '`',
    ';',
    '\n',
    '\u{1}',
    ' ',
    '$',
    '1',
    ',',
    '{',
    '}',
];

fn word(random: &mut Random, most: i64) -> String {
    let length = random.between(0, most);
    (0..length).map(|_| LETTERS[pick(random, LETTERS.len())]).collect()
}

fn pick(random: &mut Random, of: usize) -> usize {
    usize::try_from(random.bits() % u64::try_from(of).unwrap()).unwrap()
}

/// Runs `statement` on `sqlite`, its values bound as a driver binds them, and gives the first column.
fn run(sqlite: &rusqlite::Connection, statement: &Statement) -> Vec<rusqlite::types::Value> {
    use dialect::sqlite::{Spelling, Stored, store};
    let mut prepared = sqlite.prepare(&statement.text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(prepared.parameter_count(), statement.params.len());
    assert_eq!(statement.types.len(), statement.params.len());
    for (at, (value, ty)) in statement.params.iter().zip(statement.types.iter()).enumerate() {
        let mut spelling = Spelling::default();
        match store(value, Some(ty), &mut spelling).unwrap() {
            Stored::Null => prepared.raw_bind_parameter(at + 1, rusqlite::types::Null),
            Stored::Int(value) => prepared.raw_bind_parameter(at + 1, value),
            Stored::Real(value) => prepared.raw_bind_parameter(at + 1, value),
            Stored::Text(value) => prepared.raw_bind_parameter(at + 1, value),
            Stored::Bytes(value) => prepared.raw_bind_parameter(at + 1, value),
        }
        .unwrap();
    }
    let mut rows = prepared.raw_query();
    let mut out = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        out.push(row.get(0).unwrap());
    }
    out
}

#[test]
fn a_search_finds_what_rust_finds() {
    let sqlite = sqlite();
    let mut random = Random::new(1);
    for _ in 0..Random::cases(3000) {
        let (title, needle) = (word(&mut random, 6), word(&mut random, 3));
        let (how, fold) =
            ([Match::Contains, Match::Starts, Match::Ends][pick(&mut random, 3)], pick(&mut random, 2) == 0);
        let shape = |text| Expr::Like { of: Box::new(self::text(&title)), text: Box::new(text), how, fold };
        let cased = |text: &str| if fold { text.to_ascii_lowercase() } else { text.to_owned() };
        let expected = match how {
            Match::Contains => cased(&title).contains(&cased(&needle)),
            Match::Starts => cased(&title).starts_with(&cased(&needle)),
            _ => cased(&title).ends_with(&cased(&needle)),
        };
        let bound = text(&needle);
        let computed = binary(text(&needle), Binary::Concat, text(""));
        for text in [bound, computed] {
            let statement = Select { from: one_row(), ..posts(vec![shape(text)]) }.render(&dialect::SQLITE).unwrap();
            let found = run(&sqlite, &statement);
            let expected = rusqlite::types::Value::Integer(i64::from(expected));
            assert_eq!(found, [expected], "{title:?} {how:?} {needle:?}, folded: {fold}");
        }
    }
}

fn one_row() -> Table {
    let select =
        Select { columns: vec![int(1)], names: vec!["one".into()], limit: Some(1), ..Select::from("sqlite_master") };
    Table::Select(Box::new(select))
}

/// Patterns of LIKE, read the slow way.
fn matches(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|at| matches(&text[at..], rest)),
        ['_', rest @ ..] => !text.is_empty() && matches(&text[1..], rest),
        ['\\', letter, rest @ ..] | [letter, rest @ ..] => text.first() == Some(letter) && matches(&text[1..], rest),
    }
}

#[test]
fn a_pattern_matches_with_case_as_without() {
    let sqlite = sqlite();
    let mut random = Random::new(2);
    for _ in 0..Random::cases(3000) {
        let (title, pattern) = (word(&mut random, 5), word(&mut random, 4));
        for fold in [false, true] {
            let cased = |text: &str| if fold { text.to_ascii_lowercase() } else { text.to_owned() };
            let letters = |text: &str| cased(text).chars().collect::<Vec<_>>();
            let expected = matches(&letters(&title), &letters(&pattern));
            let like =
                Expr::Like { of: Box::new(text(&title)), text: Box::new(text(&pattern)), how: Match::Pattern, fold };
            let statement = Select { from: one_row(), ..posts(vec![like]) }.render(&dialect::SQLITE).unwrap();
            let expected = rusqlite::types::Value::Integer(i64::from(expected));
            assert_eq!(run(&sqlite, &statement), [expected], "{title:?} like {pattern:?}, folded: {fold}");
        }
    }
}

#[test]
fn a_list_finds_each_of_its_values_and_no_other() {
    let sqlite = sqlite();
    let mut random = Random::new(3);
    for id in 0..60 {
        let words: Vec<Expr> =
            vec![int(id), text(&word(&mut random, 2)), uuid(&mut random), int(random.between(-2, 2))];
        let insert = Insert {
            table: "posts".into(),
            columns: vec!["id".into(), "title".into(), "token".into(), "likes".into()],
            rows: vec![words],
            conflict: None,
            returning: vec![],
        };
        run(&sqlite, &insert.render(&dialect::SQLITE).unwrap());
    }
    for column in ["id", "title", "token", "likes"] {
        for _ in 0..Random::cases(60) {
            let count = random.between(1, 5);
            let values: Vec<Value> = (0..count)
                .map(|_| match column {
                    "id" | "likes" => Value::Int(random.between(-3, 70)),
                    "title" => Value::Text(word(&mut random, 2)),
                    _ => match uuid(&mut random) {
                        Expr::Value(value, _) => value,
                        other => unreachable!("{other:?}"),
                    },
                })
                .collect();
            let one = |value: &Value| eq(col(column), Expr::Value(value.clone(), ty(column)));
            let each = values.iter().map(one).reduce(|one, other| binary(one, Binary::Or, other)).unwrap();
            let rows = values.iter().map(|value| vec![value.clone(), Value::Int(0)]).collect();
            let with_likes = || Expr::Row(vec![col(column), binary(col("id"), Binary::Sub, col("id"))]);
            let ask = |filter: Expr| {
                let select = Select { filter: Some(filter), order: vec![sort(col("id"))], ..posts(vec![col("id")]) };
                run(&sqlite, &select.render(&dialect::SQLITE).unwrap())
            };
            let expected = ask(each);
            let list = List::Values(values.clone(), ty(column));
            assert_eq!(ask(Expr::In(Box::new(col(column)), list, false)), expected, "{column}");
            let list = List::Rows(rows, vec![ty(column), Type::BigInt]);
            assert_eq!(ask(Expr::In(Box::new(with_likes()), list, false)), expected, "{column}");
        }
    }
}

/// One of few, so that lists find some.
fn uuid(random: &mut Random) -> Expr {
    let mut bytes = [0xab; 16];
    bytes[15] = u8::try_from(random.between(0, 30)).unwrap();
    Expr::Value(Value::Uuid(bytes), Type::Uuid)
}

#[test]
fn any_name_is_only_a_name() {
    let sqlite = sqlite();
    let mut random = Random::new(4);
    for _ in 0..Random::cases(300) {
        let (table, column) = (format!("t{}", word(&mut random, 8)), format!("c{}", word(&mut random, 8)));
        let quote = |name: &str| dialect::SQLITE.quoted(name);
        sqlite.execute_batch(&format!("CREATE TABLE {} ({} TEXT)", quote(&table), quote(&column))).unwrap();
        let insert = Insert {
            table: table.clone().into(),
            columns: vec![column.clone().into()],
            rows: vec![vec![text(&column)]],
            conflict: None,
            returning: vec![(column.clone().into(), Type::Text)],
        };
        let stored = rusqlite::types::Value::Text(column.clone());
        assert_eq!(run(&sqlite, &insert.render(&dialect::SQLITE).unwrap()), std::slice::from_ref(&stored));
        let whole = Expr::Column { path: Path::root(), name: column.clone().into(), ty: Type::Text };
        let mut select = Select { columns: vec![whole.clone()], ..Select::from(table.clone()) };
        select.filter = Some(eq(whole, text(&column)));
        assert_eq!(run(&sqlite, &select.render(&dialect::SQLITE).unwrap()), [stored]);
        sqlite.execute_batch(&format!("DROP TABLE {}", quote(&table))).unwrap();
    }
}

/// Any expression over the columns of `posts`, at most `depth` deep.
fn any(random: &mut Random, depth: u32) -> Expr {
    let leaf = depth == 0;
    let next = depth.saturating_sub(1);
    match random.between(0, if leaf { 4 } else { 15 }) {
        0 => col(["id", "likes", "author_id"][pick(random, 3)]),
        1 => at(&author(), ["name", "email"][pick(random, 2)]),
        2 => at(&editor().then(hop("teams", "team_id", "id", false)), "name"),
        3 => int(random.between(-5, 5)),
        4 => text(&word(random, 4)),
        5 => {
            use Binary::*;
            let operator = [Eq, Ne, Lt, Le, Gt, Ge, And, Or, Add, Sub, Mul, Div, Rem, Concat][pick(random, 14)];
            binary(any(random, next), operator, any(random, next))
        }
        6 => Expr::Unary([Unary::Not, Unary::Neg][pick(random, 2)], Box::new(any(random, next))),
        7 => Expr::IsNull(Box::new(any(random, next)), pick(random, 2) == 0),
        8 => Expr::Same(Box::new(any(random, next)), Box::new(any(random, next)), pick(random, 2) == 0),
        9 => {
            let values: Vec<i64> = (0..random.between(0, 3)).collect();
            Expr::In(Box::new(any(random, next)), ints(&values), pick(random, 2) == 0)
        }
        10 => Expr::Between(Box::new(any(random, next)), Box::new(any(random, next)), Box::new(any(random, next))),
        11 => {
            let how = [Match::Contains, Match::Starts, Match::Ends, Match::Pattern][pick(random, 4)];
            Expr::Like { of: Box::new(any(random, next)), text: Box::new(text(&word(random, 3))), how, fold: true }
        }
        12 => {
            let mut inner = Select::from("post_tags");
            inner.filter = Some(eq(col("post_id"), Expr::Outer(Box::new(any(random, next)))));
            Expr::Exists(Box::new(inner), pick(random, 2) == 0)
        }
        13 => Expr::Call(Function::Coalesce, vec![any(random, next), any(random, next)]),
        14 => Expr::Case(vec![(any(random, next), any(random, next))], Some(Box::new(any(random, next)))),
        _ => Expr::Cast(Box::new(any(random, next)), [Type::Text, Type::BigInt, Type::Bool][pick(random, 3)].clone()),
    }
}

/// Puts other values in the place of all values: the shape stays.
fn other_values(statement: &Statement) -> Vec<Value> {
    statement.params.iter().map(|_| Value::Null).collect()
}

#[test]
fn any_expression_is_prepared_and_its_text_depends_on_its_shape_only() {
    let sqlite = sqlite();
    let mut random = Random::new(5);
    for case in 0..Random::cases(2000) {
        let (column, filter) = (any(&mut random, 3), any(&mut random, 3));
        let select = Select { filter: Some(filter.clone()), limit: Some(1), ..posts(vec![column]) };
        let delete = Delete {
            table: "posts".into(),
            filter: Some(filter),
            key: vec![("id".into(), Type::BigInt)],
            returning: vec![("id".into(), Type::BigInt)],
        };
        for statement in [select.render(&dialect::SQLITE).unwrap(), delete.render(&dialect::SQLITE).unwrap()] {
            let prepared = sqlite.prepare(&statement.text).unwrap_or_else(|error| panic!("case {case}: {error}"));
            assert_eq!(prepared.parameter_count(), statement.params.len());
            assert_eq!(statement.types.len(), statement.params.len());
            assert_eq!(statement.bind(other_values(&statement)).text, statement.text);
        }
        for dialect in dialect::ALL {
            let statement = select.render(dialect).unwrap();
            assert_eq!(statement.types.len(), statement.params.len());
            let again = select.clone().render(dialect).unwrap();
            assert_eq!(again.text, statement.text);
        }
    }
}

#[test]
fn values_never_show_in_the_text() {
    let query = |id: i64, needle: &str, page: u64, keys: &[i64]| {
        let mut select = posts(vec![col("id")]);
        select.filter = Some(eq(col("id"), int(id)));
        for how in [Match::Contains, Match::Starts, Match::Ends, Match::Pattern] {
            for fold in [true, false] {
                select.and(Expr::Like { of: Box::new(col("title")), text: Box::new(text(needle)), how, fold });
            }
        }
        select.and(Expr::Same(Box::new(col("title")), Box::new(Expr::Value(Value::Null, Type::Text)), false));
        select.and(Expr::In(Box::new(col("id")), ints(keys), false));
        let rows = keys.iter().map(|key| vec![Value::Int(*key), Value::Int(*key)]).collect();
        let pair = Expr::Row(vec![col("id"), col("likes")]);
        select.and(Expr::In(Box::new(pair), List::Rows(rows, vec![Type::BigInt, Type::BigInt]), false));
        Select { limit: Some(page), offset: Some(page * 20), ..select }
    };
    for dialect in dialect::ALL {
        let one = query(1, "a", 1, &[1, 2, 3]).render(dialect).unwrap();
        let other = query(-9, "%' OR ''='", 500, &[7, 8, 9, 10]).render(dialect).unwrap();
        assert_eq!(one.text, other.text);
        assert_eq!(one.types, other.types);
    }
    let long: Vec<i64> = (0..1000).collect();
    for dialect in [dialect::SQLITE, dialect::POSTGRES] {
        let one = query(1, "a", 1, &[1]).render(&dialect).unwrap();
        assert_eq!(one.text, query(1, "a", 1, &long).render(&dialect).unwrap().text);
    }
}

#[test]
fn what_a_list_becomes_can_be_bound_again() {
    let keys = |keys: &[i64]| ints(keys);
    for dialect in dialect::ALL {
        let mut select = posts(vec![]);
        select.filter = Some(Expr::In(Box::new(col("id")), keys(&[1, 2, 3]), false));
        let rendered = select.render(dialect).unwrap();
        assert_eq!(list_params(keys(&[1, 2, 3]), dialect), rendered.params);
    }
}

#[test]
fn decimals_are_calculated_exactly() {
    let sqlite = sqlite();
    let mut random = Random::new(8);
    let number = |random: &mut Random| Decimal::new(i128::from(random.between(-99_999, 99_999)), 2);
    let read = |value: &rusqlite::types::Value| match value {
        rusqlite::types::Value::Integer(value) => Decimal::from(*value),
        rusqlite::types::Value::Real(value) => value.to_string().parse().unwrap(),
        other => panic!("{other:?}"),
    };
    for _ in 0..Random::cases(500) {
        let (one, other) = (number(&mut random), number(&mut random));
        let value = |number| Expr::Value(Value::Decimal(number), Type::Numeric(10, 2));
        for (operator, mantissa, scale) in [
            (Binary::Add, one.mantissa() + other.mantissa(), 2),
            (Binary::Sub, one.mantissa() - other.mantissa(), 2),
            (Binary::Mul, one.mantissa() * other.mantissa(), 4),
        ] {
            let expected = Decimal::new(mantissa, scale);
            let expr = binary(value(one), operator, value(other));
            let equal = eq(expr.clone(), Expr::Value(Value::Decimal(expected), Type::Numeric(15, 4)));
            for (expr, expected) in [(expr, expected), (equal, Decimal::from(1))] {
                let select = Select { from: one_row(), ..posts(vec![expr]) };
                let found = run(&sqlite, &select.render(&dialect::SQLITE).unwrap());
                assert_eq!(read(&found[0]), expected, "{one} {operator:?} {other}");
            }
        }
    }
    let mut total = 0;
    for id in 0..500 {
        let price = number(&mut random);
        total += price.mantissa();
        let row = vec![int(id), Expr::Value(Value::Decimal(price), Type::Numeric(10, 2))];
        let insert = Insert {
            table: "posts".into(),
            columns: vec!["id".into(), "price".into()],
            rows: vec![row],
            conflict: None,
            returning: vec![],
        };
        run(&sqlite, &insert.render(&dialect::SQLITE).unwrap());
    }
    let of = Some(Box::new(col("price")));
    let sum = posts(vec![Expr::Aggregate { function: Aggregate::Sum, of, distinct: false, filter: None }]);
    assert_eq!(read(&run(&sqlite, &sum.render(&dialect::SQLITE).unwrap())[0]), Decimal::new(total, 2));
}
