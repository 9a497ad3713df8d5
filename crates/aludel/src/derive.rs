//! The derives, with what each understands.

/// Makes a struct a model: its values are rows of one table.
///
/// The struct has named fields and no type parameters. The field `id` is its key: an integer is an identity that the
/// database assigns, a `Uuid` a version 7 that [`Session::add`](crate::Session::add) makes. Any other key is marked: one
/// field with `#[column(key)]`, or several for a composite key.
///
/// ```
/// use aludel::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// pub struct User {
///     pub id: i64,
///     #[column(unique, length = 255)]
///     pub email: String,
///     #[column(default = 100)]
///     pub points: i32,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// #[model(index(author_id, title desc), check("title <> ''"), many_to_many(tags: Tag through PostTag))]
/// pub struct Post {
///     pub id: i64,
///     #[column(on_delete = cascade)]
///     pub author_id: Fk<User>,
///     pub title: String,
///     #[column(version)]
///     pub version: i32,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// pub struct Tag {
///     #[column(key, length = 40)]
///     pub name: String,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// pub struct PostTag {
///     #[column(key)]
///     pub post_id: Fk<Post>,
///     #[column(key)]
///     pub tag_id: Fk<Tag>,
/// }
///
/// assert_eq!(User::META.table, "users");
/// let _ = (Post::TITLE, Post::AUTHOR, User::POSTS, Post::TAGS);
/// ```
///
/// # Constants
///
/// - a [`Column`](crate::Column) per field, in capitals: `Post::TITLE`;
/// - per foreign key the relation, named without `_id`: `Post::AUTHOR` is a [`ToOne`](crate::ToOne), of an `Option<Fk<_>>` a
///   [`ToOption`](crate::ToOption); hence a field that is an `Fk` has to end in `_id`;
/// - on the model it points at, the inverse: `User::POSTS`, a [`ToMany`](crate::ToMany) in the plural; where the foreign key
///   is unique or the whole key, a [`HasOne`](crate::HasOne) in the singular. Rust allows it only within one crate, so a
///   foreign key to a model of another crate says `#[column(inverse = none)]`;
/// - per `many_to_many` a [`ManyToMany`](crate::ManyToMany).
///
/// They are as visible as their fields.
///
/// # On the struct: `#[model(..)]`
///
/// | word | meaning |
/// |---|---|
/// | `table = "people"` | the table; without it the name in snake case and the plural: `PostTag` is `post_tags`, `Category` `categories` |
/// | `bind = Reporting` | the database it lives in, a type with [`Bind`](crate::model::Bind) |
/// | `comment = ".."` | what people should know of the table |
/// | `renamed_from = "persons"` | the former table, for the next generated revision |
/// | `index(author_id, title desc)` | an index; also `expr("lower(title)")` as a key, `name = ".."`, `filter = ".."` (SQL), `unique` |
/// | `unique(author_id, title)` | a unique rule |
/// | `check("likes >= 0", name = "..")` | a rule over the row, in SQL; the name is optional |
/// | `many_to_many(tags: Tag through PostTag)` | a relation over a table of pairs; `through Friendship(from_id, to_id)` where two of its foreign keys point at one model |
///
/// # On a field: `#[column(..)]`
///
/// | word | meaning |
/// |---|---|
/// | `key` | (part of) the key |
/// | `unique`, `index` | a unique rule or an index on this column alone; a foreign key has an index anyway |
/// | `default = 100` | a literal or other Rust value: known in memory at once, and in the table |
/// | `default = now` | the database's clock |
/// | `default = expr("lower('X')")` | an expression of the database |
/// | `generated = "lower(email)"` | computed from other columns and never written; `stored` keeps it in the row |
/// | `length = 255` | at most so many characters, checked before anything is sent |
/// | `precision = (10, 2)` | digits of a decimal, in all and behind the point |
/// | `check = "likes >= 0"` | a rule over the column, in SQL |
/// | `comment = ".."` | what people should know of the column; a doc comment is for programmers |
/// | `name = "mail"` | the column's name, where the field's does not do |
/// | `renamed_from = "mail"` | the former column, for the next generated revision |
/// | `version` | an integer that starts at 1, which each UPDATE checks and counts up |
/// | `updated` | set to the time of each UPDATE |
/// | `on_delete = cascade` | what the database does when the row pointed at goes: `cascade`, `restrict`, `set_null`, `set_default`, `no_action` |
/// | `on_update = cascade` | the same when its key changes |
/// | `cascade` | deleting the row pointed at in a session deletes these too |
/// | `inverse = written` | the name of the inverse, here `User::WRITTEN`; `inverse = none` for no inverse |
/// | `no_constraint` | a foreign key that the database does not check |
///
/// `#[model(skip)]` on a field keeps it out of the database; it is `Default::default()` when a row is read.
#[doc(inline)]
pub use aludel_macros::Model;

