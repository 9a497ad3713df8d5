//! What the derives make of models.

use aludel::model::{Action, Default, Draft, Insert, Supply, registered};
use aludel::prelude::*;
use aludel::{Cells, Column, HasOne, ManyToMany, ToMany, ToOne, ToOption, Type, Value};

#[derive(Model, Clone, Debug, PartialEq)]
#[model(comment = "People", unique(email, role), index(name desc, expr("lower(email)"), name = "ix_people", filter = "age > 0"))]
#[model(check("age >= 0", name = "ck_grown"))]
pub struct User {
    pub id: i64,
    #[column(unique, length = 255)]
    pub email: String,
    pub name: String,
    #[column(default = 18)]
    pub age: i32,
    #[column(default = Role::Editor)]
    pub role: Role,
    pub home: Option<Address>,
    #[column(default = expr("abs(-1)"))]
    pub score: i64,
    #[model(skip)]
    pub note: Vec<String>,
    #[column(generated = "lower(email)", stored)]
    pub folded: String,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq)]
pub enum Role {
    Reader,
    Editor,
    #[column(rename = "chief")]
    EditorInChief,
}

#[derive(Embed, Clone, Debug, PartialEq)]
pub struct Address {
    pub street: String,
    #[column(name = "town")]
    pub city: Option<String>,
}

#[derive(Model, Clone, Debug)]
#[model(table = "articles", many_to_many(tags: Tag through PostTag))]
pub struct Post {
    pub id: i64,
    #[column(on_delete = cascade, index)]
    pub author_id: Fk<User>,
    #[column(inverse = reviewed, on_delete = set_null)]
    pub reviewer_id: Option<Fk<User>>,
    pub title: String,
    #[column(version)]
    pub version: i32,
}

#[derive(Model, Clone, Debug)]
pub struct Profile {
    #[column(key)]
    pub user_id: Fk<User>,
    pub r#type: String,
}

#[derive(Field, Clone, Debug, PartialEq, Eq, Hash)]
#[field(key)]
pub struct TagName(String);

#[derive(Model, Clone, Debug)]
pub struct Tag {
    #[column(key)]
    pub name: TagName,
    pub parent_id: Option<Fk<Self>>,
}

#[derive(Model, Clone, Debug)]
pub struct PostTag {
    #[column(key)]
    pub post_id: Fk<Post>,
    #[column(key)]
    pub tag_id: Fk<Tag>,
}

#[test]
fn constants_have_the_types_of_their_fields() {
    let _: (Column<User, String>, Column<User, Option<Address>>) = (User::EMAIL, User::HOME);
    let _: Column<Post, Fk<User>> = Post::AUTHOR_ID;
    let _: (ToOne<Post, User>, ToMany<User, Post>) = (Post::AUTHOR, User::POSTS);
    let _: (ToOption<Post, User>, ToMany<User, Post>) = (Post::REVIEWER, User::REVIEWED);
    let _: (ToOne<Profile, User>, HasOne<User, Profile>, Column<Profile, String>) =
        (Profile::USER, User::PROFILE, Profile::TYPE);
    let _: (ToOption<Tag, Tag>, ToMany<Tag, Tag>) = (Tag::PARENT, Tag::TAGS);
    let _: ManyToMany<Post, Tag, PostTag> = Post::TAGS;
}

