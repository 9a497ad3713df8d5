//! Users, and the points they hold.

use aludel::axum::{Json, Path};
use aludel::prelude::*;
use axum::http::StatusCode;

use crate::models::User;
use crate::shapes::{NewUser, PatchUser, Transfer, filled};

pub(super) async fn create(Db(mut db): Db, Json(new): Json<NewUser>) -> Result<(StatusCode, Json<User>)> {
    filled("name", &new.name)?;
    if !new.email.contains('@') {
        return Err(Error::field("email", "format", "must be an address with an `@`"));
    }
    let user = db.add(new);
    db.flush().await?;
    Ok((StatusCode::CREATED, Json(db[user].clone())))
}

pub(super) async fn show(Db(mut db): Db, Path(id): Path<i64>) -> Result<Json<User>> {
    db.fetch_one(User::at(id)).await.map(Json)
}

pub(super) async fn change(Db(mut db): Db, Path(id): Path<i64>, Json(patch): Json<PatchUser>) -> Result<Json<User>> {
    if let Some(name) = &patch.name {
        filled("name", name)?;
    }
    let user = db.get::<User>(id).await?;
    db.patch(user, patch);
    db.flush().await?;
    Ok(Json(db[user].clone()))
}

/// Moves points. Both rows are held, the smaller id first, so that two transfers in opposite directions wait for each other
/// instead of blocking each other; and two handles of one user are one user.
pub(super) async fn transfer(Db(mut db): Db, Json(ask): Json<Transfer>) -> Result<StatusCode> {
    if ask.amount < 1 {
        return Err(Error::field("amount", "range", "must be at least 1"));
    }
    for id in [ask.from.min(ask.to), ask.from.max(ask.to)] {
        db.get::<User>(id).lock().await?;
    }
    let from = db.get::<User>(ask.from).await?;
    let to = db.get::<User>(ask.to).await?;
    if db[from].points < ask.amount {
        return Err(Error::refuse(409, format!("{} points are too little", db[from].points)));
    }
    db[from].points -= ask.amount;
    db[to].points += ask.amount;
    Ok(StatusCode::NO_CONTENT)
}
