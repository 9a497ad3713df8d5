//! Column types: the portable words, their aliases, and what to write for those of one engine.

use super::cursor::{Cursor, Mistake, Result, quoted};
use crate::Type;
use crate::schema::{nearest, nearest_type, type_name};
use crate::syntax::Kind;

/// A type; a word that is none names an enum.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Type> {
    let from = cursor.position();
    let Some(token) = cursor.peek().filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted)) else {
        let help = "write one behind the name, such as BIGINT, TEXT or TIMESTAMPTZ";
        return Err(Mistake { help: help.into(), ..cursor.expected_what("a type") });
    };
    let word = cursor.piece(token).to_ascii_lowercase();
    if token.kind == Kind::Word
        && let Some((_, help)) = FOREIGN.iter().find(|(foreign, _)| *foreign == word)
    {
        return Err(Mistake::new(token.span, format!("there is no portable type `{}`", cursor.piece(token)), *help));
    }
    let ty = if let Some(read) = cursor.eat_type() {
        read(cursor)?
    } else if let Some(words) = OTHER.iter().find(|words| cursor.eat(words)) {
        other(cursor, words)?
    } else {
        Type::Enum(cursor.path("a type")?.into())
    };
    if matches!(ty, Type::Enum(_)) && cursor.is_sign(0, "(") {
        let near = nearest_type(&word).map(|near| format!("did you mean {}?", quoted(&near)));
        let what = format!("there is no type `{}`", cursor.piece(token));
        return Err(Mistake::new(token.span, what, near.unwrap_or_default()));
    }
    if cursor.is_sign(0, "(") {
        let what = format!("{} takes no `(..)`", cursor.since(from).of(cursor.text));
        return Err(Mistake::new(cursor.here(), what, "leave the brackets out"));
    }
    let mut lists = 0;
    while cursor.eat_sign("[") {
        if cursor.peek().is_some_and(|token| token.kind == Kind::Number) {
            cursor.next();
        }
        cursor.expect_sign("]")?;
        lists += 1;
    }
    Ok(if lists == 0 { ty } else { Type::Other(format!("{}{}", type_name(&ty), "[]".repeat(lists)).into()) })
}

/// A type that only some engines have, with its numbers.
fn other(cursor: &mut Cursor<'_>, words: &str) -> Result<Type> {
    let mut text = words.to_uppercase();
    if cursor.is_sign(0, "(") {
        let numbers = cursor.list(|cursor| cursor.integer("a number"))?;
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        text = format!("{text}({})", numbers.join(", "));
    }
    Ok(Type::Other(text.into()))
}

/// Types that only some engines have, as they spell them.
const OTHER: [&str; 33] = [
    "interval",
    "timetz",
    "inet",
    "cidr",
    "macaddr8",
    "macaddr",
    "xml",
    "tsvector",
    "tsquery",
    "bit varying",
    "varbit",
    "bit",
    "point",
    "line",
    "lseg",
    "box",
    "path",
    "polygon",
    "circle",
    "int4range",
    "int8range",
    "numrange",
    "tsrange",
    "tstzrange",
    "daterange",
    "hstore",
    "citext",
    "ltree",
    "vector",
    "geometry",
    "geography",
    "oid",
    "regclass",
];

type Read = fn(&mut Cursor<'_>) -> Result<Type>;

impl Cursor<'_> {
    /// Reads the words of a type, and gives what reads the rest of it.
    fn eat_type(&mut self) -> Option<Read> {
        TYPES.iter().find(|(words, _)| self.eat(words)).map(|(_, read)| *read)
    }

    /// The number in `(n)`, from `least` on, if there is one.
    fn eat_length<T: TryFrom<i64>>(&mut self, least: i64, what: &str) -> Result<Option<T>> {
        if !self.eat_sign("(") {
            return Ok(None);
        }
        let span = self.here();
        let help = || format!("write a number from {least} on, or leave the brackets out");
        let number = self.integer(what).map_err(|mistake| Mistake { help: help(), ..mistake })?;
        let Some(fitting) = T::try_from(number).ok().filter(|_| number >= least) else {
            return Err(Mistake::new(span, format!("{what} cannot be {number}"), help()));
        };
        self.expect_sign(")")?;
        Ok(Some(fitting))
    }
}