#[test]
fn metadata_says_what_the_attributes_say() {
    let meta = User::META;
    assert_eq!((meta.model, meta.table, meta.comment), ("User", "users", Some("People")));
    assert_eq!((meta.module, meta.bind), ("suite::models", "main"));
    assert!(meta.file.ends_with("models.rs") && meta.line > 1);
    assert_eq!(meta.fields[1].line, meta.line + 3);
    assert!(meta.fields[1].unique && meta.fields[1].length == Some(255));
    assert!(meta.indexes[0].unique && meta.indexes[0].keys[1].of == "role");
    let second = &meta.indexes[1];
    assert_eq!((second.name, second.filter, second.unique), (Some("ix_people"), Some("age > 0"), false));
    assert!(second.keys[0].descending && second.keys[1].expression && second.keys[1].of == "lower(email)");
    assert_eq!((meta.checks[0].sql, meta.checks[0].name), ("age >= 0", Some("ck_grown")));
    assert!(matches!(meta.fields[3].default, Some(Default::Literal(values)) if values() == [Value::Int(18)]));
    assert!(matches!(meta.fields[6].default, Some(Default::Sql("abs(-1)"))));
    assert!(meta.fields[7].generated.is_some_and(|generated| generated.stored));
    assert_eq!(Post::META.table, "articles");
    assert_eq!(Post::META.fields[1].on_delete, Some(Action::Cascade));
    assert_eq!(Post::META.fields[2].on_delete, Some(Action::SetNull));
    assert_eq!(Profile::META.fields[1].name, "type");
}

#[test]
fn layouts_flatten_embedded_structs_and_keys() {
    let names =
        |layout: &aludel::model::Layout| layout.columns.iter().map(|c| (c.name, c.nullable)).collect::<Vec<_>>();
    let user = names(User::__layout());
    assert_eq!(user[5..7], [("home_street", true), ("home_town", true)]);
    assert!(!user.iter().any(|(name, _)| *name == "note"));
    let columns = &User::__layout().columns;
    assert_eq!((columns[0].supply, columns[3].supply), (Supply::Identity, Supply::Literal));
    assert_eq!(columns[4].ty, Type::Enum("role".into()));
    assert_eq!(columns[4].variants, ["reader", "editor", "chief"]);
    let links = PostTag::__layout();
    assert_eq!(names(links), [("post_id", false), ("tag_id", false)]);
    assert_eq!((links.key.as_slice(), &links.columns[1].ty), ([0, 1].as_slice(), &Type::Text));
}

#[test]
fn every_bound_model_is_registered_once() {
    let found = registered("main");
    for meta in [User::META, Post::META, Tag::META, PostTag::META, Profile::META] {
        assert_eq!(found.iter().filter(|other| other.module == meta.module && other.model == meta.model).count(), 1);
    }
    assert!(registered("nowhere").is_empty());
}

#[test]
fn rows_are_read_and_written_by_slots() {
    let mut user = User::__blank();
    assert_eq!((user.age, user.role), (18, Role::Editor));
    user.home = Some(Address { street: "Elm".into(), city: None });
    user.role = Role::EditorInChief;
    let mut row = Vec::new();
    for index in 0..User::META.fields.len() {
        user.__slot(index).slot_write(&mut row);
    }
    assert_eq!(row[4..7], [Value::Text("chief".into()), Value::Text("Elm".into()), Value::Null]);
    assert_eq!(User::__read(&mut Cells::new(&row.as_slice())).unwrap(), user);
    row[4] = Value::Text("tsar".into());
    let error = User::__read(&mut Cells::new(&row.as_slice())).unwrap_err().to_string();
    assert!(error.contains("one of reader, editor, chief"), "{error}");
    assert_eq!(user.__key(), Some(0));
}