/// Makes an enum of plain variants a column that holds their names in snake case.
///
/// `#[column(rename = "..")]` on a variant gives another text, `#[column(renamed_from = "..")]` says which text it had, so
/// that the next generated revision renames it and keeps the rows; `#[column(name = "..")]` on the enum gives another name
/// than its own in snake case; `#[field(key)]` on the enum lets it be a key, as with `derive(Field)`. What a field holds before the
/// database has answered is the first variant.
///
/// ```
/// use aludel::prelude::*;
///
/// #[derive(Enum, Clone, Copy, Debug, PartialEq)]
/// pub enum Role {
///     Reader,
///     #[column(rename = "chief")]
///     EditorInChief,
/// }
///
/// #[derive(Model)]
/// pub struct User {
///     pub id: i64,
///     #[column(default = Role::Reader)]
///     pub role: Role,
/// }
/// ```
///
/// A row with any other text is a decode error that lists the variants.
#[doc(inline)]
pub use aludel_macros::Enum;

/// Makes a struct a group of columns of the model that has it as a field.
///
/// The column of a part is the field's name and the part's: `home_city`. `#[column(name = "..")]` on a part replaces the
/// second half. An `Option` of the struct is NULL in all columns or none. In queries a part is
/// `User::HOME.then(Address::CITY)`.
///
/// ```
/// use aludel::prelude::*;
///
/// #[derive(Embed, Clone, Debug)]
/// pub struct Address {
///     pub street: String,
///     pub city: String,
/// }
///
/// #[derive(Model)]
/// pub struct User {
///     pub id: i64,
///     pub home: Address,
///     pub office: Option<Address>,
/// }
///
/// let _ = User::filter(User::HOME.then(Address::CITY).eq("Bonn"));
/// ```
#[doc(inline)]
pub use aludel_macros::Embed;

/// Makes a struct of one field a column of what it wraps.
///
/// With `#[field(key)]` it can be a key too, and foreign keys take it; it then needs `Clone`, `Debug`, `PartialEq`, `Eq`
/// and `Hash`.
///
/// ```
/// use aludel::prelude::*;
///
/// #[derive(Field, Clone, Debug, PartialEq, Eq, Hash)]
/// #[field(key)]
/// pub struct UserId(i64);
///
/// #[derive(Field, Clone, Debug)]
/// pub struct Email(String);
///
/// #[derive(Model)]
/// pub struct User {
///     pub id: UserId,
///     pub email: Email,
/// }
/// ```
#[doc(inline)]
pub use aludel_macros::Field;

/// Makes a struct an input from which rows of `#[new(Model)]` are added.
///
/// Each field goes to the field of its name, converted by [`Assign`](crate::Assign); a required column without a field is a
/// compile error. What the struct does not have cannot be set by a client. `#[new(skip)]` on a field leaves it out.
///
/// ```
/// use aludel::prelude::*;
///
/// #[derive(Model)]
/// pub struct User {
///     pub id: i64,
///     pub email: String,
///     #[column(default = 100)]
///     pub points: i32,
/// }
///
/// #[derive(New, serde::Deserialize)]
/// #[new(User)]
/// pub struct NewUser {
///     email: String,
/// }
///
/// fn sign_up(db: &mut Session, new: NewUser) -> Handle<User> {
///     db.add(new)
/// }
/// ```
#[doc(inline)]
pub use aludel_macros::New;

