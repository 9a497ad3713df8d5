//! The problems of expressions: whether each is whole, and names columns that are there.

use super::Checker;
use crate::schema::{Origin, Table, name, text};
use crate::syntax::expr::Name;
use crate::syntax::spell;

impl Checker<'_> {
    /// An expression that has to be whole, to name at least one column, and none that is not there. `what` it is begins
    /// the sentence.
    pub(super) fn expression(&mut self, what: &str, expression: &str, origin: &Origin) {
        let table = self.table;
        if let Some(fault) = text::fault(expression) {
            return self.tell(
                origin,
                format!("{what} is no expression: {fault}, in `{expression}`"),
                "correct the text",
            );
        }
        let unknown = text::unknown(expression, |name| table.columns.iter().any(|column| name.is(&column.name)));
        for name in &unknown {
            let what = format!("{what} names {}, which is no column of `{}`", shown(name), table.name);
            self.tell(origin, what, meant(table, name));
        }
        if unknown.is_empty() && !table.columns.iter().any(|column| text::names(expression, &column.name)) {
            let what = format!("{what} names no column of `{}`: `{expression}`", table.name);
            self.tell(origin, what, format!("name one of: {}", list(table)));
        }
    }

    /// A default, which is made before there is a row.
    pub(super) fn default_expression(&mut self, expression: &str, origin: &Origin) {
        if let Some(fault) = text::fault(expression) {
            let what = format!("the default is no expression: {fault}, in `{expression}`");
            return self.tell(origin, what, "correct the text");
        }
        for name in text::unknown(expression, |_| false) {
            let what = format!("the default names {}, and a default can name no column", shown(&name));
            let known = self.table.columns.iter().any(|column| name.is(&column.name));
            let help =
                if known { "make it a generated column, or set it in the program".into() } else { as_text(&name) };
            self.tell(origin, what, help);
        }
    }
}

/// A name as it is written.
fn shown(name: &Name) -> String {
    if name.quoted { format!("\"{}\"", name.text) } else { format!("`{}`", name.text) }
}

fn as_text(name: &Name) -> String {
    format!("write '{}' for a text", name.text)
}

/// What to write for a name that is no column.
fn meant(table: &Table, name: &Name) -> String {
    let field = format!("::{}", name.text);
    let of_field = table.columns.iter().filter(|column| column.origin.model.ends_with(&field));
    let of_field: Vec<String> = of_field.map(|column| format!("`{}`", column.name)).collect();
    if !of_field.is_empty() {
        return format!("write the name in the table: the field `{}` is kept in {}", name.text, of_field.join(", "));
    }
    let near = name::nearest(&name.text, table.columns.iter().map(|column| column.name.as_str()));
    match (near.map(spell), name.quoted) {
        (Some(near), false) => format!("did you mean `{near}`?"),
        (Some(near), true) => format!("did you mean `{near}`? Or {}", as_text(name)),
        (None, false) => format!("name one of: {}", list(table)),
        (None, true) => format!("{}, or name one of: {}", as_text(name), list(table)),
    }
}

