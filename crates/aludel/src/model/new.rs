//! The macro that makes a draft.

/// Makes a [`Draft`](crate::model::Draft) of a model from some of its fields: `new!(Post { author_id: ann, title: "Hello" })`.
///
/// Each field is `name: value`, or `name` alone for a variable of that name; values convert by
/// [`Assign`](crate::model::Assign), so `&str` does for a `String`, a handle or a key for an `Fk`, and what is inside for an
/// `Option`. What is left out is the column's default, NULL, or made by the database, and comes back when the row is
/// written. A required column left out does not compile. Sends nothing.
///
/// ```
/// use aludel::prelude::*;
///
/// #[derive(Model)]
/// pub struct User {
///     pub id: i64,
///     pub name: String,
///     pub bio: Option<String>,
/// }
///
/// #[derive(Model)]
/// pub struct Post {
///     pub id: i64,
///     pub author_id: Fk<User>,
///     pub title: String,
/// }
///
/// fn publish(db: &mut Session, title: &str) -> Handle<Post> {
///     let ann = db.add(new!(User { name: "Ann", bio: "Writes." }));
///     db.add(new!(Post { author_id: ann, title }))
/// }
/// ```
#[macro_export]
macro_rules! new {
    ($model:ty { $($field:ident $(: $value:expr)?),* $(,)? }) => {{
        // Items, since `cargo check` leaves constant blocks of functions unevaluated.
        const __META: &$crate::Meta = <$model as $crate::__private::Model>::META;
        const _: () = $crate::__private::require(
            __META,
            &[$(::core::stringify!($field)),*],
            &["new!(", ::core::stringify!($model), ")"],
        );
        #[allow(unused_mut)]
        let mut draft = $crate::__private::Draft::<$model>::__blank();
        $(
            draft.__model().$field = $crate::__private::assign($crate::new!(@ $field $($value)?));
            draft.__give(const { $crate::__private::place(__META, ::core::stringify!($field)) });
        )*
        draft
    }};
    (@ $field:ident $value:expr) => { $value };
    (@ $field:ident) => { $field };
}