/// A type of times: with six digits everywhere, with fewer where an engine has them.
fn time(cursor: &mut Cursor<'_>, six: Type, zoned: Option<Type>) -> Result<Type> {
    let at = cursor.position();
    let digits = cursor.eat_length::<u8>(0, "the number of digits")?.filter(|digits| *digits != 6);
    if digits.is_some_and(|digits| digits > 6) {
        return Err(Mistake::new(cursor.since(at), "times have at most six digits", "leave the brackets out"));
    }
    let ty = if cursor.sees("with") || cursor.sees("without") && !cursor.sees("without time zone") {
        if !cursor.eat("with time zone") {
            return Err(zone(cursor));
        }
        // A time of day with a zone is for some engines only.
        zoned.unwrap_or(Type::Other("TIMETZ".into()))
    } else {
        cursor.eat("without time zone");
        six
    };
    Ok(match digits {
        Some(digits) => Type::Other(format!("{}({digits})", type_name(&ty)).into()),
        None => ty,
    })
}

/// That no zone follows where one is begun.
fn zone(cursor: &Cursor<'_>) -> Mistake {
    let next = cursor.ahead(1).filter(|token| token.kind == Kind::Word);
    let span = next.map_or(cursor.here(), |next| cursor.here().to(next.span));
    let what = format!("`{}` says nothing of a type", span.of(cursor.text));
    Mistake::new(span, what, "write TIMESTAMPTZ or TIMESTAMP WITH TIME ZONE for a moment, TIMESTAMP for a wall clock")
}

/// Whether a type begins with this word.
pub(super) fn is_word(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    TYPES.iter().any(|(words, _)| words.split(' ').next() == Some(&word))
}

/// What each type begins with, longer ones first.
const TYPES: [(&str, Read); 36] = [
    ("boolean", |_| Ok(Type::Bool)),
    ("bool", |_| Ok(Type::Bool)),
    ("smallint", |_| Ok(Type::SmallInt)),
    ("int2", |_| Ok(Type::SmallInt)),
    ("integer", |_| Ok(Type::Integer)),
    ("int", |_| Ok(Type::Integer)),
    ("int4", |_| Ok(Type::Integer)),
    ("bigint", |_| Ok(Type::BigInt)),
    ("int8", |_| Ok(Type::BigInt)),
    ("real", |_| Ok(Type::Real)),
    ("float4", |_| Ok(Type::Real)),
    ("double precision", |_| Ok(Type::Double)),
    ("float8", |_| Ok(Type::Double)),
    ("float", float),
    ("double", |cursor| Err(Mistake { help: "write DOUBLE PRECISION".into(), ..cursor.expected(&["precision"]) })),
    ("numeric", numeric),
    ("decimal", numeric),
    ("dec", numeric),
    ("character varying", varchar),
    ("char varying", varchar),
    ("varchar", varchar),
    ("character", char),
    ("char", char),
    ("bpchar", char),
    ("text", |_| Ok(Type::Text)),
    ("bytea", |_| Ok(Type::Bytes)),
    ("date", |_| Ok(Type::Date)),
    ("timestamptz", |cursor| time(cursor, Type::TimestampTz, None)),
    ("timestamp", |cursor| time(cursor, Type::Timestamp, Some(Type::TimestampTz))),
    ("time", |cursor| time(cursor, Type::Time, None)),
    ("uuid", |_| Ok(Type::Uuid)),
    ("jsonb", |_| Ok(Type::Json)),
    ("json", |_| Ok(Type::Json)),
    ("clob", |_| Ok(Type::Text)),
    ("blob", |_| Ok(Type::Bytes)),
    ("varbinary", |cursor| cursor.eat_length::<u32>(1, "the length").map(|_| Type::Bytes)),
];

