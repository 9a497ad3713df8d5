//! SeaORM over the same pool as sqlx.

use std::hint::black_box;

use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect, Set, SqlxSqliteConnector, TransactionTrait};

use crate::data::{BATCH, Keys};
use crate::{in_task, with_sqlx};

pub mod user {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub email: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod parent {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "parents")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::child::Entity")]
        Children,
    }

    impl Related<super::child::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Children.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod child {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "children")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub parent_id: i64,
        pub name: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(belongs_to = "super::parent::Entity", from = "Column::ParentId", to = "super::parent::Column::Id")]
        Parent,
    }

    impl Related<super::parent::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Parent.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod item {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "items")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub amount: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub fn open(path: &str) -> DatabaseConnection {
    SqlxSqliteConnector::from_sqlx_sqlite_pool(with_sqlx::open(path))
}

pub fn get(path: &str, times: u32) -> impl FnMut() + use<> {
    let database = open(path);
    move || {
        let database = database.clone();
        in_task(async move {
            let mut keys = Keys::new();
            for _ in 0..times {
                let found = user::Entity::find_by_id(keys.next()).one(&database).await.expect("it reads");
                black_box(found.expect("the row is there"));
            }
        });
    }
}

pub fn fetch_all(path: &str) -> impl FnMut() + use<> {
    let database = open(path);
    move || {
        let database = database.clone();
        in_task(async move {
            let all = user::Entity::find().all(&database).await.expect("it reads");
            assert_eq!(black_box(all).len(), 10_000);
        });
    }
}

pub fn insert(path: &str) -> impl FnMut() + use<> {
    let database = open(path);
    move || {
        let database = database.clone();
        in_task(async move {
            let new = (0..BATCH).map(|number| item::ActiveModel {
                name: Set(format!("Item {number}")),
                amount: Set(number),
                ..Default::default()
            });
            let ids = item::Entity::insert_many(new).exec_with_returning_keys(&database).await.expect("it writes");
            assert_eq!(black_box(ids).len(), 1_000);
        });
    }
}

pub fn update(path: &str) -> impl FnMut() + use<> {
    let database = open(path);
    move || {
        let database = database.clone();
        in_task(async move {
            let transaction = database.begin().await.expect("it begins");
            let items = item::Entity::find().filter(item::Column::Id.lte(1_000)).all(&transaction).await;
            for item in items.expect("it reads") {
                let amount = item.amount;
                let mut changed = item.into_active_model();
                changed.amount = Set(amount + 1);
                black_box(changed.update(&transaction).await.expect("it writes"));
            }
            transaction.commit().await.expect("it commits");
        });
    }
}

pub fn view(path: &str) -> impl FnMut() + use<> {
    let database = open(path);
    move || {
        let database = database.clone();
        in_task(async move {
            let parents = parent::Entity::find().order_by_asc(parent::Column::Id).limit(100).all(&database).await;
            let parents = parents.expect("it reads");
            let children = parents.load_many(child::Entity, &database).await.expect("it reads");
            let pages: Vec<(parent::Model, Vec<child::Model>)> = parents.into_iter().zip(children).collect();
            assert_eq!(black_box(pages).len(), 100);
        });
    }
}
