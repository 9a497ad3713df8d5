//! Expressions.

use super::*;
use crate::Decimal;

/// Checks each expression as the only column of a SELECT, showing it alone.
pub(super) fn check_exprs(exprs: &[(&str, Expr)], expected: &expect_test::Expect) {
    let mut out = String::new();
    for (what, expr) in exprs {
        writeln!(out, "{what}").unwrap();
        let lines: Vec<_> = rendered(&posts(vec![expr.clone()]))
            .into_iter()
            .map(|(name, line)| {
                let alone =
                    line.strip_prefix("SELECT ").and_then(|line| line.split(" FROM ").next().map(str::to_owned));
                (name, if line.matches(" FROM ").count() > 1 { line } else { alone.unwrap_or(line) })
            })
            .collect();
        spellings(&lines, &mut out);
    }
    expected.assert_eq(&out);
}

fn not(expr: Expr) -> Expr {
    Expr::Unary(Unary::Not, Box::new(expr))
}

fn is_in(of: Expr, list: List) -> Expr {
    Expr::In(Box::new(of), list, false)
}

#[test]
fn operators() {
    let likes = || col("likes");
    let one = || binary(likes(), Binary::Gt, int(1));
    let sum = || binary(likes(), Binary::Add, int(1));
    let price = || Expr::Value(Value::Decimal(Decimal::new(5, 1)), ty("price"));
    let and = |left, right| binary(left, Binary::And, right);
    let or = |left, right| binary(left, Binary::Or, right);
    check_exprs(
        &[
            ("connectives", and(and(one(), or(one(), or(one(), one()))), not(one()))),
            ("not of a column", not(col("published"))),
            ("calculation", binary(binary(sum(), Binary::Mul, int(2)), Binary::Sub, sum())),
            ("negation", Expr::Unary(Unary::Neg, Box::new(Expr::Unary(Unary::Neg, Box::new(likes()))))),
            ("integer division", binary(likes(), Binary::Div, int(2))),
            ("rest", binary(likes(), Binary::Rem, int(2))),
            ("decimal division", binary(col("price"), Binary::Div, int(2))),
            ("decimals", binary(binary(col("price"), Binary::Mul, price()), Binary::Add, likes())),
            ("decimals divided", binary(binary(col("price"), Binary::Div, likes()), Binary::Add, price())),
            ("concat", binary(binary(col("title"), Binary::Concat, text("!")), Binary::Concat, text("?"))),
            ("null", Expr::IsNull(Box::new(sum()), false)),
            ("not null", Expr::IsNull(Box::new(col("title")), true)),
            ("same", Expr::Same(Box::new(col("title")), Box::new(text("x")), false)),
            ("not same", Expr::Same(Box::new(col("title")), Box::new(text("x")), true)),
            ("between", Expr::Between(Box::new(likes()), Box::new(int(1)), Box::new(sum()))),
            ("case", Expr::Case(vec![(one(), int(1)), (not(one()), int(2))], Some(Box::new(sum())))),
            ("rows", binary(Expr::Row(vec![likes(), col("id")]), Binary::Gt, Expr::Row(vec![int(1), int(2)]))),
            (
                "raw",
                Expr::Raw(vec![
                    Fragment::Text("length(".into()),
                    Fragment::Expr(col("title")),
                    Fragment::Text(") % 7".into()),
                ]),
            ),
        ],
        &expect![[r#"
            connectives
              sqlite: t0."likes" > ? AND (t0."likes" > ? OR (t0."likes" > ? OR t0."likes" > ?)) AND NOT (t0."likes" > ?)
              postgres: t0."likes" > $1 AND (t0."likes" > $2 OR (t0."likes" > $3 OR t0."likes" > $4)) AND NOT (t0."likes" > $5)
              mysql, mariadb: t0.`likes` > ? AND (t0.`likes` > ? OR (t0.`likes` > ? OR t0.`likes` > ?)) AND NOT (t0.`likes` > ?)
            not of a column
              sqlite, postgres: NOT t0."published"
              mysql, mariadb: NOT t0.`published`
            calculation
              sqlite: ((t0."likes" + ?) * ?) - (t0."likes" + ?)
              postgres: ((t0."likes" + $1) * $2) - (t0."likes" + $3)
              mysql, mariadb: ((t0.`likes` + ?) * ?) - (t0.`likes` + ?)
            negation
              sqlite, postgres: -(-t0."likes")
              mysql, mariadb: -(-t0.`likes`)
            integer division
              sqlite: t0."likes" / ?
              postgres: t0."likes" / $1
              mysql, mariadb: t0.`likes` DIV ?
            rest
              sqlite: t0."likes" % ?
              postgres: t0."likes" % $1
              mysql, mariadb: t0.`likes` % ?
            decimal division
              sqlite: t0."price" * 1.0 / ?
              postgres: t0."price" / $1
              mysql, mariadb: t0.`price` / ?
            decimals
              sqlite: round(round(t0."price" * ?, 4) + t0."likes", 4)
              postgres: (t0."price" * $1) + t0."likes"
              mysql, mariadb: (t0.`price` * ?) + t0.`likes`
            decimals divided
              sqlite: (t0."price" * 1.0 / t0."likes") + ?
              postgres: (t0."price" / t0."likes") + $1
              mysql, mariadb: (t0.`price` / t0.`likes`) + ?
            concat
              sqlite: (t0."title" || ?) || ?
              postgres: (t0."title" || $1) || $2
              mysql, mariadb: concat(concat(t0.`title`, ?), ?)
            null
              sqlite: (t0."likes" + ?) IS NULL
              postgres: (t0."likes" + $1) IS NULL
              mysql, mariadb: (t0.`likes` + ?) IS NULL
            not null
              sqlite, postgres: t0."title" IS NOT NULL
              mysql, mariadb: t0.`title` IS NOT NULL
            same
              sqlite: t0."title" IS ?
              postgres: SELECT t0."title" IS NOT DISTINCT FROM $1 FROM "posts" AS t0
              mysql, mariadb: t0.`title` <=> ?
            not same
              sqlite: t0."title" IS NOT ?
              postgres: SELECT t0."title" IS DISTINCT FROM $1 FROM "posts" AS t0
              mysql, mariadb: NOT (t0.`title` <=> ?)
            between
              sqlite: t0."likes" BETWEEN ? AND (t0."likes" + ?)
              postgres: t0."likes" BETWEEN $1 AND (t0."likes" + $2)
              mysql, mariadb: t0.`likes` BETWEEN ? AND (t0.`likes` + ?)
            case
              sqlite: CASE WHEN t0."likes" > ? THEN ? WHEN NOT (t0."likes" > ?) THEN ? ELSE t0."likes" + ? END
              postgres: CASE WHEN t0."likes" > $1 THEN $2 WHEN NOT (t0."likes" > $3) THEN $4 ELSE t0."likes" + $5 END
              mysql, mariadb: CASE WHEN t0.`likes` > ? THEN ? WHEN NOT (t0.`likes` > ?) THEN ? ELSE t0.`likes` + ? END
            rows
              sqlite: (t0."likes", t0."id") > (?, ?)
              postgres: (t0."likes", t0."id") > ($1, $2)
              mysql, mariadb: (t0.`likes`, t0.`id`) > (?, ?)
            raw
              sqlite, postgres: length(t0."title") % 7
              mysql, mariadb: length(t0.`title`) % 7
        "#]],
    );
}

#[test]
fn lists() {
    let rows = |rows: &[(i64, &str)]| {
        let row = |(id, text): &(i64, &str)| vec![Value::Int(*id), Value::Text((*text).into())];
        List::Rows(rows.iter().map(row).collect(), vec![Type::BigInt, Type::Text])
    };
    let pair = || Expr::Row(vec![col("id"), col("title")]);
    let mut tagged = Select::from("post_tags");
    tagged.columns = vec![col("post_id")];
    let limited = Select { limit: Some(3), ..tagged.clone() };
    let reals = List::Values(vec![Value::Real(0.5), Value::Real(1.5)], Type::Double);
    let bytes = List::Rows(vec![vec![Value::Int(1), Value::Bytes(vec![1])]], vec![Type::BigInt, Type::Bytes]);
    let never = || is_in(col("id"), ints(&[]));
    let one = || eq(col("id"), int(1));
    check_exprs(
        &[
            ("values", is_in(col("id"), ints(&[1, 2, 3]))),
            ("not", Expr::In(Box::new(col("id")), ints(&[1]), true)),
            ("floats", is_in(col("score"), reals)),
            ("rows", is_in(pair(), rows(&[(1, "a"), (2, "b"), (3, "c")]))),
            ("rows with bytes", is_in(Expr::Row(vec![col("id"), col("data")]), bytes)),
            ("subselect", is_in(col("id"), List::Select(Box::new(tagged)))),
            ("subselect with a limit", is_in(col("id"), List::Select(Box::new(limited)))),
            ("nothing to look in", never()),
            ("nor in rows", not(is_in(pair(), rows(&[])))),
            ("false and", binary(one(), Binary::And, binary(never(), Binary::And, one()))),
            ("false or", binary(binary(never(), Binary::Or, one()), Binary::Or, one())),
            ("true and", binary(not(never()), Binary::And, one())),
            ("true or", binary(one(), Binary::Or, not(never()))),
        ],
        &expect![[r#"
            values
              sqlite: SELECT t0."id" IN (SELECT value FROM json_each(?)) FROM "posts" AS t0
              postgres: t0."id" = ANY ($1::bigint[])
              mysql, mariadb: t0.`id` IN (?, ?, ?, ?)
            not
              sqlite: SELECT t0."id" NOT IN (SELECT value FROM json_each(?)) FROM "posts" AS t0
              postgres: t0."id" <> ALL ($1::bigint[])
              mysql, mariadb: t0.`id` NOT IN (?)
            floats
              sqlite: t0."score" IN (?, ?)
              postgres: t0."score" = ANY ($1::double precision[])
              mysql, mariadb: t0.`score` IN (?, ?)
            rows
              sqlite: SELECT (t0."id", t0."title") IN (SELECT value ->> 0, value ->> 1 FROM json_each(?)) FROM "posts" AS t0
              postgres: SELECT (t0."id", t0."title") IN (SELECT * FROM unnest($1::bigint[], $2::text[])) FROM "posts" AS t0
              mysql, mariadb: (t0.`id`, t0.`title`) IN ((?, ?), (?, ?), (?, ?), (?, ?))
            rows with bytes
              sqlite: (t0."id", t0."data") IN (VALUES (?, ?))
              postgres: SELECT (t0."id", t0."data") IN (SELECT * FROM unnest($1::bigint[], $2::bytea[])) FROM "posts" AS t0
              mysql, mariadb: (t0.`id`, t0.`data`) IN ((?, ?))
            subselect
              sqlite, postgres: SELECT t0."id" IN (SELECT t1."post_id" FROM "post_tags" AS t1) FROM "posts" AS t0
              mysql, mariadb: SELECT t0.`id` IN (SELECT t1.`post_id` FROM `post_tags` AS t1) FROM `posts` AS t0
            subselect with a limit
              sqlite: SELECT t0."id" IN (SELECT t1."post_id" FROM "post_tags" AS t1 LIMIT ?) FROM "posts" AS t0
              postgres: SELECT t0."id" IN (SELECT t1."post_id" FROM "post_tags" AS t1 LIMIT $1) FROM "posts" AS t0
              mysql, mariadb: SELECT t0.`id` IN (SELECT * FROM (SELECT t2.`post_id` FROM `post_tags` AS t2 LIMIT ?) AS t1) FROM `posts` AS t0
            nothing to look in
              all: FALSE
            nor in rows
              all: TRUE
            false and
              all: FALSE
            false or
              sqlite: t0."id" = ? OR t0."id" = ?
              postgres: t0."id" = $1 OR t0."id" = $2
              mysql, mariadb: t0.`id` = ? OR t0.`id` = ?
            true and
              sqlite: t0."id" = ?
              postgres: t0."id" = $1
              mysql, mariadb: t0.`id` = ?
            true or
              all: TRUE
        "#]],
    );
}

#[test]
fn aggregates() {
    let of = |function, of: Option<Expr>, distinct, filter: Option<Expr>| Expr::Aggregate {
        function,
        of: of.map(Box::new),
        distinct,
        filter: filter.map(Box::new),
    };
    let published = || Some(col("published"));
    check_exprs(
        &[
            ("rows", of(Aggregate::Count, None, false, None)),
            ("some rows", of(Aggregate::Count, None, false, published())),
            ("values", of(Aggregate::Count, Some(col("title")), true, published())),
            ("sum of integers", of(Aggregate::Sum, Some(col("likes")), false, None)),
            ("sum of some", of(Aggregate::Sum, Some(col("score")), false, published())),
            ("sum of decimals", of(Aggregate::Sum, Some(col("price")), false, published())),
            ("average of integers", of(Aggregate::Avg, Some(col("likes")), false, None)),
            ("average of decimals", of(Aggregate::Avg, Some(col("price")), false, None)),
            ("least", of(Aggregate::Min, Some(col("created_at")), false, None)),
            ("greatest", binary(of(Aggregate::Max, Some(col("likes")), false, None), Binary::Add, int(1))),
            ("row number", Expr::RowNumber { partition: vec![], order: vec![sort(col("id"))] }),
            ("row number of some", Expr::RowNumber { partition: vec![col("author_id")], order: vec![] }),
        ],
        &expect![[r#"
            rows
              all: count(*)
            some rows
              sqlite, postgres: count(*) FILTER (WHERE t0."published")
              mysql, mariadb: count(CASE WHEN t0.`published` THEN 1 END)
            values
              sqlite, postgres: count(DISTINCT t0."title") FILTER (WHERE t0."published")
              mysql, mariadb: count(DISTINCT CASE WHEN t0.`published` THEN t0.`title` END)
            sum of integers
              sqlite: sum(t0."likes")
              postgres: sum(t0."likes")::bigint
              mysql, mariadb: CAST(sum(t0.`likes`) AS SIGNED)
            sum of some
              sqlite, postgres: sum(t0."score") FILTER (WHERE t0."published")
              mysql, mariadb: sum(CASE WHEN t0.`published` THEN t0.`score` END)
            sum of decimals
              sqlite: round(sum(t0."price") FILTER (WHERE t0."published"), 2)
              postgres: sum(t0."price") FILTER (WHERE t0."published")
              mysql, mariadb: sum(CASE WHEN t0.`published` THEN t0.`price` END)
            average of integers
              sqlite: avg(t0."likes")
              postgres: avg(t0."likes")::double precision
              mysql, mariadb: (avg(t0.`likes`) + 0e0)
            average of decimals
              sqlite, postgres: avg(t0."price")
              mysql, mariadb: avg(t0.`price`)
            least
              sqlite, postgres: min(t0."created_at")
              mysql, mariadb: min(t0.`created_at`)
            greatest
              sqlite: max(t0."likes") + ?
              postgres: max(t0."likes") + $1
              mysql, mariadb: max(t0.`likes`) + ?
            row number
              sqlite, postgres: row_number() OVER (ORDER BY t0."id")
              mysql, mariadb: row_number() OVER (ORDER BY t0.`id`)
            row number of some
              sqlite, postgres: row_number() OVER (PARTITION BY t0."author_id")
              mysql, mariadb: row_number() OVER (PARTITION BY t0.`author_id`)
        "#]],
    );
}

#[test]
fn long_decimals_only_compare_as_equal() {
    let total = || col("total");
    let value = || Expr::Value(Value::Decimal(Decimal::new(1, 0)), Type::Numeric(20, 4));
    check_exprs(
        &[
            ("equal", eq(total(), value())),
            ("in", is_in(total(), List::Values(vec![Value::Decimal(Decimal::new(1, 0))], ty("total")))),
            ("less", binary(total(), Binary::Lt, value())),
            ("between", Expr::Between(Box::new(total()), Box::new(value()), Box::new(value()))),
            ("plus", binary(total(), Binary::Add, value())),
            ("minus", Expr::Unary(Unary::Neg, Box::new(total()))),
            ("greatest", Expr::Call(Function::Greatest, vec![value(), total()])),
            ("other digits", eq(total(), col("price"))),
            ("same, other digits", Expr::Same(Box::new(col("price")), Box::new(total()), false)),
            (
                "sum",
                Expr::Aggregate {
                    function: Aggregate::Sum,
                    of: Some(Box::new(total())),
                    distinct: false,
                    filter: None,
                },
            ),
        ],
        &expect![[r#"
            equal
              sqlite: t0."total" = ?
              postgres: t0."total" = $1
              mysql, mariadb: t0.`total` = ?
            in
              sqlite: t0."total" IN (?)
              postgres: t0."total" = ANY ($1::numeric[])
              mysql, mariadb: t0.`total` IN (?)
            less
              sqlite: error: comparing column `total` does not work on sqlite: it is NUMERIC(20, 4), and decimals of more than 15 digits are text there, exact but without order; declare at most 15 digits, keep the smallest unit (cents) as i64, or fetch the rows and do it in Rust
              postgres: t0."total" < $1
              mysql, mariadb: t0.`total` < ?
            between
              sqlite: error: comparing column `total` does not work on sqlite: it is NUMERIC(20, 4), and decimals of more than 15 digits are text there, exact but without order; declare at most 15 digits, keep the smallest unit (cents) as i64, or fetch the rows and do it in Rust
              postgres: t0."total" BETWEEN $1 AND $2
              mysql, mariadb: t0.`total` BETWEEN ? AND ?
            plus
              sqlite: error: calculating with column `total` does not work on sqlite: it is NUMERIC(20, 4), and decimals of more than 15 digits are text there, exact but without order; declare at most 15 digits, keep the smallest unit (cents) as i64, or fetch the rows and do it in Rust
              postgres: t0."total" + $1
              mysql, mariadb: t0.`total` + ?
            minus
              sqlite: error: calculating with column `total` does not work on sqlite: it is NUMERIC(20, 4), and decimals of more than 15 digits are text there, exact but without order; declare at most 15 digits, keep the smallest unit (cents) as i64, or fetch the rows and do it in Rust
              postgres: -t0."total"
              mysql, mariadb: -t0.`total`
            greatest
              sqlite: error: calculating with this expression does not work on sqlite: it is NUMERIC(20, 4), and decimals of more than 15 digits are text there, exact but without order; declare at most 15 digits, keep the smallest unit (cents) as i64, or fetch the rows and do it in Rust
              postgres: CASE WHEN $1 > t0."total" THEN $2 WHEN t0."total" >= $3 THEN t0."total" END
              mysql, mariadb: greatest(?, t0.`total`)
            other digits
              sqlite: error: comparing column `total` does not work on sqlite: it is NUMERIC(20, 4), and decimals of more than 15 digits are text there, exact but without order; declare at most 15 digits, keep the smallest unit (cents) as i64, or fetch the rows and do it in Rust
              postgres: t0."total" = t0."price"
              mysql, mariadb: t0.`total` = t0.`price`
            same, other digits
              sqlite: error: comparing column `total` does not work on sqlite: it is NUMERIC(20, 4), and decimals of more than 15 digits are text there, exact but without order; declare at most 15 digits, keep the smallest unit (cents) as i64, or fetch the rows and do it in Rust
              postgres: SELECT t0."price" IS NOT DISTINCT FROM t0."total" FROM "posts" AS t0
              mysql, mariadb: t0.`price` <=> t0.`total`
            sum
              sqlite: error: aggregating column `total` does not work on sqlite: it is NUMERIC(20, 4), and decimals of more than 15 digits are text there, exact but without order; declare at most 15 digits, keep the smallest unit (cents) as i64, or fetch the rows and do it in Rust
              postgres: sum(t0."total")
              mysql, mariadb: sum(t0.`total`)
        "#]],
    );
    let mut ordered = posts(vec![]);
    ordered.order = vec![sort(total())];
    check(
        &[("order", &ordered)],
        &expect![[r#"
        order
          sqlite: error: ordering by column `total` does not work on sqlite: it is NUMERIC(20, 4), and decimals of more than 15 digits are text there, exact but without order; declare at most 15 digits, keep the smallest unit (cents) as i64, or fetch the rows and do it in Rust
          postgres: SELECT 1 FROM "posts" AS t0 ORDER BY t0."total"
          mysql, mariadb: SELECT 1 FROM `posts` AS t0 ORDER BY t0.`total`
    "#]],
    );
}
