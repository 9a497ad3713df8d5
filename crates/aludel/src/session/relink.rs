//! Many-to-many relations as sets: what is linked becomes what is given.

use super::Session;
use crate::model::{Bind, Draft, Given, Pending};
use crate::query::ManyToMany;
use crate::{Column, Fk, Handle, Model, Result, Value, View};

impl<B: Bind> Session<B> {
    /// Makes `targets` what an entity is linked with: links that are missing are added, others deleted, the rest stays.
    ///
    /// Flushes, and reads the present links by one SELECT; the next flush sends one DELETE and one INSERT where there is
    /// something to do. Repeated targets count once.
    ///
    /// # Errors
    /// As [`flush`](Session::flush) and [`track`](Session::track); a usage error for a handle of another session or of an
    /// entity that is gone.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct Tag { pub id: i64, pub name: String }
    /// # #[derive(Model, Clone)] #[model(many_to_many(tags: Tag through PostTag))] pub struct Post { pub id: i64 }
    /// # #[derive(Model, Clone)] pub struct PostTag {
    /// #     #[column(key)] pub post_id: Fk<Post>, #[column(key)] pub tag_id: Fk<Tag> }
    /// # async fn edit(db: &mut Session) -> Result<()> {
    /// let post = db.get::<Post>(1).await?;
    /// let tags = db.track(Tag::filter(Tag::NAME.in_(["rust", "sql"]))).await?;
    /// db.relink(post, Post::TAGS, tags).await
    /// # }
    /// ```
    pub async fn relink<M, T, Through>(
        &mut self,
        entity: Handle<M>,
        relation: ManyToMany<M, T, Through>,
        targets: impl IntoIterator<Item = Handle<T>>,
    ) -> Result<()>
    where
        M: Model<Bind = B>,
        T: Model<Bind = B>,
        Through: Model<Bind = B>,
    {
        let (near, far) = relation.ends()?;
        self.flush().await?;
        let mut wanted: Vec<(Vec<Value>, Handle<T>)> = Vec::new();
        for target in targets {
            let unit = &self.guts().unit;
            let Some(found) = unit.resolve(target) else { return Err(Self::foreign::<T>("relink")) };
            let key = unit.key_values(found);
            if !wanted.iter().any(|(known, _)| *known == key) {
                wanted.push((key, target));
            }
        }
        if self.try_get(entity).is_none() {
            return Err(Self::foreign::<M>("relink"));
        }
        let links = self.track(Through::filter(Column::<Through, Fk<M>>::new(near).eq(entity))).await?;
        for link in links {
            let unit = &self.guts().unit;
            let Some(found) = unit.resolve(link) else { continue };
            let mut key = Vec::new();
            unit.store_at(found.store).slot(found.index, far).slot_write(&mut key);
            match wanted.iter().position(|(known, _)| *known == key) {
                Some(at) => drop(wanted.remove(at)),
                None => self.delete(link),
            }
        }
        for (_, target) in wanted {
            let mut draft = Draft { model: Through::__blank(), given: Given::default() };
            let session = entity.session;
            let pending = Pending { layout: M::__layout(), session, index: entity.index };
            draft.model.__slot_mut(near).slot_unresolve(pending);
            let pending = Pending { layout: T::__layout(), session, index: target.index };
            draft.model.__slot_mut(far).slot_unresolve(pending);
            draft.given.insert(near);
            draft.given.insert(far);
            self.add(draft);
        }
        Ok(())
    }
}
