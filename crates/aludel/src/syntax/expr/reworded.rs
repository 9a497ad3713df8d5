//! What was written against what a server says of it.

use std::convert::Infallible;

use super::Expr;

/// Whether `stored`, which is how a server says an expression in its own words, is what was `written`: the same but for
/// the casts that servers write out and leave out.
pub(crate) fn means(written: &str, stored: &str) -> bool {
    match (Expr::parse(written), Expr::parse(stored)) {
        (Ok(written), Ok(stored)) => is(&written.normal(), &stored.normal()),
        _ => crate::syntax::text::same(written, stored),
    }
}

fn is(written: &Expr, stored: &Expr) -> bool {
    match (written, stored) {
        (Expr::Cast { of: ours, ty: our }, Expr::Cast { of: theirs, ty: their }) => {
            let added = matches!(**theirs, Expr::Cast { .. });
            if our == their { is(ours, theirs) } else { added && is(written, theirs) }
        }
        (_, Expr::Cast { of, .. }) => is(written, of),
        // A cast to the type that it has anyway.
        (Expr::Cast { of, .. }, _) => is(of, stored),
        _ => {
            let (ours, theirs) = (written.parts(), stored.parts());
            shell(written) == shell(stored)
                && ours.len() == theirs.len()
                && ours.iter().zip(&theirs).all(|(ours, theirs)| is(ours, theirs))
        }
    }
}

/// The expression without its parts.
fn shell(expr: &Expr) -> Expr {
    let Ok(shell) = expr.clone().map(|_| Ok::<_, Infallible>(Expr::Null));
    shell
}