/// Makes a struct an input that changes some fields of `#[patch(Model)]`, and `Deserialize`.
///
/// Each field is an `Option` of the column's type: absent keeps what is there, null clears a column that is itself an
/// `Option`, and is an error that names the field for any other. `#[serde(rename_all = "..", deny_unknown_fields)]` on the
/// struct and `#[serde(rename = "..", alias = "..")]` on fields are honoured.
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
/// #[derive(Patch)]
/// #[patch(User)]
/// pub struct PatchUser {
///     name: Option<String>,
///     bio: Option<Option<String>>,
/// }
///
/// # fn main() -> std::result::Result<(), serde_json::Error> {
/// let patch: PatchUser = serde_json::from_str(r#"{"bio": null}"#)?;
/// assert_eq!((patch.name, patch.bio), (None, Some(None)));
/// # Ok(()) }
/// ```
#[doc(inline)]
pub use aludel_macros::Patch;

/// Makes a struct a shape that queries of `#[view(Model)]` are read into.
///
/// Each field comes from the constant of its name, or from the expression of `#[view(..)]`: a column gives its own type; a
/// to-one relation a view or model of its target, in an `Option` for a nullable key; a to-many relation a `Vec` of those.
/// Columns and to-one relations are one statement, each to-many relation is one more, whatever the number of rows.
///
/// ```
/// use aludel::prelude::*;
///
/// #[derive(Model)]
/// pub struct Author {
///     pub id: i64,
///     pub name: String,
/// }
///
/// #[derive(Model)]
/// pub struct Book {
///     pub id: i64,
///     pub author_id: Fk<Author>,
///     pub title: String,
/// }
///
/// #[derive(View)]
/// #[view(Author)]
/// struct Shelf {
///     name: String,
///     books: Vec<Book>,
///     #[view(Author::BOOKS.count())]
///     count: i64,
/// }
///
/// async fn shelves(db: &mut Session) -> Result<Vec<Shelf>> {
///     db.fetch(Shelf::filter(Author::NAME.starts_with("A"))).await
/// }
/// ```
#[doc(inline)]
pub use aludel_macros::View;

/// Makes a struct readable from rows of raw SQL: its fields take the cells in order.
///
/// ```
/// use aludel::prelude::*;
///
/// #[derive(Record)]
/// struct Total {
///     name: String,
///     posts: i64,
/// }
///
/// async fn totals(db: &mut Session) -> Result<Vec<Total>> {
///     db.fetch(aludel::sql!("select name, count(*) from posts group by name").rows::<Total>()).await
/// }
/// ```
///
/// A field is a column type, a model, or another record; each takes the next cells.
#[doc(inline)]
pub use aludel_macros::Record;

/// Makes SQL of a text with values, columns and models in braces.
///
/// A value in braces is bound, never written into the text, so nothing can be injected. A name in `CamelCase` is a model,
/// which stands for its table; a column or an expression stands for its SQL. Doubled braces are braces.
///
/// ```
/// use aludel::prelude::*;
///
/// #[derive(Model)]
/// pub struct Post {
///     pub id: i64,
///     pub title: String,
///     pub likes: i32,
/// }
///
/// async fn best(db: &mut Session, at_least: i32) -> Result<Vec<(i64, String)>> {
///     let sql = aludel::sql!("select {Post::ID}, upper(title) from {Post} where likes >= {at_least} order by likes desc");
///     db.fetch(sql.rows::<(i64, String)>()).await
/// }
/// ```
#[doc(inline)]
pub use aludel_macros::sql;
