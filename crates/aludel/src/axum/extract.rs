//! What clients send, read with answers that say what is wrong with which field.

use ::axum::body::{Body, Bytes};
use axum_core::extract::{FromRequest, FromRequestParts, Request};
use axum_core::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

/// A body of JSON, to read as an argument and to answer with.
///
/// As an argument it refuses: 415 without `content-type: application/json`, 400 what is no JSON, 413 what is too long, and
/// 422 JSON that is no `T`, naming the field.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json<T>(pub T);

/// The parameters of a path, as axum's own, but a value that cannot be a key is 404: there is no such row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Path<T>(pub T);

/// The query string, as axum's own, but a value that is no `T` is 422 and names the parameter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        if !is_json(request.headers()) {
            return Err(Error::refuse(415, "send JSON, with the header `content-type: application/json`"));
        }
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| Error::refuse(rejection.status().as_u16(), rejection.body_text()))?;
        parse(&body).map(Json)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => {
                let json = HeaderValue::from_static("application/json");
                ([(CONTENT_TYPE, json)], Body::from(body)).into_response()
            }
            Err(error) => Error::other(error).into_response(),
        }
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match ::axum::extract::Path::from_request_parts(parts, state).await {
            Ok(::axum::extract::Path(value)) => Ok(Path(value)),
            Err(rejection) if rejection.status().is_server_error() => Err(Error::usage(rejection.body_text())),
            Err(_) => Err(Error::refuse(404, format!("there is nothing at {}", parts.uri.path()))),
        }
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        query(parts).map(Query)
    }
}

/// Reads the query string.
pub(super) fn query<T: DeserializeOwned>(parts: &Parts) -> Result<T> {
    let pairs = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs))
        .map_err(|error| refused(&error.path().to_string(), &error.inner().to_string()))
}

/// Reads JSON: what is none is 400, what does not fit is 422.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let mut from = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut from).map_err(|error| {
        // A wrong value may stand before the place where the text stops being JSON.
        match (std::str::from_utf8(body), serde_json::from_slice::<serde::de::IgnoredAny>(body)) {
            (Err(error), _) => malformed(&error),
            (_, Err(error)) => malformed(&error),
            _ => refused(&error.path().to_string(), &error.inner().to_string()),
        }
    })?;
    from.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

fn malformed(error: &dyn std::fmt::Display) -> Error {
    Error::refuse(400, format!("the body is no JSON: {error}"))
}

/// What serde says of a field that is absent, null, unknown or there twice: it names the field and not its place.
const OF_FIELDS: [(&str, &str, &str, &str); 4] = [
    ("missing field `", "`", "null", "must be given"),
    ("`", "` cannot be null", "null", "cannot be null"),
    ("unknown field `", "`", "unknown", "is no field of this"),
    ("duplicate field `", "`", "duplicate", "is given twice"),
];

/// A 422 that names the field.
fn refused(path: &str, message: &str) -> Error {
    // Where in the text it is helps nobody who has the field.
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    for (before, after, code, sentence) in OF_FIELDS {
        let name = message.strip_prefix(before).and_then(|rest| rest.split_once(after));
        if let Some((name, _)) = name.filter(|(name, _)| !name.contains('`')) {
            // serde gives the path of the field itself for an unknown one, and that of its parent for the others.
            let field = match path {
                "." | "" | "?" => name.to_owned(),
                path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
                path => format!("{path}.{name}"),
            };
            return Error::field(field, code, sentence);
        }
    }
    match path {
        "." | "" | "?" => Error::refuse(422, format!("the data is not what is taken here: {message}")),
        path => Error::field(path.to_owned(), "type", message),
    }
}

/// `application/json` or `application/<anything>+json`
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.strip_prefix("application/").is_some_and(|kind| kind == "json" || kind.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only reading is tested")]
    struct Order {
        name: String,
        lines: Vec<Line>,
        note: Option<String>,
    }

    #[derive(serde::Deserialize)]
    #[expect(dead_code, reason = "only reading is tested")]
    struct Line {
        amount: u8,
    }

    #[track_caller]
    fn check(body: impl AsRef<[u8]>, expected: Expect) {
        let error = parse::<Order>(body.as_ref()).err().expect("wrong input is refused");
        let fields = error.fields().iter().map(|field| format!("{} ", field.code)).collect::<String>();
        expected.assert_eq(&format!("{} {fields}{error}", error.status()));
    }

    #[test]
    fn wrong_json_names_its_field() {
        check("", expect!["400 the body is no JSON: EOF while parsing a value at line 1 column 0"]);
        check("{", expect!["400 the body is no JSON: EOF while parsing an object at line 1 column 1"]);
        check(
            r#"{"name": "x", "lines": []} true"#,
            expect!["400 the body is no JSON: trailing characters at line 1 column 28"],
        );
        check(
            b"{\"name\": \"\xff\"}",
            expect!["400 the body is no JSON: invalid utf-8 sequence of 1 bytes from index 10"],
        );
        check(
            r#"{"name": 7, "lines": "#,
            expect!["400 the body is no JSON: EOF while parsing a value at line 1 column 21"],
        );
        check(
            "[]",
            expect!["422 the data is not what is taken here: invalid length 0, expected struct Order with 3 elements"],
        );
        check(r#"{"lines": []}"#, expect!["422 null name: must be given"]);
        check(r#"{"name": 7, "lines": []}"#, expect!["422 type name: invalid type: integer `7`, expected a string"]);
        check(r#"{"name": null, "lines": []}"#, expect!["422 type name: invalid type: null, expected a string"]);
        check(
            r#"{"name": "x", "lines": [{"amount": 300}]}"#,
            expect!["422 type lines[0].amount: invalid value: integer `300`, expected u8"],
        );
        check(r#"{"name": "x", "lines": [{}]}"#, expect!["422 null lines[0].amount: must be given"]);
        check(r#"{"name": "x", "id": 7, "lines": []}"#, expect!["422 unknown id: is no field of this"]);
        check(r#"{"name": "x", "name": "y", "lines": []}"#, expect!["422 duplicate name: is given twice"]);
    }

    #[test]
    fn names_of_json() {
        let json =
            |kind: &'static str| is_json(&HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]));
        assert!(json("application/json") && json("Application/JSON; charset=utf-8") && json("application/x+json"));
        assert!(!json("text/json") && !json("application/jsonp") && !is_json(&HeaderMap::new()));
    }
}
