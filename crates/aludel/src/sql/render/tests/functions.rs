//! Searches, functions and changes of type.

use super::expressions::check_exprs;
use super::*;

#[test]
fn searches() {
    let like = |how, fold| Expr::Like { of: Box::new(col("title")), text: Box::new(text("a_b")), how, fold };
    let other = |how, fold| {
        let name = Box::new(binary(text("x"), Binary::Concat, col("title")));
        Expr::Like { of: Box::new(col("title")), text: name, how, fold }
    };
    check_exprs(
        &[
            ("contains", like(Match::Contains, false)),
            ("starts", like(Match::Starts, false)),
            ("ends", like(Match::Ends, false)),
            ("pattern", like(Match::Pattern, false)),
            ("contains, any case", like(Match::Contains, true)),
            ("starts, any case", like(Match::Starts, true)),
            ("ends, any case", like(Match::Ends, true)),
            ("pattern, any case", like(Match::Pattern, true)),
            ("contains an expression", other(Match::Contains, false)),
            ("starts with an expression", other(Match::Starts, false)),
            ("ends with an expression", other(Match::Ends, false)),
            ("matches an expression", other(Match::Pattern, false)),
            ("ends with an expression, any case", other(Match::Ends, true)),
            ("matches an expression, any case", other(Match::Pattern, true)),
        ],
        &expect![[r#"
            contains
              sqlite: instr(t0."title", ?) > 0
              postgres: t0."title" LIKE $1 ESCAPE '!'
              mysql, mariadb: t0.`title` LIKE ? ESCAPE '!'
            starts
              sqlite: t0."title" GLOB ?
              postgres: t0."title" LIKE $1 ESCAPE '!'
              mysql, mariadb: t0.`title` LIKE ? ESCAPE '!'
            ends
              sqlite: t0."title" GLOB +?
              postgres: t0."title" LIKE $1 ESCAPE '!'
              mysql, mariadb: t0.`title` LIKE ? ESCAPE '!'
            pattern
              sqlite: t0."title" GLOB ?
              postgres: t0."title" LIKE $1 ESCAPE '!'
              mysql, mariadb: t0.`title` LIKE ? ESCAPE '!'
            contains, any case
              sqlite: t0."title" LIKE +? ESCAPE '!'
              postgres: t0."title" ILIKE $1 ESCAPE '!'
              mysql, mariadb: lower(t0.`title`) LIKE lower(?) ESCAPE '!'
            starts, any case
              sqlite: t0."title" LIKE +? ESCAPE '!'
              postgres: t0."title" ILIKE $1 ESCAPE '!'
              mysql, mariadb: lower(t0.`title`) LIKE lower(?) ESCAPE '!'
            ends, any case
              sqlite: t0."title" LIKE +? ESCAPE '!'
              postgres: t0."title" ILIKE $1 ESCAPE '!'
              mysql, mariadb: lower(t0.`title`) LIKE lower(?) ESCAPE '!'
            pattern, any case
              sqlite: t0."title" LIKE +? ESCAPE '!'
              postgres: t0."title" ILIKE $1 ESCAPE '!'
              mysql, mariadb: lower(t0.`title`) LIKE lower(?) ESCAPE '!'
            contains an expression
              sqlite: instr(t0."title", ? || t0."title") > 0
              postgres: strpos(t0."title", $1 || t0."title") > 0
              mysql, mariadb: instr(t0.`title`, concat(?, t0.`title`)) > 0
            starts with an expression
              sqlite: instr(t0."title", ? || t0."title") = 1
              postgres: starts_with(t0."title", $1 || t0."title")
              mysql, mariadb: left(t0.`title`, char_length(concat(?, t0.`title`))) = (concat(?, t0.`title`))
            ends with an expression
              sqlite: substr(t0."title", length(t0."title") - length(? || t0."title") + 1) = (? || t0."title")
              postgres: right(t0."title", char_length($1 || t0."title")) = ($2 || t0."title")
              mysql, mariadb: right(t0.`title`, char_length(concat(?, t0.`title`))) = (concat(?, t0.`title`))
            matches an expression
              sqlite: error: sqlite cannot tell case in a LIKE whose pattern is not a value: bind the pattern as a value, or search without regard to case
              postgres: t0."title" LIKE ($1 || t0."title") ESCAPE '\'
              mysql, mariadb: t0.`title` LIKE (concat(?, t0.`title`))
            ends with an expression, any case
              sqlite: substr(lower(t0."title"), length(t0."title") - length(? || t0."title") + 1) = lower(? || t0."title")
              postgres: right(lower(t0."title"), char_length($1 || t0."title")) = lower($2 || t0."title")
              mysql, mariadb: right(lower(t0.`title`), char_length(concat(?, t0.`title`))) = lower(concat(?, t0.`title`))
            matches an expression, any case
              sqlite: t0."title" LIKE (? || t0."title") ESCAPE '\'
              postgres: t0."title" ILIKE ($1 || t0."title") ESCAPE '\'
              mysql, mariadb: lower(t0.`title`) LIKE lower(concat(?, t0.`title`))
        "#]],
    );
}

#[test]
fn functions() {
    use Function as F;
    let title = || col("title");
    let cases = [
        (F::Now, vec![]),
        (F::Lower, vec![title()]),
        (F::Upper, vec![title()]),
        (F::Trim, vec![binary(title(), Binary::Concat, text("x"))]),
        (F::Length, vec![title()]),
        (F::Abs, vec![col("likes")]),
        (F::Round, vec![col("score"), int(2)]),
        (F::Round, vec![col("price"), int(1)]),
        (F::Round, vec![col("likes"), int(-1)]),
        (F::Coalesce, vec![title(), text("a"), text("b")]),
        (F::NullIf, vec![title(), text("")]),
        (F::Substring, vec![title(), int(1), int(3)]),
        (F::Replace, vec![title(), text("a"), text("b")]),
        (F::Least, vec![col("likes"), int(3)]),
        (F::Greatest, vec![col("likes"), int(3)]),
        (F::Replace, vec![title()]),
    ];
    let names: Vec<_> = cases.iter().map(|(function, _)| format!("{function:?}")).collect();
    let exprs: Vec<_> =
        names.iter().map(String::as_str).zip(cases.iter().map(|(f, a)| Expr::Call(*f, a.clone()))).collect();
    check_exprs(
        &exprs,
        &expect![[r#"
            Now
              sqlite: strftime('%Y-%m-%d %H:%M:%f000', 'now')
              postgres: statement_timestamp()
              mysql, mariadb: utc_timestamp(6)
            Lower
              sqlite, postgres: lower(t0."title")
              mysql, mariadb: lower(t0.`title`)
            Upper
              sqlite, postgres: upper(t0."title")
              mysql, mariadb: upper(t0.`title`)
            Trim
              sqlite: trim(t0."title" || ?)
              postgres: trim(t0."title" || $1)
              mysql, mariadb: trim(concat(t0.`title`, ?))
            Length
              sqlite: length(t0."title")
              postgres: char_length(t0."title")
              mysql, mariadb: char_length(t0.`title`)
            Abs
              sqlite, postgres: abs(t0."likes")
              mysql, mariadb: abs(t0.`likes`)
            Round
              sqlite: round(t0."score", ?)
              postgres: round((t0."score")::numeric, $1::integer)::double precision
              mysql, mariadb: round(t0.`score`, ?)
            Round
              sqlite: round(t0."price", ?)
              postgres: round(t0."price", $1::integer)
              mysql, mariadb: round(t0.`price`, ?)
            Round
              sqlite: CAST(round(t0."likes", ?) AS INTEGER)
              postgres: round((t0."likes")::numeric, $1::integer)::bigint
              mysql, mariadb: round(t0.`likes`, ?)
            Coalesce
              sqlite: coalesce(t0."title", ?, ?)
              postgres: coalesce(t0."title", $1, $2)
              mysql, mariadb: coalesce(t0.`title`, ?, ?)
            NullIf
              sqlite: nullif(t0."title", ?)
              postgres: nullif(t0."title", $1)
              mysql, mariadb: nullif(t0.`title`, ?)
            Substring
              sqlite: substr(t0."title", ?, ?)
              postgres: substr(t0."title", $1::integer, $2::integer)
              mysql, mariadb: substr(t0.`title`, ?, ?)
            Replace
              sqlite: replace(t0."title", ?, ?)
              postgres: replace(t0."title", $1, $2)
              mysql, mariadb: replace(t0.`title`, ?, ?)
            Least
              sqlite: min(t0."likes", ?)
              postgres: CASE WHEN t0."likes" < $1 THEN t0."likes" WHEN $2 <= t0."likes" THEN $3 END
              mysql, mariadb: least(t0.`likes`, ?)
            Greatest
              sqlite: max(t0."likes", ?)
              postgres: CASE WHEN t0."likes" > $1 THEN t0."likes" WHEN $2 >= t0."likes" THEN $3 END
              mysql, mariadb: greatest(t0.`likes`, ?)
            Replace
              all: error: `replace({0}, {1}, {2})` takes more arguments than the 1 given
        "#]],
    );
}

#[test]
fn casts() {
    let types = [
        Type::Bool,
        Type::SmallInt,
        Type::Integer,
        Type::BigInt,
        Type::Real,
        Type::Double,
        Type::Numeric(10, 2),
        Type::Numeric(30, 2),
        Type::Char(3),
        Type::Varchar(3),
        Type::Text,
        Type::Bytes,
        Type::Date,
        Type::Time,
        Type::Timestamp,
        Type::TimestampTz,
        Type::Uuid,
        Type::Json,
        Type::Enum("mood".into()),
    ];
    let names: Vec<_> = types.iter().map(|ty| format!("{ty:?}")).collect();
    let exprs: Vec<_> = names
        .iter()
        .map(String::as_str)
        .zip(types.iter().map(|ty| Expr::Cast(Box::new(binary(col("likes"), Binary::Add, int(1))), ty.clone())))
        .collect();
    check_exprs(
        &exprs,
        &expect![[r#"
            Bool
              sqlite: ((t0."likes" + ?) <> 0)
              postgres: ((t0."likes" + $1) <> 0)
              mysql, mariadb: ((t0.`likes` + ?) <> 0)
            SmallInt
              sqlite: CAST(t0."likes" + ? AS INTEGER)
              postgres: CAST(t0."likes" + $1 AS smallint)
              mysql, mariadb: CAST(t0.`likes` + ? AS SIGNED)
            Integer
              sqlite: CAST(t0."likes" + ? AS INTEGER)
              postgres: CAST(t0."likes" + $1 AS integer)
              mysql, mariadb: CAST(t0.`likes` + ? AS SIGNED)
            BigInt
              sqlite: CAST(t0."likes" + ? AS INTEGER)
              postgres: CAST(t0."likes" + $1 AS bigint)
              mysql, mariadb: CAST(t0.`likes` + ? AS SIGNED)
            Real
              sqlite: CAST(t0."likes" + ? AS REAL)
              postgres: CAST(t0."likes" + $1 AS real)
              mysql, mariadb: ((t0.`likes` + ?) + 0e0)
            Double
              sqlite: CAST(t0."likes" + ? AS REAL)
              postgres: CAST(t0."likes" + $1 AS double precision)
              mysql, mariadb: ((t0.`likes` + ?) + 0e0)
            Numeric(10, 2)
              sqlite: CAST(t0."likes" + ? AS NUMERIC)
              postgres: CAST(t0."likes" + $1 AS numeric(10, 2))
              mysql, mariadb: CAST(t0.`likes` + ? AS DECIMAL(10, 2))
            Numeric(30, 2)
              sqlite: CAST(t0."likes" + ? AS TEXT)
              postgres: CAST(t0."likes" + $1 AS numeric(30, 2))
              mysql, mariadb: CAST(t0.`likes` + ? AS DECIMAL(30, 2))
            Char(3)
              sqlite: CAST(t0."likes" + ? AS TEXT)
              postgres: CAST(t0."likes" + $1 AS text)
              mysql, mariadb: CAST(t0.`likes` + ? AS CHAR)
            Varchar(3)
              sqlite: CAST(t0."likes" + ? AS TEXT)
              postgres: CAST(t0."likes" + $1 AS text)
              mysql, mariadb: CAST(t0.`likes` + ? AS CHAR)
            Text
              sqlite: CAST(t0."likes" + ? AS TEXT)
              postgres: CAST(t0."likes" + $1 AS text)
              mysql, mariadb: CAST(t0.`likes` + ? AS CHAR)
            Bytes
              sqlite: CAST(t0."likes" + ? AS BLOB)
              postgres: CAST(t0."likes" + $1 AS bytea)
              mysql, mariadb: CAST(t0.`likes` + ? AS BINARY)
            Date
              sqlite: strftime('%Y-%m-%d', t0."likes" + ?)
              postgres: CAST(t0."likes" + $1 AS date)
              mysql, mariadb: CAST(t0.`likes` + ? AS DATE)
            Time
              sqlite: strftime('%H:%M:%f000', t0."likes" + ?)
              postgres: CAST(t0."likes" + $1 AS time)
              mysql, mariadb: CAST(t0.`likes` + ? AS TIME(6))
            Timestamp
              sqlite: strftime('%Y-%m-%d %H:%M:%f000', t0."likes" + ?)
              postgres: CAST(t0."likes" + $1 AS timestamp)
              mysql, mariadb: CAST(t0.`likes` + ? AS DATETIME(6))
            TimestampTz
              sqlite: strftime('%Y-%m-%d %H:%M:%f000', t0."likes" + ?)
              postgres: CAST(t0."likes" + $1 AS timestamptz)
              mysql, mariadb: CAST(t0.`likes` + ? AS DATETIME(6))
            Uuid
              sqlite: CAST(t0."likes" + ? AS TEXT)
              postgres: CAST(t0."likes" + $1 AS uuid)
              mysql: CAST(t0.`likes` + ? AS CHAR)
              mariadb: CAST(t0.`likes` + ? AS UUID)
            Json
              sqlite: CAST(t0."likes" + ? AS TEXT)
              postgres: CAST(t0."likes" + $1 AS jsonb)
              mysql: CAST(t0.`likes` + ? AS JSON)
              mariadb: CAST(t0.`likes` + ? AS CHAR)
            Enum("mood")
              sqlite: CAST(t0."likes" + ? AS TEXT)
              postgres: CAST(t0."likes" + $1 AS "mood")
              mysql, mariadb: CAST(t0.`likes` + ? AS CHAR)
        "#]],
    );
}
