//! Errors as responses: problem documents (RFC 9457) that tell a client what it may know.

use axum_core::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use crate::error::{Kind, Rule};
use crate::{Error, FieldError};

/// `application/problem+json`
#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    errors: &'a [FieldError],
}

/// A problem document with [`Error::status`]: `{type, title, status, detail, errors: [{field, code, message}]}`.
///
/// The detail is for whoever sent the request: it names fields, never a statement, a constraint or a stored value. What
/// happened is in the log (`tracing`, target `aludel`) for every status from 500 on. Misuse of this library answers with
/// its cure.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match status.as_u16() {
            503 => tracing::warn!(target: "aludel", error = ?self, "a request was refused for now"),
            500.. => tracing::error!(target: "aludel", error = ?self, "a request failed"),
            _ => tracing::debug!(target: "aludel", error = ?self, "a request was refused"),
        }
        let title = status.canonical_reason().unwrap_or("Error");
        let stale = stale(&self);
        let errors = stale.as_ref().map_or(self.fields(), std::slice::from_ref);
        let problem =
            Problem { r#type: "about:blank", title, status: status.as_u16(), detail: detail(&self, title), errors };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// What the client is told.
fn detail(error: &Error, title: &str) -> String {
    match error.kind() {
        Kind::NotFound { .. } | Kind::Invalid { .. } | Kind::Usage { .. } => error.to_string(),
        Kind::Application { status, message } if *status != 500 => message.clone(),
        Kind::Stale { .. } => "the row changed since it was read; read it again and repeat the work".to_owned(),
        Kind::Violation { rule, fields, .. } => violation(*rule, fields),
        Kind::Contention { .. } | Kind::Unavailable { .. } | Kind::Timeout { .. } | Kind::Storage { .. } => {
            "the database cannot do this at the moment; try again later".to_owned()
        }
        Kind::UnknownOutcome { .. } => {
            "it is not known whether the work was done; look before doing it again".to_owned()
        }
        _ => format!("{title}; the server's log says why"),
    }
}

fn violation(rule: Rule, fields: &[FieldError]) -> String {
    let names: Vec<&str> = fields.iter().map(|field| &*field.field).collect();
    match names.as_slice() {
        [] => format!("a value {}", rule.sentence()),
        names => format!("{} {}", names.join(", "), rule.sentence()),
    }
}

/// The column that made a row stale, without its values.
fn stale(error: &Error) -> Option<FieldError> {
    match error.kind() {
        Kind::Stale { column: Some(column), .. } => Some(FieldError {
            field: column.clone().into(),
            code: "stale".into(),
            message: "was changed by somebody else".to_owned(),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::error::StorageFault;

    #[track_caller]
    fn check(kind: Kind, expected: Expect) {
        let error = Error::new(kind).with_statement("SELECT secret FROM posts");
        let response = error.into_response();
        let status = response.status().as_u16();
        let retry = response.headers().get(RETRY_AFTER).is_some();
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        let body = crate::block(async { ::axum::body::to_bytes(response.into_body(), 1 << 16).await.unwrap() });
        assert!(!String::from_utf8_lossy(&body).contains("secret"));
        assert_eq!(retry, status == 503);
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        expected.assert_eq(&format!("{} {} {}", json["status"], json["detail"], json["errors"]));
    }

    fn unique() -> Kind {
        let field = FieldError { field: "email".into(), code: "unique".into(), message: "is taken already".into() };
        let constraint = Some("secret".into());
        Kind::Violation { rule: Rule::Unique, constraint, table: Some("secret".into()), fields: vec![field] }
    }

    #[test]
    fn clients_learn_what_they_may_know() {
        check(
            unique(),
            expect![[
                r#"409 "email is taken already" [{"code":"unique","field":"email","message":"is taken already"}]"#
            ]],
        );
        check(
            Kind::Stale {
                table: "secret".into(),
                key: "7".into(),
                column: Some("likes".into()),
                ours: Some("secret".into()),
                theirs: Some("secret".into()),
            },
            expect![[
                r#"409 "the row changed since it was read; read it again and repeat the work" [{"code":"stale","field":"likes","message":"was changed by somebody else"}]"#
            ]],
        );
        let check_violation =
            Kind::Violation { rule: Rule::Check, constraint: Some("secret".into()), table: None, fields: Vec::new() };
        check(check_violation, expect![[r#"422 "a value breaks a rule of the table" []"#]]);
        check(
            Kind::Application { status: 409, message: "no seats left".into() },
            expect![[r#"409 "no seats left" []"#]],
        );
    }

    #[test]
    fn failures_of_the_server_tell_nothing() {
        let secret = || "secret".to_owned();
        let server = || expect![[r#"500 "Internal Server Error; the server's log says why" []"#]];
        check(Kind::Database { message: secret(), code: None }, server());
        check(Kind::Decode { message: secret() }, server());
        check(Kind::Application { status: 500, message: secret() }, server());
        check(Kind::Config { message: secret() }, server());
        check(Kind::TransactionFailed { first: secret() }, server());
        let busy = || expect![[r#"503 "the database cannot do this at the moment; try again later" []"#]];
        check(Kind::Unavailable { message: secret(), closed: false }, busy());
        check(Kind::Contention { message: secret() }, busy());
        check(Kind::Storage { fault: StorageFault::Full, message: secret() }, busy());
    }
}