fn list(table: &Table) -> String {
    table.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use expect_test::expect;

    use crate::Type;
    use crate::schema::{Check, Column, Default, Generated, Index, Key, KeyOf, Origin, PrimaryKey, Schema, Table};

    fn origin(model: &'static str, line: u32) -> Origin {
        Origin { model: model.into(), file: "src/models.rs".into(), line }
    }

    /// Where an expression stands.
    const PLACES: [&str; 5] = ["check", "key", "filter", "generated", "default"];

    /// What is told of `expression` at `place` in a table.
    fn told(place: &str, expression: &str) -> Vec<String> {
        let column = |name: &str, line| {
            let model = format!("Order::{}", if name == "cents" { "price" } else { name });
            let origin = Origin { model: model.into(), ..origin("", line) };
            Column { nullable: false, origin, ..Column::new(name, Type::Text) }
        };
        let mut table = Table {
            name: "orders".into(),
            columns: ["id", "amount", "Kind", "year", "cents", "made"]
                .into_iter()
                .zip(11..)
                .map(|(n, l)| column(n, l))
                .collect(),
            primary_key: Some(PrimaryKey { name: "pk".into(), columns: vec!["id".into()], ..PrimaryKey::default() }),
            origin: origin("Order", 10),
            ..Table::default()
        };
        let expression = expression.to_owned();
        let index = Index { name: "ix".into(), keys: vec![Key::column("id")], ..Index::default() };
        match place {
            "check" => table.checks.push(Check { name: "ck".into(), expression, ..Check::default() }),
            "key" => {
                let key = Key { of: KeyOf::Expression(expression), ..Key::column("") };
                table.indexes.push(Index { keys: vec![key], ..index });
            }
            "filter" => table.indexes.push(Index { filter: Some(expression), ..index }),
            "generated" => table.columns[5].generated = Some(Generated { expression, stored: true }),
            _ => table.columns[5].default = Some(Default::Expression(expression)),
        }
        let schema = Schema::default().with(BTreeMap::from([("orders".into(), table)]));
        schema.check().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_that_are_no_columns() {
        let mut out = String::new();
        for (place, expression) in [
            ("check", "amonut >= 0"),
            ("check", "amonut >= 0 OR amonut IS NULL OR \"yaer\" > 2000"),
            ("check", "lower(a_mount) <> kind || 'id'"),
            ("check", "price > 0"),
            ("check", "weight > 0"),
            ("check", "\"kind\" <> 'a'"),
            ("check", "kind <> \"gift\""),
            ("check", "orders.amuont > 0"),
            ("check", "EXISTS (SELECT 1 FROM users WHERE users.id = amount) AND yeer > 0"),
            ("check", "CASE WHEN amount > 0 THEN yaer END IN (1, 2)"),
            ("check", "1 = 1"),
            ("key", "lower(knd)"),
            ("filter", "amuont IS NOT NULL"),
            ("generated", "amount * yaer"),
            ("default", "amount + 1"),
            ("default", "lower(\"none\")"),
        ] {
            for line in told(place, expression) {
                out.push_str(&format!("{line}\n"));
            }
        }
        expect![[r#"
            Order (src/models.rs:10): check `ck` names `amonut`, which is no column of `orders`; did you mean `amount`?
            Order (src/models.rs:10): check `ck` names `amonut`, which is no column of `orders`; did you mean `amount`?
            Order (src/models.rs:10): check `ck` names "yaer", which is no column of `orders`; did you mean `year`? Or write 'yaer' for a text
            Order (src/models.rs:10): check `ck` names `a_mount`, which is no column of `orders`; did you mean `amount`?
            Order (src/models.rs:10): check `ck` names `price`, which is no column of `orders`; write the name in the table: the field `price` is kept in `cents`
            Order (src/models.rs:10): check `ck` names `weight`, which is no column of `orders`; name one of: id, amount, Kind, year, cents, made
            Order (src/models.rs:10): check `ck` names "kind", which is no column of `orders`; did you mean `"Kind"`? Or write 'kind' for a text
            Order (src/models.rs:10): check `ck` names "gift", which is no column of `orders`; write 'gift' for a text, or name one of: id, amount, Kind, year, cents, made
            Order (src/models.rs:10): check `ck` names `amuont`, which is no column of `orders`; did you mean `amount`?
            Order (src/models.rs:10): check `ck` names `yeer`, which is no column of `orders`; did you mean `year`?
            Order (src/models.rs:10): check `ck` names `yaer`, which is no column of `orders`; did you mean `year`?
            Order (src/models.rs:10): check `ck` names no column of `orders`: `1 = 1`; name one of: id, amount, Kind, year, cents, made
            Order (src/models.rs:10): a key of index `ix` names `knd`, which is no column of `orders`; did you mean `"Kind"`?
            Order (src/models.rs:10): the filter of index `ix` names `amuont`, which is no column of `orders`; did you mean `amount`?
            Order::made (src/models.rs:16): what makes column `made` names `yaer`, which is no column of `orders`; did you mean `year`?
            Order::made (src/models.rs:16): the default names `amount`, and a default can name no column; make it a generated column, or set it in the program
            Order::made (src/models.rs:16): the default names "none", and a default can name no column; write 'none' for a text
        "#]].assert_eq(&out);
    }

    #[test]
    fn names_that_are_columns_and_words_that_are_no_names() {
        for expression in [
            "amount >= 0",
            "AMOUNT >= 0 AND kind <> 'weight' AND \"Kind\" <> \"amount\"",
            "orders.amount > 0",
            "length(trim(kind)) BETWEEN 1 AND 80",
            "EXTRACT(month FROM year) = 2 AND CURRENT_DATE > year",
            "year > DATE '2020-01-01' AND year < CURRENT_TIMESTAMP AND amount::numeric > 1.5",
            "CAST(amount AS weight) > 0 AND kind COLLATE nocase = 'x'",
            "amount IN (SELECT weight FROM parcels WHERE parcels.height > 0)",
            "EXISTS (SELECT 1 FROM \"Users\" WHERE \"Users\".\"Name\" = kind)",
            "kind GLOB '[a-z]*' AND weight",
        ] {
            for place in PLACES.into_iter().filter(|place| *place != "default") {
                assert_eq!(told(place, expression), [""; 0], "{place}: {expression}");
            }
        }
        for expression in ["lower('A')", "CURRENT_DATE", "(1 + 2)::text", "nextval('ids')", "date('now', '+1 day')"] {
            assert_eq!(told("default", expression), [""; 0], "{expression}");
        }
    }
}
