use expect_test::{Expect, expect};

use crate::Type;
use crate::dialect::{MARIADB, MYSQL, POSTGRES, SQLITE};
use crate::schema::{Column, Identity, Schema, Table};
use crate::syntax::{Flavour, Kind, lex};
use crate::value::random::Random;

fn schema() -> Schema {
    let table = |name: &str, columns: &[(&str, Type)]| {
        let column = |(name, ty): &(&str, Type)| Column::new(*name, ty.clone());
        let mut columns: Vec<Column> = columns.iter().map(column).collect();
        columns[0].identity = Some(Identity::default());
        Table { name: name.into(), columns, ..Table::default() }
    };
    let shops = [
        ("id", Type::BigInt),
        ("name", Type::Varchar(80)),
        ("Order", Type::Text),
        ("size", Type::Integer),
        ("price", Type::Numeric(10, 2)),
        ("total", Type::Numeric(20, 4)),
        ("rate", Type::Double),
        ("is_open", Type::Bool),
        ("day", Type::Date),
        ("at", Type::Time),
        ("made", Type::Timestamp),
        ("seen", Type::TimestampTz),
        ("code", Type::Uuid),
        ("seal", Type::Bytes),
        ("facts", Type::Json),
        ("mood", Type::Enum("mood".into())),
    ];
    let goods =
        [("id", Type::BigInt), ("shop_id", Type::BigInt), ("label", Type::Text), ("worth", Type::Numeric(10, 2))];
    let mut schema = Schema::default();
    for table in [table("shops", &shops), table("goods", &goods), table("groups", &[("rank", Type::Integer)])] {
        schema.tables.insert(table.name.clone(), table);
    }
    schema.enums.insert("mood".into(), vec!["sad".into(), "ok".into()]);
    schema
}

/// What each engine runs; `as written` where it is the same.
fn check(texts: &[&str], expected: &Expect) {
    let schema = schema();
    let mut shown = String::new();
    for text in texts {
        shown.push_str(&format!("{text}\n"));
        let mut last = String::new();
        for dialect in [&POSTGRES, &SQLITE, &MYSQL, &MARIADB] {
            let said = match dialect.data(text, &schema) {
                Ok(said) if said == *text => "as written".to_owned(),
                Ok(said) => said.into_owned(),
                Err(misfits) => {
                    let told = misfits.iter().map(|one| format!("^{}^ {}", one.span.of(text), one.what));
                    told.collect::<Vec<_>>().join("; ")
                }
            };
            let same = said.replace("mariadb has", "mysql has") == last;
            if dialect.name != "mariadb" || !same {
                shown.push_str(&format!("    {:8} {said}\n", dialect.name));
            }
            last = said;
        }
    }
    expected.assert_eq(&shown);
}