#[test]
fn drafts_know_what_was_given_and_convert() {
    let name = "Ann";
    let draft = new!(User { email: "ann@x.io", name, note: vec!["kept".to_owned()] });
    assert_eq!(draft.given().iter().collect::<Vec<_>>(), [1, 2]);
    assert_eq!((draft.model().name.as_str(), draft.model().age, draft.model().note.len()), ("Ann", 18, 1));
    let post = new!(Post { author_id: 7, title: String::from("x"), reviewer_id: Fk::from(3) });
    assert_eq!(post.model().author_id, Fk::Key(7));
    assert_eq!(post.model().reviewer_id, Some(Fk::Key(3)));
    assert_eq!(post.model().version, 1);
    let tag: Draft<Tag> = new!(Tag { name: TagName("rust".into()), parent_id: TagName("all".into()) });
    assert_eq!(tag.model().parent_id, Some(TagName("all".into()).into()));
    let link = new!(PostTag { post_id: 1, tag_id: TagName("rust".into()) });
    assert_eq!(link.model().__key(), Some((1, TagName("rust".into()))));
    let profile = new!(self::Profile { user_id: 1, r#type: "x" });
    assert_eq!(profile.given().iter().count(), 2);
}

#[test]
fn whole_values_give_all_but_what_the_database_makes() {
    let given = |user: User| user.into_draft().given().iter().collect::<Vec<_>>();
    assert_eq!(given(User::__blank()), [1, 2, 3, 4, 5, 6]);
    assert_eq!(given(User { id: 4, ..User::__blank() }), [0, 1, 2, 3, 4, 5, 6]);
}

#[derive(New)]
#[new(Post)]
pub struct NewPost {
    author_id: i64,
    title: String,
    #[new(skip)]
    tags: Vec<String>,
}

#[derive(Patch, Debug, PartialEq)]
#[patch(User)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchUser {
    name: Option<String>,
    #[serde(rename = "mail", alias = "e-mail")]
    email: Option<String>,
    home: Option<Option<Place>>,
}

pub type Place = Address;

impl<'de> serde::Deserialize<'de> for Address {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Address { street: String::deserialize(from)?, city: None })
    }
}

