//! Whatever derives `Serialize`, as JSON: servers carry no crate for it.

use std::fmt::{Display, Write};

use serde::ser::{
    self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};

/// The JSON of `value`; the shapes that answers do not have, such as enums with fields, say so instead.
pub(super) fn of(value: &(impl Serialize + ?Sized)) -> String {
    let mut text = String::new();
    match value.serialize(Writer(&mut text)) {
        Ok(()) => text,
        Err(Unknown(what)) => of(&Failure { error: &what, code: "other" }),
    }
}

/// An error for programs.
#[derive(serde::Serialize)]
pub(super) struct Failure<'a> {
    pub(super) error: &'a str,
    pub(super) code: &'a str,
}

struct Writer<'a>(&'a mut String);

/// Lists and objects: what stands before the next item, and what ends them.
struct Items<'a> {
    text: &'a mut String,
    comma: &'static str,
    end: char,
}

/// A shape that has no text here.
#[derive(Debug)]
struct Unknown(String);

impl Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unknown {}

impl ser::Error for Unknown {
    fn custom<T: Display>(what: T) -> Self {
        Unknown(what.to_string())
    }
}

impl<'a> Items<'a> {
    fn new(text: &'a mut String, begin: char, end: char) -> Self {
        text.push(begin);
        Items { text, comma: "", end }
    }

    fn item(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Unknown> {
        self.text.push_str(self.comma);
        self.comma = ",";
        value.serialize(Writer(self.text))
    }

    fn named(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Result<(), Unknown> {
        self.item(name)?;
        self.text.push(':');
        value.serialize(Writer(self.text))
    }

    fn close(self) -> Result<(), Unknown> {
        self.text.push(self.end);
        Ok(())
    }
}

/// Numbers and truths are spelled as Rust spells them.
macro_rules! plain {
    ($($method:ident $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<(), Unknown> {
            write!(self.0, "{value}").map_err(|_| Unknown("no room".into()))
        })*
    };
}

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = Unknown;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Impossible<(), Unknown>;
    type SerializeTupleVariant = Impossible<(), Unknown>;
    type SerializeMap = Items<'a>;
    type SerializeStruct = Items<'a>;
    type SerializeStructVariant = Impossible<(), Unknown>;

    plain!(serialize_bool bool, serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64);
    plain!(serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64);

    fn serialize_f32(self, value: f32) -> Result<(), Unknown> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Unknown> {
        if value.is_finite() {
            self.0.push_str(&value.to_string())
        } else {
            self.0.push_str("null")
        }
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Unknown> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Unknown> {
        quote(self.0, value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Unknown> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<(), Unknown> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unknown> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unknown> {
        self.0.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unknown> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Unknown> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Unknown> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unknown> {
        Err(Unknown(format!("`{name}` has no JSON here")))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, Unknown> {
        Ok(Items::new(self.0, '[', ']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'a>, Unknown> {
        Ok(Items::new(self.0, '[', ']'))
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Unknown> {
        Err(Unknown(format!("`{name}` has no JSON here")))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unknown> {
        Err(Unknown(format!("`{name}` has no JSON here")))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Items<'a>, Unknown> {
        Ok(Items::new(self.0, '{', '}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, Unknown> {
        Ok(Items::new(self.0, '{', '}'))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unknown> {
        Err(Unknown(format!("`{name}` has no JSON here")))
    }
}

impl SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = Unknown;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unknown> {
        self.item(value)
    }

    fn end(self) -> Result<(), Unknown> {
        self.close()
    }
}

impl SerializeTuple for Items<'_> {
    type Ok = ();
    type Error = Unknown;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unknown> {
        self.item(value)
    }

    fn end(self) -> Result<(), Unknown> {
        self.close()
    }
}

impl SerializeMap for Items<'_> {
    type Ok = ();
    type Error = Unknown;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unknown> {
        self.item(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unknown> {
        self.text.push(':');
        value.serialize(Writer(self.text))
    }

    fn end(self) -> Result<(), Unknown> {
        self.close()
    }
}

impl SerializeStruct for Items<'_> {
    type Ok = ();
    type Error = Unknown;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unknown> {
        self.named(name, value)
    }

    fn end(self) -> Result<(), Unknown> {
        self.close()
    }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;

    #[derive(serde::Serialize)]
    struct All<'a> {
        text: &'a str,
        none: Option<u8>,
        some: Option<i64>,
        list: Vec<(char, f64)>,
        map: BTreeMap<&'a str, bool>,
        word: Word,
        unit: (),
        bytes: &'a [u8],
    }

    #[derive(serde::Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Word {
        Applied,
    }

    #[test]
    fn what_is_written_is_what_others_read() {
        let value = All {
            text: "a\"b\\c\nd\u{1}\tü",
            none: None,
            some: Some(-3),
            list: vec![('x', 1.5), ('y', f64::NAN)],
            map: [("k", true), ("l", false)].into(),
            word: Word::Applied,
            unit: (),
            bytes: &[1, 2],
        };
        let read: Value = serde_json::from_str(&of(&value)).unwrap();
        assert_eq!(read, serde_json::to_value(&value).unwrap());
        assert_eq!(of(&["a", "b"][..]), r#"["a","b"]"#);
    }

    #[test]
    fn a_shape_without_a_text_is_said() {
        #[derive(serde::Serialize)]
        struct Pair(u8, u8);
        assert_eq!(of(&Pair(1, 2)), r#"{"error":"`Pair` has no JSON here","code":"other"}"#);
    }
}