fn float(cursor: &mut Cursor<'_>) -> Result<Type> {
    let at = cursor.position();
    match cursor.eat_length::<u32>(1, "the number of bits")? {
        Some(1..=24) => Ok(Type::Real),
        None | Some(25..=53) => Ok(Type::Double),
        Some(_) => Err(Mistake::new(cursor.since(at), "a FLOAT has at most 53 bits", "write DOUBLE PRECISION")),
    }
}

fn numeric(cursor: &mut Cursor<'_>) -> Result<Type> {
    let at = cursor.position();
    if !cursor.eat_sign("(") {
        return Ok(Type::Other("NUMERIC".into()));
    }
    let digits = cursor.integer("a number of digits")?;
    let scale = if cursor.eat_sign(",") { cursor.integer("a number of digits")? } else { 0 };
    if !cursor.eat_sign(")") {
        return Err(cursor.expected(&[",", ")"]));
    }
    match (u8::try_from(digits), u8::try_from(scale)) {
        (Ok(digits @ 1..=38), Ok(scale)) if scale <= digits => Ok(Type::Numeric(digits, scale)),
        _ => {
            let what = format!("NUMERIC({digits}, {scale}) cannot be on every engine");
            Err(Mistake::new(cursor.since(at), what, "write 1 to 38 digits, and not more of them behind the point"))
        }
    }
}

fn varchar(cursor: &mut Cursor<'_>) -> Result<Type> {
    Ok(cursor.eat_length(1, "the length")?.map_or(Type::Text, Type::Varchar))
}

fn char(cursor: &mut Cursor<'_>) -> Result<Type> {
    let next = cursor.peek().filter(|token| token.kind == Kind::Word).map(|token| cursor.piece(token).to_lowercase());
    if next.is_some_and(|next| nearest(&next, ["varying"].into_iter()).is_some()) {
        return Err(cursor.expected(&["varying"]));
    }
    Ok(Type::Char(cursor.eat_length(1, "the length")?.unwrap_or(1)))
}

const IDENTITY: &str = "write BIGINT GENERATED BY DEFAULT AS IDENTITY";
const TIME: &str = "write TIMESTAMP for a wall clock, TIMESTAMPTZ for a moment";

/// Types of one engine, and what to write.
const FOREIGN: [(&str, &str); 24] = [
    ("serial", IDENTITY),
    ("serial4", IDENTITY),
    ("serial8", IDENTITY),
    ("bigserial", IDENTITY),
    ("smallserial", IDENTITY),
    ("tinyint", "write SMALLINT, or BOOLEAN"),
    ("mediumint", "write INTEGER"),
    ("number", "write NUMERIC(12, 2) or BIGINT"),
    ("money", "write NUMERIC(12, 2)"),
    ("datetime", TIME),
    ("datetime2", TIME),
    ("smalldatetime", TIME),
    ("string", "write TEXT or VARCHAR(80)"),
    ("tinytext", "write TEXT"),
    ("mediumtext", "write TEXT"),
    ("longtext", "write TEXT"),
    ("nvarchar", "write VARCHAR(80): all texts are Unicode"),
    ("nchar", "write CHAR(8): all texts are Unicode"),
    ("tinyblob", "write BYTEA"),
    ("mediumblob", "write BYTEA"),
    ("longblob", "write BYTEA"),
    ("binary", "write BYTEA"),
    ("unsigned", "write the next wider type: BIGINT for 32 bits without a sign"),
    ("enum", "write CREATE TYPE state AS ENUM ('a', 'b') and then the type's name here"),
];

#[cfg(test)]
mod tests {
    use super::TYPES;
    use crate::schema::TYPE_WORDS;

    /// A word that is misspelt is compared with all that are read.
    #[test]
    fn the_words_that_are_read_are_those_that_are_suggested() {
        let mut words: Vec<&str> = TYPES.iter().map(|(words, _)| *words).filter(|words| !words.contains(' ')).collect();
        words.sort_unstable();
        assert_eq!(words, TYPE_WORDS);
    }
}
