use expect_test::{Expect, expect};

use super::{At, Call, Expr, Form, Name, Ty, means};
use crate::syntax::text::same;
use crate::value::random::Random;

mod corpus;
mod random;

/// What texts become when they are read and printed.
fn check(texts: &[&str], expected: &Expect) {
    let printed = |text: &&str| match Expr::parse(text) {
        Ok(expr) => format!("{}\n", expr.print()),
        Err(fault) => {
            let carets = "^".repeat(fault.span.of(text).chars().count().max(1));
            format!("{text}\n{}{carets} {}\n", " ".repeat(text[..fault.span.start].chars().count()), fault.what)
        }
    };
    expected.assert_eq(&texts.iter().map(printed).collect::<String>());
}

#[test]
fn operators_bind_as_they_do_in_the_portable_text() {
    check(
        &[
            "a+b*c-d/e%f",
            "(a+b)*c-(d-e)",
            "a OR b AND NOT c = d",
            "(a OR b) AND NOT (c = d OR e)",
            "not (not a)",
            "a AND (b AND (c AND d)) OR (e OR f)",
            "- - a ^ -b ^ c",
            "-(a ^ b) + - 1",
            "a || b + c || d",
            "~a | b & ~ c",
            "@ a + b",
            "a->'b'->>'c' = 'd'",
            "a = b IS NULL",
            "a = (b IS NOT NULL)",
            "a IS TRUE AND b IS NOT UNKNOWN AND c ISNULL OR d NOTNULL",
            "a IS DISTINCT FROM b + 1",
            "a IS NOT DISTINCT FROM (b = 1)",
            "a != b",
            "a == b + 1 AND c",
            "a<-1",
            "(a < b) < c",
            "a NOT BETWEEN 1 AND 2 AND b BETWEEN SYMMETRIC c + 1 AND d",
            "NOT a LIKE 'x!%' ESCAPE '!' AND b NOT ILIKE c || '%' AND d SIMILAR TO 'e'",
            "a COLLATE \"C\" || b AT TIME ZONE 'utc' AT TIME ZONE z",
            "a::int::text[] || b[1]::numeric(12,2) || c[1:2][:3][4:]",
        ],
        &expect![[r#"
            a + b * c - d / e % f
            (a + b) * c - (d - e)
            a OR b AND NOT c = d
            (a OR b) AND NOT (c = d OR e)
            NOT NOT a
            a AND b AND c AND d OR e OR f
            - -a ^ -b ^ c
            -(a ^ b) + -1
            a || b + c || d
            ~ a | b & (~ c)
            @ a + b
            a -> 'b' ->> 'c' = 'd'
            a = b IS NULL
            a = (b IS NOT NULL)
            a IS TRUE AND b IS NOT UNKNOWN AND c IS NULL OR d IS NOT NULL
            a IS DISTINCT FROM b + 1
            a IS NOT DISTINCT FROM b = 1
            a <> b
            a = b + 1 AND c
            a < -1
            (a < b) < c
            a NOT BETWEEN 1 AND 2 AND b BETWEEN SYMMETRIC c + 1 AND d
            NOT a LIKE 'x!%' ESCAPE '!' AND b NOT ILIKE c || '%' AND d SIMILAR TO 'e'
            a COLLATE "C" || b AT TIME ZONE 'utc' AT TIME ZONE z
            CAST(CAST(a AS INTEGER) AS TEXT[]) || CAST(b[1] AS NUMERIC(12, 2)) || c[1:2][:3][4:]
        "#]],
    );
}

#[test]
fn operands_of_all_kinds() {
    check(
        &[
            "NULL = true or FALSE",
            "'it''s' || E'a\\'b\\n\\x41\\u00fc' || $x$a 'b' $x$ || N'n'",
            "'a'\n 'b'",
            "1 + 1.50 + .5 + 1E3 + 0xFF + 1_000",
            "X'00ff' = B'101'",
            "Users.Name = public.\"Order\".\"a\"\"b\" || \"plain\" || value || größe",
            "current_date > Current_Timestamp(3) or user = session_user",
            "case when a then b when c then d end",
            "CASE a + 1 WHEN 1 THEN 'x' ELSE 'y' END",
            "Lower(a) || pg_catalog.upper(b) || \"Own\"(c) || f() || coalesce(a, b, 'c')",
            "count(*) + count(DISTINCT a, b) + make_interval(days => 10)",
            "EXTRACT(year FROM ts) + extract('epoch' from ts) + date_part('year', ts)",
            "trim(a) || TRIM(FROM a) || TRIM(both 'x' from a) || trim(leading from b) || trim(trailing 'x' FROM b) || trim(a, b)",
            "SUBSTRING(a FROM 2 FOR 3) || substring(a for 3) || substring(a, 2) || substr(a, 2, 3) || substring(a from 'x.y')",
            "position('a' IN b) + strpos(b, 'a') + \"position\"(b, 'a')",
            "overlay(a PLACING b FROM 1 FOR 2) || overlay(a placing b from 1)",
            "ARRAY[1, 2] || ARRAY[[1, 2], [3, 4]] || array[]::int4[]",
            "(a, b) = (1, 2) AND ROW(a) < ROW(b) AND (a, b) IN ((1, 2), (3, 4)) AND a in (1)",
            "a = ANY (ARRAY[1, 2]) OR a <> all(b) OR a LIKE SOME (c) OR a NOT LIKE ANY (d) OR a = ANY (SELECT 1)",
            "a IN (select  b from\n c where (d) = e) AND EXISTS (SELECT 1) AND ARRAY(SELECT 1) = b AND (SELECT 2) > 1",
            "CAST(a AS character varying(20)) || a::timestamp (3) with time zone || a::double precision || a::varchar(5)[]",
            "date '2020-01-01' < TIMESTAMP WITH TIME ZONE '2020-01-01' OR time < '10:00' OR interval '1 day' > i OR date(a) > b",
            "'a'::mood || 'a'::public.\"Mood\" || 'a'::pg_catalog.int4 || a::\"char\" || mood 'b' || char 'c' || char(65)",
        ],
        &expect![[r#"
            NULL = TRUE OR FALSE
            'it''s' || 'a''b
            Aü' || 'a ''b'' ' || 'n'
            'ab'
            1 + 1.50 + .5 + 1e3 + 0xff + 1_000
            X'00ff' = B'101'
            users.name = public."Order"."a""b" || plain || "value" || "größe"
            CURRENT_DATE > CURRENT_TIMESTAMP(3) OR USER = SESSION_USER
            CASE WHEN a THEN b WHEN c THEN d END
            CASE a + 1 WHEN 1 THEN 'x' ELSE 'y' END
            lower(a) || pg_catalog.upper(b) || "Own"(c) || f() || coalesce(a, b, 'c')
            count(*) + count(DISTINCT a, b) + make_interval(days => 10)
            EXTRACT(year FROM ts) + EXTRACT(epoch FROM ts) + date_part('year', ts)
            trim(a) || TRIM(BOTH FROM a) || TRIM(BOTH 'x' FROM a) || TRIM(LEADING FROM b) || TRIM(TRAILING 'x' FROM b) || trim(a, b)
            SUBSTRING(a FROM 2 FOR 3) || SUBSTRING(a FROM 1 FOR 3) || substring(a, 2) || substr(a, 2, 3) || SUBSTRING(a FROM 'x.y')
            POSITION('a' IN b) + strpos(b, 'a') + "position"(b, 'a')
            OVERLAY(a PLACING b FROM 1 FOR 2) || OVERLAY(a PLACING b FROM 1)
            ARRAY[1, 2] || ARRAY[ARRAY[1, 2], ARRAY[3, 4]] || CAST(ARRAY[] AS INTEGER[])
            (a, b) = (1, 2) AND ROW(a) < ROW(b) AND (a, b) IN ((1, 2), (3, 4)) AND a IN (1)
            a = ANY (ARRAY[1, 2]) OR a <> ALL (b) OR a LIKE ANY (c) OR a NOT LIKE ANY (d) OR a = ANY (SELECT 1)
            a IN (select b from c where (d) = e) AND EXISTS (SELECT 1) AND ARRAY (SELECT 1) = b AND (SELECT 2) > 1
            CAST(a AS VARCHAR(20)) || CAST(a AS TIMESTAMPTZ(3)) || CAST(a AS DOUBLE PRECISION) || CAST(a AS VARCHAR(5)[])
            CAST('2020-01-01' AS DATE) < CAST('2020-01-01' AS TIMESTAMPTZ) OR "time" < '10:00' OR CAST('1 day' AS INTERVAL) > i OR date(a) > b
            CAST('a' AS mood) || CAST('a' AS public."Mood") || CAST('a' AS INTEGER) || CAST(a AS pg_catalog."char") || CAST('b' AS mood) || CAST('c' AS CHAR) || char(65)
        "#]],
    );
}

#[test]
fn faults_name_the_word_and_what_is_expected() {
    check(
        &[
            "",
            "a >",
            "a > )",
            "a > 0)",
            "(a > 0",
            "a b",
            "a AND OR b",
            "a < b < c",
            "a = = b",
            "&& b",
            "a IS 1",
            "a IN 1",
            "a IN ()",
            "a BETWEEN 1 OR 2",
            "CASE a END",
            "CASE WHEN a THEN b",
            "CAST(a, int)",
            "CAST(a AS 'x')",
            "a::varchar(x)",
            "a::double",
            "a::time varying",
            "f(a b)",
            "f(a,)",
            "a = 'x",
            "a AT b",
            "a[]",
            "a[1",
            "1st > 0",
            "U&'x' = a",
            "E'\\101' = a",
            "a NOT b",
            "order by",
            "a = select",
            "EXISTS (a)",
            "(SELECT 1",
            "TRIM(BOTH a b)",
            "substring(a)",
            "a COLLATE 'x'",
            "größe ; b",
        ],
        &expect![[r#"

            ^ an operand is expected, found the end
            a >
               ^ an operand is expected, found the end
            a > )
                ^ an operand is expected, found `)`
            a > 0)
                 ^ an operator or the end is expected, found `)`
            (a > 0
                  ^ `,` or `)` is expected, found the end
            a b
              ^ an operator or the end is expected, found `b`
            a AND OR b
                  ^^ an operand is expected, found `OR`
            a < b < c
                  ^ `<` cannot follow a comparison; put one of them in brackets
            a = = b
                ^ an operand is expected, found `=`
            && b
            ^^ an operand is expected, found `&&`
            a IS 1
                 ^ `NULL`, `TRUE`, `FALSE`, `UNKNOWN` or `DISTINCT FROM` is expected, found `1`
            a IN 1
                 ^ `(` is expected, found `1`
            a IN ()
                  ^ an operand is expected, found `)`
            a BETWEEN 1 OR 2
                        ^^ `AND` is expected, found `OR`
            CASE a END
                   ^^^ `WHEN` is expected, found `END`
            CASE WHEN a THEN b
                              ^ `WHEN`, `ELSE` or `END` is expected, found the end
            CAST(a, int)
                  ^ `AS` is expected, found `,`
            CAST(a AS 'x')
                      ^^^ a type is expected, found `'x'`
            a::varchar(x)
                       ^ a number is expected, found `x`
            CAST(a AS "double")
            a::time varying
               ^^^^^^^^^^^^ there is no type `time varying`
            f(a b)
                ^ `,` or `)` is expected, found `b`
            f(a,)
                ^ an operand is expected, found `)`
            a = 'x
                ^^ an operand is expected, found something that is not closed
            a AT b
                 ^ `TIME ZONE` is expected, found `b`
            a[]
              ^ an operand is expected, found `]`
            a[1
               ^ `]` is expected, found the end
            1st > 0
            ^ `1` is no number with `st` right behind it
            U&'x' = a
            ^ `U&` is not portable; write the characters themselves
            E'\101' = a
            ^^^^^^^ a backslash stands before no character; write the character itself
            a NOT b
              ^^^ an operator or the end is expected, found `NOT`
            order by
            ^^^^^ an operand is expected, found `order`
            a = select
                ^^^^^^ an operand is expected, found `select`
            EXISTS (a)
                    ^ `SELECT` is expected, found `a`
            (SELECT 1
                     ^ `)` is expected, found the end
            TRIM(BOTH a b)
                        ^ `)` is expected, found `b`
            substring(a)
                       ^ `FROM` is expected, found `)`
            a COLLATE 'x'
                      ^^^ a collation is expected, found `'x'`
            größe ; b
                  ^ an operator or the end is expected, found `;`
        "#]],
    );
}

#[test]
fn nesting_ends_before_the_stack_does() {
    let nested = [
        ("(".repeat(40_000), "a".to_owned(), ")".repeat(40_000)),
        ("NOT ".repeat(40_000), "a".to_owned(), String::new()),
        ("- ".repeat(40_000), "a".to_owned(), String::new()),
        ("f(".repeat(40_000), "a".to_owned(), ")".repeat(40_000)),
        ("CASE WHEN ".repeat(40_000), "a".to_owned(), String::new()),
        (format!("ARRAY{}", "[".repeat(40_000)), String::new(), "]".repeat(40_000)),
        (String::new(), "a".to_owned(), " + a".repeat(40_000)),
        (String::new(), "a".to_owned(), "::int".repeat(40_000)),
        (String::new(), "a".to_owned(), " IS NULL".repeat(40_000)),
        ("(".repeat(90), "a".to_owned(), " || a || a)".repeat(90)),
    ];
    for (before, of, behind) in nested {
        let fault = Expr::parse(&format!("{before}{of}{behind}")).expect_err(&before[..before.len().min(9)]);
        assert_eq!(fault.what, "this is nested more than 100 deep");
    }
    // What is long is not deep.
    let long = format!("a IN (0{})", ", 1".repeat(40_000)) + &" AND a > 0".repeat(40_000);
    assert_eq!(Expr::parse(&long).unwrap().print(), long);
    assert!(Expr::parse(&format!("{}a{}", "(".repeat(90), ")".repeat(90))).is_ok());
}

#[test]
fn names_are_columns_with_their_places() {
    let text = "EXTRACT(year FROM t.ts) > f.max(\"Größe\", 'x', x::y COLLATE z) AND a IN (SELECT b) AND current_date > date '1'";
    let names = Expr::parse(text).unwrap();
    let names: Vec<_> = names.names().into_iter().map(|name| (name.text.as_str(), name.span.of(text))).collect();
    assert_eq!(names, [("ts", "ts"), ("Größe", "\"Größe\""), ("x", "x"), ("a", "a")]);
}

#[test]
fn reading_and_printing_are_inverse_on_random_trees() {
    let mut random = Random::new(11);
    for _ in 0..Random::cases(3_000) {
        let expr = random.expr(5);
        let text = expr.print();
        let read =
            Expr::parse(&text).unwrap_or_else(|fault| panic!("{} at {:?}\n{text}\n{expr:?}", fault.what, fault.span));
        assert_eq!(read, expr, "{text}");
        assert_eq!(read.print(), text);
        let normal = read.normal();
        assert_eq!(normal.clone().normal(), normal, "{text}\n{}", normal.print());
        assert_eq!(Expr::parse(&normal.print()).unwrap().normal(), normal, "{text}\n{}", normal.print());
    }
}

#[test]
fn every_text_is_an_expression_or_a_fault_within_it() {
    let pieces = [
        "a", "1", "'x'", "(", ")", "[", "]", ",", ".", "AND", "NOT", "IN", "IS", "NULL", "CASE", "WHEN", "THEN", "END",
        "=", "-", "*", "::", "int", "BETWEEN", "ANY", "SELECT", "TRIM", "EXTRACT", "FROM", "'", "\"", "\"b\"", "=>",
        "ü", "--\n", "CAST", "AS", "ARRAY", "date", "LIKE", "ESCAPE", "~~", "COLLATE", "E'\\", "$$",
    ];
    let mut random = Random::new(12);
    for _ in 0..Random::cases(3_000) {
        let count = random.between(0, 12);
        let pick = |random: &mut Random| pieces[usize::try_from(random.between(0, 44)).unwrap()];
        let text: Vec<_> = (0..count).map(|_| pick(&mut random)).collect();
        let text = text.join(["", " "][usize::try_from(random.between(0, 1)).unwrap()]);
        match Expr::parse(&text) {
            Ok(expr) => {
                let printed = expr.print();
                assert_eq!(Expr::parse(&printed).as_ref(), Ok(&expr), "{text}\n{printed}");
            }
            Err(fault) => assert!(text.get(fault.span.start..fault.span.end).is_some(), "{text}"),
        }
    }
}

/// A server reads text in its own way, and what it says of it has to be known again without asking it.
#[test]
fn what_a_server_says_is_known_again() {
    for (written, stored) in corpus::CHECKS {
        assert!(means(written, stored), "{written}\n{stored}\n{}\n{}", shown(written), shown(stored));
        let twice = Expr::parse(written).unwrap().print();
        assert_eq!(Expr::parse(&twice).unwrap().print(), twice);
        let said = Expr::parse(stored).unwrap().print();
        assert!(means(&twice, &said), "{twice}\n{said}");
    }
    // Each is like no other.
    for (at, (written, _)) in corpus::CHECKS.iter().enumerate() {
        for (other, (_, stored)) in corpus::CHECKS.iter().enumerate().filter(|(other, _)| *other != at) {
            assert!(same(written, corpus::CHECKS[other].0) || !means(written, stored), "{written}\n{stored}");
        }
    }
}

#[test]
fn casts_that_are_meant_count() {
    for (one, other) in [
        ("i / 2 > 1", "i::numeric / 2 > 1"),
        ("i / CAST(2 AS NUMERIC) > 1", "i / 2 > 1"),
        ("i % '2'::numeric > 1", "i % 2 > 1"),
        ("i / 1e1 > 1", "i / 10 > 1"),
        ("i / 2. > 1", "i / 2 > 1"),
        ("(i + 2.) / 2 > 1", "(i + 2) / 2 > 1"),
        ("i / CAST(2 AS REAL) > 1", "i / 2 > 1"),
        ("i > CAST(1.5 AS INTEGER)", "i > 1.5"),
        ("i > '-1.5'::smallint", "i > -1.5"),
        ("n > CAST(1.55 AS NUMERIC(4, 1))", "n > 1.55"),
        ("t > CAST('abc' AS VARCHAR(2))", "t > 'abc'"),
        ("t > CAST('abc' AS CHAR)", "t > 'abc'"),
        ("i::integer > 1", "i::bigint > 1"),
        ("'a'::text = t COLLATE \"C\"", "t = 'a'"),
        ("a > 1 AND b", "b AND a > 1"),
        ("n = 1.50", "n = 1.5"),
        ("t = 'A'", "t = 'a'"),
        ("\"A\" > 0", "a > 0"),
        ("a IN (1, 2)", "a IN (2, 1)"),
        ("a - (b - c) > 0", "a - b - c > 0"),
    ] {
        assert!(!same(one, other), "{one}\n{other}");
    }
}

#[test]
fn spellings_of_one_meaning() {
    for (one, other) in [
        ("a>0", "((a) > (0))"),
        ("A > 0 and B", "a > 0 AND b"),
        ("a >= 1 AND a <= 2", "a BETWEEN 1 AND 2"),
        ("a < 1 OR a > 2", "a NOT BETWEEN 1 AND 2"),
        ("NOT a IN (1, 2)", "a <> ALL (ARRAY[1, 2])"),
        ("NOT (NOT a)", "a"),
        ("a IS NOT DISTINCT FROM b", "NOT (a IS DISTINCT FROM b)"),
        ("date '2020-01-01' < d", "'2020-01-01'::date < d"),
        ("CASE WHEN a THEN b ELSE NULL END", "CASE WHEN a THEN b END"),
        ("a LIKE 'b' ESCAPE '\\'", "a ~~ 'b'"),
        ("1e3 + 0.5e-1 + .5 + 0x10 + 1_000", "1000 + 0.05 + 0.5 + 16 + 1000"),
        ("-1", "'-1'::integer"),
        ("a / 2.5 + b / 4", "a / CAST(2.5 AS NUMERIC) + b / CAST('4' AS BIGINT)"),
        ("a / 10. > 1", "a / '10'::numeric > 1"),
        ("a > 2.", "a > 2"),
        ("a > CAST(1.5 AS NUMERIC(4, 1)) AND t > CAST('ab' AS VARCHAR(2))", "a > 1.5 AND t > 'ab'"),
        ("'t'::boolean", "TRUE"),
        ("TRIM(a)", "btrim(a, ' ')"),
        ("trim(leading 'x' from a)", "ltrim(a, 'x')"),
        ("CHARACTER_LENGTH(a)", "length(a)"),
        ("EXTRACT(year FROM a)", "date_part('year', a)"),
        ("position('a' IN b)", "strpos(b, 'a')"),
        ("substr(a, 1, 2)", "SUBSTRING(a FROM 1 FOR 2)"),
        ("CURRENT_TIMESTAMP", "pg_catalog.now()"),
        ("timezone('utc', a)", "a AT TIME ZONE 'utc'"),
        ("a::int4", "CAST(a AS integer)"),
        ("E'a\\'b'", "'a''b'"),
        ("(a, b) <> (1, 2)", "a <> 1 OR b <> 2"),
        ("+a", "a"),
    ] {
        assert!(same(one, other), "{one}\n{other}\n{}\n{}", shown(one), shown(other));
    }
}

fn shown(text: &str) -> String {
    Expr::parse(text).unwrap().normal().print()
}

#[test]
fn a_type_in_quotes_may_hold_blanks() {
    let text = "CAST(CAST(a AS TEXT) AS \"a b\")";
    assert_eq!(Expr::parse(text).unwrap().print(), text);
}