#[test]
fn values_take_the_form_of_their_column() {
    check(
        &[
            "UPDATE shops SET seen = now(), made = CURRENT_TIMESTAMP, day = CURRENT_DATE, code = gen_random_uuid()",
            "UPDATE shops SET seen = '2024-02-29 12:30:00+02', made = TIMESTAMP '2024-02-29', day = DATE '2024-02-29', at = '12:30'",
            "UPDATE shops SET day = seen, at = made, seen = day, made = seen WHERE seen < now()",
            "UPDATE shops SET code = '67E5504410B1426F9247BB680E5FE0C8', seal = '\\x00ff', facts = '{\"a\": 1}'::jsonb, mood = 'ok'::mood",
            "UPDATE shops SET is_open = TRUE, size = 1.5, price = 1.505, total = 1.5",
            "UPDATE shops SET price = price * 1.1, total = -2 WHERE total = -1.5",
            "UPDATE shops SET is_open = 't', total = price, size = rate",
            "UPDATE shops SET price = size, total = size, rate = total",
            "UPDATE shops SET total = CASE WHEN size > 1 THEN 5 WHEN total > -1.5 THEN total ELSE NULL END, price = coalesce(price, 0)",
            "UPDATE shops SET total = CAST(size AS NUMERIC(20, 4)), size = CAST(total AS INTEGER), name = size::text",
            "UPDATE shops SET price = (SELECT sum(worth) FROM goods WHERE shop_id = shops.id), size = (SELECT count(*) FROM goods)",
            "INSERT INTO shops (id, seen, code, total) VALUES (11, now(), '67E5504410B1426F9247BB680E5FE0C8', 2), (12, '2024-02-29', NULL, 0.5)",
            "INSERT INTO shops (seen, total) SELECT day, price FROM shops UNION ALL SELECT '2024-02-29', 1",
            "INSERT INTO groups VALUES (1.5)",
            "WITH old AS (SELECT id, now() AS at FROM shops) INSERT INTO goods (label) SELECT at FROM old",
        ],
        &expect![[r#"
            UPDATE shops SET seen = now(), made = CURRENT_TIMESTAMP, day = CURRENT_DATE, code = gen_random_uuid()
                postgres as written
                sqlite   UPDATE shops SET seen = strftime('%Y-%m-%d %H:%M:%f000', 'now'), made = strftime('%Y-%m-%d %H:%M:%f000', 'now'), day = CURRENT_DATE, code = lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (random() & 3), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))
                mysql    UPDATE shops SET seen = utc_timestamp(6), made = utc_timestamp(6), day = CURRENT_DATE, code = uuid()
            UPDATE shops SET seen = '2024-02-29 12:30:00+02', made = TIMESTAMP '2024-02-29', day = DATE '2024-02-29', at = '12:30'
                postgres as written
                sqlite   UPDATE shops SET seen = '2024-02-29 10:30:00.000000', made = '2024-02-29 00:00:00.000000', day =  '2024-02-29', at = '12:30:00.000000'
                mysql    UPDATE shops SET seen = '2024-02-29 10:30:00.000000', made = '2024-02-29 00:00:00.000000', day =  '2024-02-29', at = '12:30:00.000000'
            UPDATE shops SET day = seen, at = made, seen = day, made = seen WHERE seen < now()
                postgres as written
                sqlite   UPDATE shops SET day = substr(seen, 1, 10), at = substr(made, 12), seen = (day || ' 00:00:00.000000'), made = seen WHERE seen < strftime('%Y-%m-%d %H:%M:%f000', 'now')
                mysql    ^day^ mysql has no old value of `day` here: this SET has changed it already; ^seen^ mysql has no old value of `seen` here: this SET has changed it already
            UPDATE shops SET code = '67E5504410B1426F9247BB680E5FE0C8', seal = '\x00ff', facts = '{"a": 1}'::jsonb, mood = 'ok'::mood
                postgres as written
                sqlite   UPDATE shops SET code = '67e55044-10b1-426f-9247-bb680e5fe0c8', seal = X'00ff', facts = '{"a": 1}', mood = 'ok'
                mysql    UPDATE shops SET code = '67e55044-10b1-426f-9247-bb680e5fe0c8', seal = X'00ff', facts = '{"a": 1}', mood = 'ok'
            UPDATE shops SET is_open = TRUE, size = 1.5, price = 1.505, total = 1.5
                postgres as written
                sqlite   UPDATE shops SET is_open = TRUE, size = CAST(round(1.5) AS INTEGER), price = round(1.505, 2), total = '1.5000'
                mysql    as written
            UPDATE shops SET price = price * 1.1, total = -2 WHERE total = -1.5
                postgres as written
                sqlite   UPDATE shops SET price = round(price * 1.1, 2), total = '-2.0000' WHERE total = '-1.5000'
                mysql    as written
            UPDATE shops SET is_open = 't', total = price, size = rate
                postgres as written
                sqlite   UPDATE shops SET is_open = TRUE, total = CASE WHEN price IS NOT NULL THEN printf('%.4f', price) END, size = CAST(round(rate) AS INTEGER)
                mysql    UPDATE shops SET is_open = TRUE, total = price, size = rate
            UPDATE shops SET price = size, total = size, rate = total
                postgres as written
                sqlite   UPDATE shops SET price = size, total = CAST(size AS TEXT) || '.0000', rate = total
                mysql    ^total^ mysql has no old value of `total` here: this SET has changed it already
            UPDATE shops SET total = CASE WHEN size > 1 THEN 5 WHEN total > -1.5 THEN total ELSE NULL END, price = coalesce(price, 0)
                postgres as written
                sqlite   UPDATE shops SET total = CASE WHEN size > 1 THEN '5.0000' WHEN CAST(total AS NUMERIC) > -1.5 THEN total ELSE NULL END, price = coalesce(price, 0)
                mysql    as written
            UPDATE shops SET total = CAST(size AS NUMERIC(20, 4)), size = CAST(total AS INTEGER), name = size::text
                postgres as written
                sqlite   UPDATE shops SET total = CAST(size AS TEXT) || '.0000', size = CAST(round(total) AS INTEGER), name = CAST(size AS TEXT)
                mysql    ^total^ mysql has no old value of `total` here: this SET has changed it already; ^size^ mysql has no old value of `size` here: this SET has changed it already
            UPDATE shops SET price = (SELECT sum(worth) FROM goods WHERE shop_id = shops.id), size = (SELECT count(*) FROM goods)
                postgres as written
                sqlite   UPDATE shops SET price = (SELECT round(sum(worth), 2) FROM goods WHERE shop_id = shops.id), size = (SELECT count(*) FROM goods)
                mysql    as written
            INSERT INTO shops (id, seen, code, total) VALUES (11, now(), '67E5504410B1426F9247BB680E5FE0C8', 2), (12, '2024-02-29', NULL, 0.5)
                postgres as written
                sqlite   INSERT INTO shops (id, seen, code, total) VALUES (11, strftime('%Y-%m-%d %H:%M:%f000', 'now'), '67e55044-10b1-426f-9247-bb680e5fe0c8', '2.0000'), (12, '2024-02-29 00:00:00.000000', NULL, '0.5000')
                mysql    INSERT INTO shops (id, seen, code, total) VALUES (11, utc_timestamp(6), '67e55044-10b1-426f-9247-bb680e5fe0c8', 2), (12, '2024-02-29 00:00:00.000000', NULL, 0.5)
            INSERT INTO shops (seen, total) SELECT day, price FROM shops UNION ALL SELECT '2024-02-29', 1
                postgres as written
                sqlite   INSERT INTO shops (seen, total) SELECT (day || ' 00:00:00.000000'), CASE WHEN price IS NOT NULL THEN printf('%.4f', price) END FROM shops UNION ALL SELECT '2024-02-29 00:00:00.000000', '1.0000'
                mysql    INSERT INTO shops (seen, total) SELECT day, price FROM shops UNION ALL SELECT '2024-02-29 00:00:00.000000', 1
            INSERT INTO groups VALUES (1.5)
                postgres as written
                sqlite   INSERT INTO "groups" VALUES (CAST(round(1.5) AS INTEGER))
                mysql    INSERT INTO `groups` VALUES (1.5)
            WITH old AS (SELECT id, now() AS at FROM shops) INSERT INTO goods (label) SELECT at FROM old
                postgres as written
                sqlite   WITH old AS (SELECT id, strftime('%Y-%m-%d %H:%M:%f000', 'now') AS at FROM shops) INSERT INTO goods (label) SELECT at FROM old
                mysql    ^WITH^ mysql has no WITH before INSERT
        "#]],
    );
}