#[test]
fn inputs_give_what_they_have() {
    let new = NewPost { author_id: 3, title: "Hello".into(), tags: vec![] };
    assert!(new.tags.is_empty());
    let draft = new.into_draft();
    assert_eq!((draft.model().author_id, draft.model().title.as_str()), (Fk::Key(3), "Hello"));
    assert_eq!(draft.given().iter().collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn patches_tell_absent_from_null() {
    #[track_caller]
    fn check(json: &str, expected: Result<PatchUser, &str>) {
        match (serde_json::from_str::<PatchUser>(json), expected) {
            (Ok(patch), Ok(expected)) => assert_eq!(patch, expected),
            (Err(error), Err(expected)) => assert!(error.to_string().starts_with(expected), "{error}"),
            (found, _) => panic!("{found:?}"),
        }
    }
    let absent = || PatchUser { name: None, email: None, home: None };
    check("{}", Ok(absent()));
    check(r#"{"home": null}"#, Ok(PatchUser { home: Some(None), ..absent() }));
    check(
        r#"{"e-mail": "x", "name": "A"}"#,
        Ok(PatchUser { email: Some("x".into()), name: Some("A".into()), ..absent() }),
    );
    check(r#"{"name": null}"#, Err("`name` cannot be null"));
    check(r#"{"mail": "x", "e-mail": "y"}"#, Err("duplicate field `mail`"));
    check(r#"{"id": 7}"#, Err("unknown field `id`, expected one of `name`, `mail`, `e-mail`, `home`"));
    check(r#"{"name": 7}"#, Err("invalid type: integer `7`"));
    check(r#"[1]"#, Err("invalid type: sequence, expected the fields of PatchUser"));

    let mut user = User { home: Some(Address { street: "Elm".into(), city: None }), ..User::__blank() };
    PatchUser { name: Some("Ann".into()), home: Some(None), ..absent() }.apply(&mut user);
    assert_eq!((user.name.as_str(), user.home), ("Ann", None));
}

#[derive(View, Debug, Clone)]
#[view(Post)]
pub struct PostPage {
    id: i64,
    author: AuthorName,
    reviewer: Option<AuthorName>,
    tags: Vec<TagLine>,
    #[view(Post::TITLE)]
    headline: String,
}

#[derive(View, Debug, Clone)]
#[view(User)]
struct AuthorName {
    name: String,
}

#[derive(View, Debug, Clone)]
#[view(Tag)]
struct TagLine {
    name: TagName,
}

#[derive(Record, Debug, PartialEq)]
struct Count(i64, Option<String>);

#[derive(Record, Debug, PartialEq)]
struct NamedCount {
    count: i64,
    role: Role,
}

#[derive(Record, Debug)]
struct WithModel {
    tag: Tag,
    count: NamedCount,
}

#[test]
fn views_are_queries() {
    let _ = |page: PostPage| (page.id, page.author.name, page.reviewer, page.tags[0].name.clone(), page.headline);
    let _: aludel::Query<Post, PostPage> = PostPage::all();
}

#[test]
fn records_read_their_fields_in_order() {
    let row = [Value::Int(3), Value::Text("chief".into())];
    let row = row.as_slice();
    assert_eq!(Count::__record(&mut Cells::new(&row)).unwrap(), Count(3, Some("chief".into())));
    let named = NamedCount::__record(&mut Cells::new(&row)).unwrap();
    assert_eq!(named, NamedCount { count: 3, role: Role::EditorInChief });
    let row = [Value::Text("rust".into()), Value::Null, Value::Int(3), Value::Text("reader".into())];
    let both = WithModel::__record(&mut Cells::new(&row.as_slice())).unwrap();
    assert_eq!((both.tag.name, both.count.count), (TagName("rust".into()), 3));
}

async fn database() -> Database {
    let models = vec![User::META, Post::META, Profile::META, Tag::META, PostTag::META];
    let db: Database = Database::open(":memory:").schema(models).await.unwrap();
    db.create_tables().await.unwrap();
    db
}

#[tokio::test]
async fn every_kind_of_field_goes_to_a_database_and_back() {
    let db = database().await;
    let mut session = db.session();
    let home = Address { street: "Elm".into(), city: None };
    let ann = session.add(new!(User { email: "Ann@x.io", name: "Ann", home: home.clone(), role: Role::EditorInChief }));
    session.add(new!(Profile { user_id: ann, r#type: "plain" }));
    let all = session.add(new!(Tag { name: TagName("all".into()) }));
    let rust = session.add(new!(Tag { name: TagName("rust".into()), parent_id: all }));
    let post = session.add(NewPost { author_id: 1, title: "Hello".into(), tags: vec![] });
    session.add(new!(PostTag { post_id: post, tag_id: rust }));
    session.commit().await.unwrap();
    assert_eq!((session[ann].score, session[ann].folded.as_str()), (1, "ann@x.io"));

    let mut session = db.session();
    let users: Vec<User> = session.fetch(User::filter(User::HOME.then(Address::STREET).eq("Elm"))).await.unwrap();
    assert_eq!((&users[0].home, users[0].role, users[0].age), (&Some(home), Role::EditorInChief, 18));
    let page = session.fetch_one(PostPage::at(1)).await.unwrap();
    assert_eq!((page.author.name.as_str(), page.headline.as_str()), ("Ann", "Hello"));
    assert_eq!((page.tags[0].name.clone(), page.reviewer.is_none()), (TagName("rust".into()), true));
    assert_eq!(
        session.fetch_one(Tag::at(TagName("rust".into()))).await.unwrap().parent_id,
        Some(TagName("all".into()).into())
    );
}

#[tokio::test]
async fn raw_sql_binds_what_stands_in_braces() {
    let db = database().await;
    let mut session = db.session();
    for name in ["Ann", "Bob", "{}' or 1"] {
        session.add(new!(User { email: format!("{name}@x.io"), name }));
    }
    session.flush().await.unwrap();
    let (hostile, wanted) = ("{}' or 1", String::from("Ann"));
    let sql = aludel::sql!(
        "select {User::ID}, '{{}}' from {User} where {User::NAME} in ({hostile}, {wanted}, {wanted.to_uppercase()}) order by 1"
    );
    let found = session.fetch(sql.rows::<(i64, String)>()).await.unwrap();
    assert_eq!(found, [(1, "{}".to_owned()), (3, "{}".to_owned())]);
    let role = Role::Editor;
    let counts = aludel::sql!("select count(*), {role} from {User}").rows::<NamedCount>();
    assert_eq!(session.fetch_one(counts).await.unwrap(), NamedCount { count: 3, role });
}