#[test]
fn expressions_and_names_are_said() {
    check(
        &[
            "UPDATE shops SET name = name || '-' || \"Order\" WHERE length(name) > 3 AND size IS DISTINCT FROM 5",
            "update Shops set NAME = 'C:\\temp' where name != E'it''s\\n' and facts is not null",
            "UPDATE groups SET rank = rank + 1 WHERE rank IN (SELECT size / 2 FROM shops WHERE name LIKE 'A%')",
            "UPDATE shops AS P SET name = upper(P.name) WHERE EXISTS (SELECT 1 FROM goods g WHERE g.shop_id = P.id AND g.label ~~ 'x')",
            "DELETE FROM goods AS g WHERE g.shop_id NOT IN (SELECT id FROM shops)",
            "DELETE FROM goods WHERE id = ANY (SELECT max(id) FROM goods GROUP BY shop_id)",
            "INSERT INTO goods (label, shop_id) SELECT s.name AS label, s.id FROM shops s LEFT JOIN goods AS \"Old\" ON \"Old\".shop_id = s.id WHERE \"Old\".id IS NULL ORDER BY s.id DESC",
            "UPDATE shops SET size = size::bigint + extract(year FROM seen)",
            "UPDATE goods SET label = 'a' -- first\n  || /* then */ 'b' /* last */ WHERE worth > 1",
            "UPDATE goods SET label = 'a' /* x /* y */ */, worth = 1 --tight\n WHERE id = 1 /*! AND 1 */",
            "TRUNCATE TABLE goods CONTINUE IDENTITY",
            "INSERT INTO goods DEFAULT VALUES",
            "INSERT INTO goods (id, label) OVERRIDING SYSTEM VALUE VALUES (5, 'x')",
            "UPDATE shops SET name = $$it's$$ WHERE seen BETWEEN '2024-01-01' AND now()",
        ],
        &expect![[r#"
            UPDATE shops SET name = name || '-' || "Order" WHERE length(name) > 3 AND size IS DISTINCT FROM 5
                postgres as written
                sqlite   UPDATE shops SET name = name || '-' || "Order" WHERE length(name) > 3 AND (size IS NOT 5)
                mysql    UPDATE shops SET name = concat(concat(name, '-'), `Order`) WHERE char_length(name) > 3 AND (NOT (size <=> 5))
            update Shops set NAME = 'C:\temp' where name != E'it''s\n' and facts is not null
                postgres as written
                sqlite   update shops set name = 'C:\temp' where name != 'it''s
            ' and facts is not null
                mysql    update shops set name = _utf8mb4 X'433a5c74656d70' where name != 'it''s
            ' and facts is not null
            UPDATE groups SET rank = rank + 1 WHERE rank IN (SELECT size / 2 FROM shops WHERE name LIKE 'A%')
                postgres as written
                sqlite   UPDATE "groups" SET "rank" = "rank" + 1 WHERE "rank" IN (SELECT size / 2 FROM shops WHERE name GLOB 'A*')
                mysql    UPDATE `groups` SET `rank` = `rank` + 1 WHERE `rank` IN (SELECT size DIV 2 FROM shops WHERE name LIKE 'A%')
            UPDATE shops AS P SET name = upper(P.name) WHERE EXISTS (SELECT 1 FROM goods g WHERE g.shop_id = P.id AND g.label ~~ 'x')
                postgres as written
                sqlite   ^~~^ sqlite has no operator `~~`
                mysql    ^~~^ mysql has no operator `~~`
            DELETE FROM goods AS g WHERE g.shop_id NOT IN (SELECT id FROM shops)
                postgres as written
                sqlite   as written
                mysql    DELETE g FROM goods AS g WHERE g.shop_id NOT IN (SELECT id FROM shops)
            DELETE FROM goods WHERE id = ANY (SELECT max(id) FROM goods GROUP BY shop_id)
                postgres as written
                sqlite   DELETE FROM goods WHERE id IN (SELECT max(id) FROM goods GROUP BY shop_id)
                mysql    ^goods^ mysql has no subselect from `goods` in a statement that changes it
                mariadb  DELETE FROM goods WHERE id IN (SELECT max(id) FROM goods GROUP BY shop_id)
            INSERT INTO goods (label, shop_id) SELECT s.name AS label, s.id FROM shops s LEFT JOIN goods AS "Old" ON "Old".shop_id = s.id WHERE "Old".id IS NULL ORDER BY s.id DESC
                postgres as written
                sqlite   as written
                mysql    INSERT INTO goods (label, shop_id) SELECT s.name AS label, s.id FROM shops s LEFT JOIN goods AS `Old` ON `Old`.shop_id = s.id WHERE `Old`.id IS NULL ORDER BY s.id DESC
            UPDATE shops SET size = size::bigint + extract(year FROM seen)
                postgres as written
                sqlite   ^extract^ sqlite has no EXTRACT(year FROM ..)
                mysql    UPDATE shops SET size = CAST(size AS SIGNED) + extract(year FROM seen)
            UPDATE goods SET label = 'a' -- first
              || /* then */ 'b' /* last */ WHERE worth > 1
                postgres as written
                sqlite   as written
                mysql    UPDATE goods SET label = concat('a', 'b') /* last */ WHERE worth > 1
            UPDATE goods SET label = 'a' /* x /* y */ */, worth = 1 --tight
             WHERE id = 1 /*! AND 1 */
                postgres as written
                sqlite   UPDATE goods SET label = 'a'  , worth = 1 --tight
             WHERE id = 1 /*! AND 1 */
                mysql    UPDATE goods SET label = 'a'  , worth = 1  
             WHERE id = 1  
            TRUNCATE TABLE goods CONTINUE IDENTITY
                postgres as written
                sqlite   DELETE FROM goods
                mysql    DELETE FROM goods
            INSERT INTO goods DEFAULT VALUES
                postgres as written
                sqlite   as written
                mysql    INSERT INTO goods () VALUES ()
            INSERT INTO goods (id, label) OVERRIDING SYSTEM VALUE VALUES (5, 'x')
                postgres as written
                sqlite   INSERT INTO goods (id, label) VALUES (5, 'x')
                mysql    INSERT INTO goods (id, label) VALUES (5, 'x')
            UPDATE shops SET name = $$it's$$ WHERE seen BETWEEN '2024-01-01' AND now()
                postgres as written
                sqlite   UPDATE shops SET name = 'it''s' WHERE seen BETWEEN '2024-01-01 00:00:00.000000' AND strftime('%Y-%m-%d %H:%M:%f000', 'now')
                mysql    UPDATE shops SET name = 'it''s' WHERE seen BETWEEN '2024-01-01 00:00:00.000000' AND utc_timestamp(6)
        "#]],
    );
}

#[test]
fn what_an_engine_has_not_is_refused_at_its_word() {
    check(
        &[
            "UPDATE goods SET label = 'x' WHERE label ~ '^a' OR label ILIKE 'b%'",
            "UPDATE shops SET size = 1 WHERE facts @> '{}' OR size = ANY (ARRAY[1, 2]) OR facts ->> 'a' = 'b'",
            "UPDATE goods SET label = s.name FROM shops AS s WHERE s.id = goods.shop_id",
            "DELETE FROM goods USING shops s WHERE s.id = goods.shop_id AND s.seen < now() - interval '1 day'",
            "UPDATE goods SET label = 'x' RETURNING id",
            "INSERT INTO goods (id, label) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET label = excluded.label || 'x' WHERE goods.worth > 1 RETURNING id",
            "INSERT INTO goods (id, label) SELECT id, name FROM shops ON CONFLICT DO NOTHING",
            "INSERT INTO goods (id) VALUES (1) ON CONFLICT ON CONSTRAINT pk_goods DO NOTHING",
            "UPDATE goods SET label = DEFAULT, worth = 1",
            "INSERT INTO goods (label, worth) VALUES (DEFAULT, 1)",
            "UPDATE goods SET (label, worth) = (upper(label), 1.505)",
            "UPDATE goods SET worth = shop_id, shop_id = worth",
            "DELETE FROM goods WHERE id IN (SELECT min(id) FROM goods GROUP BY label)",
            "WITH old AS (SELECT 1 AS id) UPDATE goods SET label = 'x' WHERE id IN (SELECT id FROM old)",
            "WITH gone AS (DELETE FROM goods RETURNING id) INSERT INTO groups SELECT id FROM gone",
            "MERGE INTO goods USING shops ON shops.id = goods.id WHEN MATCHED THEN DELETE",
            "TRUNCATE goods, shops RESTART IDENTITY CASCADE",
            "UPDATE shops SET total = total * 2, price = total, rate = (SELECT max(total) FROM shops)",
            "UPDATE shops SET code = 'none', seen = 'soon', is_open = 'perhaps'",
            "UPDATE shops SET size = (SELECT string_to_array(name, ',') FROM goods g)",
            "INSERT INTO goods (label) SELECT DISTINCT ON (name) name FROM shops ORDER BY name, seen NULLS LAST FETCH FIRST 1 ROW ONLY",
            "INSERT INTO goods (label) SELECT v.a FROM (VALUES ('x'), ('y')) AS v (a), LATERAL (SELECT 1) AS w",
            "UPDATE ONLY shops SET made = seen AT TIME ZONE 'UTC'",
        ],
        &expect![[r#"
            UPDATE goods SET label = 'x' WHERE label ~ '^a' OR label ILIKE 'b%'
                postgres as written
                sqlite   ^~^ sqlite has no operator `~`
                mysql    ^~^ mysql has no operator `~`
            UPDATE shops SET size = 1 WHERE facts @> '{}' OR size = ANY (ARRAY[1, 2]) OR facts ->> 'a' = 'b'
                postgres as written
                sqlite   ^@>^ sqlite has no operator `@>`
                mysql    ^@>^ mysql has no operator `@>`
            UPDATE goods SET label = s.name FROM shops AS s WHERE s.id = goods.shop_id
                postgres as written
                sqlite   as written
                mysql    ^FROM^ mysql has no UPDATE with FROM
            DELETE FROM goods USING shops s WHERE s.id = goods.shop_id AND s.seen < now() - interval '1 day'
                postgres as written
                sqlite   ^USING^ sqlite has no DELETE with USING; ^s.id = goods.shop_id AND s.seen < now() - interval '1 day'^ sqlite has no calculation with days and times
                mysql    ^USING^ mysql has no DELETE with USING; ^s.id = goods.shop_id AND s.seen < now() - interval '1 day'^ mysql has no calculation with days and times
            UPDATE goods SET label = 'x' RETURNING id
                postgres as written
                sqlite   as written
                mysql    ^RETURNING^ mysql has no RETURNING behind this statement
            INSERT INTO goods (id, label) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET label = excluded.label || 'x' WHERE goods.worth > 1 RETURNING id
                postgres as written
                sqlite   as written
                mysql    ^ON CONFLICT^ mysql has no ON CONFLICT; ^RETURNING^ mysql has no RETURNING behind this statement
                mariadb  ^ON CONFLICT^ mariadb has no ON CONFLICT
            INSERT INTO goods (id, label) SELECT id, name FROM shops ON CONFLICT DO NOTHING
                postgres as written
                sqlite   INSERT INTO goods (id, label) SELECT id, name FROM shops WHERE TRUE ON CONFLICT DO NOTHING
                mysql    ^ON CONFLICT^ mysql has no ON CONFLICT
            INSERT INTO goods (id) VALUES (1) ON CONFLICT ON CONSTRAINT pk_goods DO NOTHING
                postgres as written
                sqlite   ^ON CONSTRAINT^ sqlite has no ON CONFLICT ON CONSTRAINT: name the columns
                mysql    ^ON CONFLICT^ mysql has no ON CONFLICT
            UPDATE goods SET label = DEFAULT, worth = 1
                postgres as written
                sqlite   ^DEFAULT^ sqlite has no `DEFAULT` as a value: leave the column out of an INSERT, or write the value
                mysql    as written
            INSERT INTO goods (label, worth) VALUES (DEFAULT, 1)
                postgres as written
                sqlite   ^DEFAULT^ sqlite has no `DEFAULT` as a value: leave the column out of an INSERT, or write the value
                mysql    as written
            UPDATE goods SET (label, worth) = (upper(label), 1.505)
                postgres as written
                sqlite   UPDATE goods SET (label, worth) = (upper(label), round(1.505, 2))
                mysql    ^(label, worth)^ mysql has no SET of several columns at once: set each by itself
            UPDATE goods SET worth = shop_id, shop_id = worth
                postgres as written
                sqlite   UPDATE goods SET worth = shop_id, shop_id = CAST(round(worth) AS INTEGER)
                mysql    ^worth^ mysql has no old value of `worth` here: this SET has changed it already
            DELETE FROM goods WHERE id IN (SELECT min(id) FROM goods GROUP BY label)
                postgres as written
                sqlite   as written
                mysql    ^goods^ mysql has no subselect from `goods` in a statement that changes it
                mariadb  as written
            WITH old AS (SELECT 1 AS id) UPDATE goods SET label = 'x' WHERE id IN (SELECT id FROM old)
                postgres as written
                sqlite   as written
                mysql    as written
                mariadb  ^WITH^ mariadb has no WITH before UPDATE
            WITH gone AS (DELETE FROM goods RETURNING id) INSERT INTO groups SELECT id FROM gone
                postgres as written
                sqlite   ^DELETE^ sqlite has no DELETE within WITH
                mysql    ^WITH^ mysql has no WITH before INSERT; ^DELETE^ mysql has no DELETE within WITH
            MERGE INTO goods USING shops ON shops.id = goods.id WHEN MATCHED THEN DELETE
                postgres as written
                sqlite   ^MERGE^ sqlite has no MERGE
                mysql    ^MERGE^ mysql has no MERGE
            TRUNCATE goods, shops RESTART IDENTITY CASCADE
                postgres as written
                sqlite   ^, shops RESTART IDENTITY CASCADE^ sqlite has no TRUNCATE of more than the rows of one table
                mysql    ^, shops RESTART IDENTITY CASCADE^ mysql has no TRUNCATE of more than the rows of one table
            UPDATE shops SET total = total * 2, price = total, rate = (SELECT max(total) FROM shops)
                postgres as written
                sqlite   ^total * 2^ sqlite has no exact calculation with decimals of more than 15 digits; ^max^ sqlite has no `max` of decimals of more than 15 digits
                mysql    ^total^ mysql has no old value of `total` here: this SET has changed it already; ^total^ mysql has no old value of `total` here: this SET has changed it already; ^shops^ mysql has no subselect from `shops` in a statement that changes it
                mariadb  ^total^ mariadb has no old value of `total` here: this SET has changed it already; ^total^ mariadb has no old value of `total` here: this SET has changed it already
            UPDATE shops SET code = 'none', seen = 'soon', is_open = 'perhaps'
                postgres as written
                sqlite   ^'none'^ sqlite has no constant 'none' of type UUID; ^'soon'^ sqlite has no constant 'soon' of type TIMESTAMPTZ; ^'perhaps'^ sqlite has no constant 'perhaps' of type BOOLEAN
                mysql    ^'none'^ mysql has no constant 'none' of type UUID; ^'soon'^ mysql has no constant 'soon' of type TIMESTAMPTZ; ^'perhaps'^ mysql has no constant 'perhaps' of type BOOLEAN
            UPDATE shops SET size = (SELECT string_to_array(name, ',') FROM goods g)
                postgres as written
                sqlite   ^string_to_array^ sqlite has no function `string_to_array`
                mysql    ^string_to_array^ mysql has no function `string_to_array`
            INSERT INTO goods (label) SELECT DISTINCT ON (name) name FROM shops ORDER BY name, seen NULLS LAST FETCH FIRST 1 ROW ONLY
                postgres as written
                sqlite   ^DISTINCT ON^ sqlite has no DISTINCT ON; ^FETCH^ sqlite has no FETCH: LIMIT is what every engine has
                mysql    ^DISTINCT ON^ mysql has no DISTINCT ON; ^NULLS LAST^ mysql has no NULLS FIRST and NULLS LAST; ^FETCH^ mysql has no FETCH: LIMIT is what every engine has
            INSERT INTO goods (label) SELECT v.a FROM (VALUES ('x'), ('y')) AS v (a), LATERAL (SELECT 1) AS w
                postgres as written
                sqlite   ^(a)^ sqlite has no names of columns behind the name of a query: write them within it; ^LATERAL^ sqlite has no LATERAL
                mysql    ^(a)^ mysql has no names of columns behind the name of a query: write them within it; ^LATERAL^ mysql has no LATERAL
            UPDATE ONLY shops SET made = seen AT TIME ZONE 'UTC'
                postgres as written
                sqlite   ^ONLY^ sqlite has no ONLY; ^AT^ sqlite has no AT TIME ZONE
                mysql    ^ONLY^ mysql has no ONLY; ^AT^ mysql has no AT TIME ZONE
        "#]],
    );
}

#[test]
fn what_is_not_understood_stays_as_it_is() {
    check(
        &[
            "UPDATE goods SET label = strftime('%Y', 'now') || json_extract(label, '$.a'), worth = CAST(label AS BLOB)",
            "INSERT OR IGNORE INTO goods (label) VALUES (x'00'), (json_object('a', 1))",
            "UPDATE goods SET label = row_number() OVER (PARTITION BY shop_id ORDER BY \"id\") WHERE label GLOB 'a*' AND made < now()",
            "UPDATE goods SET label = `name` WHERE label REGEXP '^a'",
            "UPDATE goods JOIN shops ON shops.id = goods.id SET goods.label = shops.name",
            "INSERT INTO unknown (a, \"B\") VALUES (1, now()) ON DUPLICATE KEY UPDATE a = 2",
            "UPDATE goods SET label = count(*) FILTER (WHERE x > '5'::int) WHERE (",
            "DELETE FROM goods WHERE label MATCH 'x' ORDER BY id LIMIT 5",
            "DELETE FROM goods WHERE label IN () AND worth IN (1)",
        ],
        &expect![[r#"
            UPDATE goods SET label = strftime('%Y', 'now') || json_extract(label, '$.a'), worth = CAST(label AS BLOB)
                postgres as written
                sqlite   as written
                mysql    ^label^ mysql has no old value of `label` here: this SET has changed it already
            INSERT OR IGNORE INTO goods (label) VALUES (x'00'), (json_object('a', 1))
                postgres as written
                sqlite   as written
                mysql    as written
            UPDATE goods SET label = row_number() OVER (PARTITION BY shop_id ORDER BY "id") WHERE label GLOB 'a*' AND made < now()
                postgres as written
                sqlite   UPDATE goods SET label = row_number() OVER (PARTITION BY shop_id ORDER BY "id") WHERE label GLOB 'a*' AND made < strftime('%Y-%m-%d %H:%M:%f000', 'now')
                mysql    UPDATE goods SET label = row_number() OVER (PARTITION BY shop_id ORDER BY id) WHERE label GLOB 'a*' AND made < utc_timestamp(6)
            UPDATE goods SET label = `name` WHERE label REGEXP '^a'
                postgres as written
                sqlite   as written
                mysql    as written
            UPDATE goods JOIN shops ON shops.id = goods.id SET goods.label = shops.name
                postgres as written
                sqlite   as written
                mysql    as written
            INSERT INTO unknown (a, "B") VALUES (1, now()) ON DUPLICATE KEY UPDATE a = 2
                postgres as written
                sqlite   INSERT INTO unknown (a, "B") VALUES (1, strftime('%Y-%m-%d %H:%M:%f000', 'now')) ON DUPLICATE KEY UPDATE a = 2
                mysql    INSERT INTO unknown (a, `B`) VALUES (1, utc_timestamp(6)) ON DUPLICATE KEY UPDATE a = 2
            UPDATE goods SET label = count(*) FILTER (WHERE x > '5'::int) WHERE (
                postgres as written
                sqlite   as written
                mysql    as written
            DELETE FROM goods WHERE label MATCH 'x' ORDER BY id LIMIT 5
                postgres as written
                sqlite   as written
                mysql    as written
            DELETE FROM goods WHERE label IN () AND worth IN (1)
                postgres as written
                sqlite   as written
                mysql    as written
        "#]],
    );
}

#[test]
fn a_refusal_says_where_and_what_to_write() {
    let text = "UPDATE goods SET label = 'x' WHERE label ILIKE 'b%'";
    let misfits = SQLITE.data(text, &schema()).unwrap_err();
    assert_eq!(misfits[0].span.of(text), "ILIKE");
    expect!["sqlite has no ILIKE; write `-- only: ..` with the engines that have it before the statement, or behind it `-- instead: sqlite` and what runs there in its place; what takes more than SQL is a function of the application, `-- run: name`"]
        .assert_eq(&format!("{}; {}", misfits[0].what, misfits[0].help));
}

#[test]
fn no_text_is_too_wild() {
    const WORDS: &str = "INSERT¦INTO¦UPDATE¦DELETE¦FROM¦WITH¦RECURSIVE¦AS¦SELECT¦DISTINCT¦ON¦VALUES¦SET¦WHERE¦GROUP BY¦ORDER BY¦\
        LIMIT 1¦UNION ALL¦JOIN¦LEFT JOIN¦USING¦RETURNING¦ON CONFLICT¦DO UPDATE SET¦DO NOTHING¦DEFAULT¦DEFAULT VALUES¦\
        OVERRIDING SYSTEM VALUE¦ONLY¦LATERAL¦TRUNCATE¦TABLE¦CONTINUE IDENTITY¦MERGE¦OR IGNORE¦NOT¦IS DISTINCT FROM¦IN¦EXISTS¦\
        BETWEEN 1 AND¦CASE WHEN¦THEN¦END¦CAST(¦::int¦NULLS LAST¦DESC¦FETCH¦ROW¦MATERIALIZED¦shops¦goods¦s¦\"Order\"¦`x`¦id¦\
        total¦seen¦s.id¦now()¦'x'¦E'\\n'¦$$x$$¦1.5¦*¦=¦||¦(¦(¦)¦)¦,¦,¦;¦-- c\n¦/* d */";
    let deep = format!("DELETE FROM goods WHERE {}now(){}", "(".repeat(5_000), ")".repeat(5_000));
    assert_eq!(SQLITE.data(&deep, &schema()).unwrap(), deep);
    let words: Vec<&str> = WORDS.split('¦').collect();
    let last = i64::try_from(words.len()).unwrap() - 1;
    let schema = schema();
    let mut random = Random::new(7);
    for _ in 0..Random::cases(20_000) {
        let count = random.between(0, 16);
        let pick = |random: &mut Random| words[usize::try_from(random.between(0, last)).unwrap()];
        let mut text = ["INSERT INTO goods", "UPDATE shops SET", "DELETE FROM goods", "WITH s AS (", ""]
            [usize::try_from(random.between(0, 4)).unwrap()]
        .to_owned();
        for _ in 0..count {
            text.push(' ');
            text.push_str(pick(&mut random));
        }
        let open = text.matches('(').count().saturating_sub(text.matches(')').count());
        text.push_str(&")".repeat(open));
        for dialect in [&SQLITE, &MYSQL, &MARIADB] {
            match dialect.data(&text, &schema) {
                Ok(said) => {
                    assert!(lex(&said, Flavour::PORTABLE).iter().all(|token| token.kind != Kind::Open), "{text}")
                }
                Err(misfits) => {
                    assert!(misfits.iter().all(|one| text.get(one.span.start..one.span.end).is_some()), "{text}")
                }
            }
        }
    }
}
