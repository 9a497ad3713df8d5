//! Steps of a run, done in a session and in the oracle, and compared.

use std::future::Future;
use std::pin::Pin;

use aludel::prelude::*;
use proptest::prelude::*;

use super::naive::{Memory, Naive, OwnerRow, PetRow, State, Verdict};
use super::{Owner, Pet};

#[derive(Clone, Debug)]
pub(super) enum Step {
    /// What shrinking leaves of the others.
    Nothing,
    AddOwner(u8),
    AddPet(Option<u8>, Option<u8>),
    GetOwner(u8),
    GetPet(u8),
    Points(u8, i64),
    Rename(u8, u8),
    Age(u8, i32),
    Relate(u8, Option<u8>),
    Mother(u8, Option<u8>),
    DeleteOwner(u8),
    DeletePet(u8),
    Flush,
    Fetch,
    Savepoint(Vec<Step>, bool),
    Rollback,
    Commit,
    /// Another session changes and commits, where this one has no transaction.
    Others(Other),
}

#[derive(Clone, Debug)]
pub(super) enum Other {
    Points(u8, i64),
    Age(u8, i32),
    DeletePet(u8),
}

/// Sequences of 40 steps.
pub(super) fn sequence() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(2), 40)
}

fn step(depth: u32) -> BoxedStrategy<Step> {
    let some = any::<u8>;
    let maybe = || proptest::option::of(any::<u8>());
    let flat = prop_oneof![
        1 => Just(Step::Nothing),
        3 => (0..12u8).prop_map(Step::AddOwner),
        4 => (maybe(), maybe()).prop_map(|(owner, mother)| Step::AddPet(owner, mother)),
        2 => some().prop_map(Step::GetOwner),
        2 => some().prop_map(Step::GetPet),
        4 => (some(), -60..60i64).prop_map(|(at, by)| Step::Points(at, by)),
        2 => (some(), 0..12u8).prop_map(|(at, name)| Step::Rename(at, name)),
        3 => (some(), 0..30i32).prop_map(|(at, age)| Step::Age(at, age)),
        3 => (some(), maybe()).prop_map(|(pet, owner)| Step::Relate(pet, owner)),
        2 => (some(), maybe()).prop_map(|(pet, mother)| Step::Mother(pet, mother)),
        1 => some().prop_map(Step::DeleteOwner),
        2 => some().prop_map(Step::DeletePet),
        4 => Just(Step::Flush),
        1 => Just(Step::Fetch),
        1 => Just(Step::Rollback),
        3 => Just(Step::Commit),
        2 => (some(), 0..200i64).prop_map(|(at, points)| Step::Others(Other::Points(at, points))),
        1 => (some(), 0..30i32).prop_map(|(at, age)| Step::Others(Other::Age(at, age))),
        1 => some().prop_map(|at| Step::Others(Other::DeletePet(at))),
    ];
    if depth == 0 {
        return flat.boxed();
    }
    let inner = proptest::collection::vec(step(depth - 1), 0..8);
    prop_oneof![14 => flat, 1 => (inner, any::<bool>()).prop_map(|(steps, keep)| Step::Savepoint(steps, keep))].boxed()
}

/// One run: a database, the oracle, and the handles in the order of their making.
pub(super) struct Run<'a> {
    pub(super) db: &'a Database,
    pub(super) naive: Naive,
    pub(super) owners: Vec<Handle<Owner>>,
    pub(super) pets: Vec<Handle<Pet>>,
}

type Done<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + 'a>>;

impl Run<'_> {
    pub(super) fn perform<'a>(&'a mut self, session: &'a mut Session, steps: &'a [Step], depth: usize) -> Done<'a> {
        Box::pin(async move {
            for (at, step) in steps.iter().enumerate() {
                let told = |problem: String| format!("step {at} at depth {depth}, {step:?}: {problem}");
                self.one(session, step, depth).await.map_err(told)?;
                self.compare(session).map_err(told)?;
            }
            Ok(())
        })
    }

    async fn one(&mut self, session: &mut Session, step: &Step, depth: usize) -> Result<(), String> {
        match step {
            Step::AddOwner(name) => {
                let row = OwnerRow { name: format!("n{name}"), points: 100 };
                self.owners.push(session.add(new!(Owner { name: row.name.clone() })));
                self.naive.world.owners.push(Memory::new(row));
            }
            Step::AddPet(owner, mother) => {
                let (owner, mother) = (owner.and_then(|at| self.owner(at)), mother.and_then(|at| self.pet(at)));
                let owner_id = owner.map(|token| self.owners[token]);
                let mother_id = mother.map(|token| self.pets[token]);
                self.pets.push(session.add(new!(Pet { owner_id, mother_id, age: 1 })));
                let row = PetRow { owner, mother, age: 1, version: 0 };
                self.naive.world.pets.push(Memory::new(row));
            }
            Step::Points(at, by) => {
                if let Some(token) = self.owner(*at) {
                    session[self.owners[token]].points += by;
                    self.naive.world.owners[token].now.points += by;
                }
            }
            Step::Rename(at, name) => {
                if let Some(token) = self.owner(*at) {
                    let name = format!("n{name}");
                    session[self.owners[token]].name.clone_from(&name);
                    self.naive.world.owners[token].now.name = name;
                }
            }
            Step::Age(at, age) => {
                if let Some(token) = self.pet(*at) {
                    session[self.pets[token]].age = *age;
                    self.naive.world.pets[token].now.age = *age;
                }
            }
            Step::Relate(pet, owner) => {
                let owner = owner.and_then(|at| self.owner(at));
                if let Some(token) = self.pet(*pet) {
                    session[self.pets[token]].owner_id = owner.map(|owner| self.owners[owner].into());
                    self.naive.world.pets[token].now.owner = owner;
                }
            }
            Step::Mother(pet, mother) => {
                let mother = mother.and_then(|at| self.pet(at));
                if let Some(token) = self.pet(*pet) {
                    session[self.pets[token]].mother_id = mother.map(|mother| self.pets[mother].into());
                    self.naive.world.pets[token].now.mother = mother;
                }
            }
            Step::DeleteOwner(at) => {
                if let Some(token) = self.owner(*at) {
                    session.delete(self.owners[token]);
                    self.naive.world.owners[token].delete();
                }
            }
            Step::DeletePet(at) => {
                if let Some(token) = self.pet(*at) {
                    session.delete(self.pets[token]);
                    self.naive.world.pets[token].delete();
                }
            }
            Step::GetOwner(at) => self.get_owner(session, *at).await?,
            Step::GetPet(at) => self.get_pet(session, *at).await?,
            Step::Flush => {
                let done = session.flush().await;
                self.flushed(session, done, depth)?;
            }
            Step::Fetch => self.fetch(session, depth).await?,
            Step::Savepoint(steps, keep) => self.savepoint(session, steps, *keep, depth).await?,
            Step::Rollback if depth == 0 => {
                session.rollback().await.map_err(|error| error.to_string())?;
                self.rolled_back();
            }
            Step::Commit if depth == 0 => self.commit(session).await?,
            Step::Others(other) if depth == 0 && !self.naive.in_transaction && self.naive.failed.is_none() => {
                self.others(other).await?;
            }
            Step::Nothing | Step::Rollback | Step::Commit | Step::Others(_) => {}
        }
        Ok(())
    }

    /// An owner that is there, by any number.
    fn owner(&self, at: u8) -> Option<usize> {
        let token = usize::from(at).checked_rem(self.owners.len())?;
        self.naive.world.owners[token].is_live().then_some(token)
    }

    fn pet(&self, at: u8) -> Option<usize> {
        let token = usize::from(at).checked_rem(self.pets.len())?;
        self.naive.world.pets[token].is_live().then_some(token)
    }

    async fn get_owner(&mut self, session: &mut Session, at: u8) -> Result<(), String> {
        let Some(token) = usize::from(at).checked_rem(self.owners.len()) else { return Ok(()) };
        let Some(key) = self.naive.world.owners[token].key else { return Ok(()) };
        let got = session.get::<Owner>(key).await;
        let stored = self.naive.world.stored.owners.get(&token).cloned();
        let memory = &mut self.naive.world.owners[token];
        let wanted = self.naive.failed.is_none() && memory.state == State::Clean && stored.is_some();
        match (got, stored) {
            (Ok(handle), Some(stored)) if wanted && handle == self.owners[token] => {
                if memory.now == memory.base {
                    (memory.now, memory.base) = (stored.clone(), stored);
                }
            }
            (Err(error), _) if !wanted => expected_refusal(&error, self.naive.failed.is_some())?,
            (got, _) => return Err(format!("wanted {wanted}, got {got:?}")),
        }
        self.naive.in_transaction |= self.naive.failed.is_none();
        Ok(())
    }

    async fn get_pet(&mut self, session: &mut Session, at: u8) -> Result<(), String> {
        let Some(token) = usize::from(at).checked_rem(self.pets.len()) else { return Ok(()) };
        let Some(key) = self.naive.world.pets[token].key else { return Ok(()) };
        let got = session.get::<Pet>(key).await;
        let stored = self.naive.world.stored.pets.get(&token).cloned();
        let memory = &mut self.naive.world.pets[token];
        let wanted = self.naive.failed.is_none() && memory.state == State::Clean && stored.is_some();
        match (got, stored) {
            (Ok(handle), Some(stored)) if wanted && handle == self.pets[token] => {
                if memory.now == memory.base {
                    (memory.now, memory.base) = (stored.clone(), stored);
                }
            }
            (Err(error), _) if !wanted => expected_refusal(&error, self.naive.failed.is_some())?,
            (got, _) => return Err(format!("wanted {wanted}, got {got:?}")),
        }
        self.naive.in_transaction |= self.naive.failed.is_none();
        Ok(())
    }

    /// Holds the outcome of a flush to the oracle's verdict, and follows it. True where it succeeded.
    fn flushed(&mut self, session: &Session, done: Result<()>, depth: usize) -> Result<bool, String> {
        if self.naive.failed.is_some() {
            return match done {
                Ok(()) if matches!(self.naive.judge(), Verdict::Nothing) => Ok(true),
                Err(error) if error.is_transaction_failed() => Ok(false),
                other => Err(format!("after a failure, a flush gave {other:?}")),
            };
        }
        match (self.naive.judge(), done) {
            (Verdict::Nothing, Ok(())) => Ok(true),
            (Verdict::Writes { after, .. }, Ok(())) => {
                self.naive.world = *after;
                self.naive.in_transaction = true;
                self.learn_keys(session)?;
                Ok(true)
            }
            (Verdict::Writes { forgiven: true, .. } | Verdict::MustFail(_), Err(error)) => {
                // A mistake found before anything is sent leaves the transaction as it is.
                if !error.is_usage() {
                    self.naive.failed = Some(depth);
                    self.naive.in_transaction = depth > 0;
                }
                Ok(false)
            }
            (Verdict::MustFail(why), Ok(())) => Err(format!("the flush wrote in spite of this: {why}")),
            (verdict, done) => Err(format!("the flush gave {done:?}, but {verdict:?}")),
        }
    }

    fn learn_keys(&mut self, session: &Session) -> Result<(), String> {
        for (token, memory) in self.naive.world.owners.iter_mut().enumerate() {
            if memory.state == State::Clean && memory.key.is_none() {
                memory.key = Some(session.key(self.owners[token]).ok_or("a flushed owner has no key")?);
            }
        }
        for (token, memory) in self.naive.world.pets.iter_mut().enumerate() {
            if memory.state == State::Clean && memory.key.is_none() {
                memory.key = Some(session.key(self.pets[token]).ok_or("a flushed pet has no key")?);
            }
        }
        Ok(())
    }

    async fn fetch(&mut self, session: &mut Session, depth: usize) -> Result<(), String> {
        let fetched = session.fetch(Owner::all().order_by(Owner::ID.asc()).select((Owner::NAME, Owner::POINTS))).await;
        let was_failed = self.naive.failed.is_some();
        match fetched {
            Ok(_) if was_failed => Err("a fetch after a failure answered".to_owned()),
            Ok(mut rows) => {
                self.flushed(session, Ok(()), depth)?;
                let stored = self.naive.world.stored.owners.values();
                let mut wanted: Vec<_> = stored.map(|owner| (owner.name.clone(), owner.points)).collect();
                rows.sort();
                wanted.sort();
                self.naive.in_transaction = true;
                if rows == wanted { Ok(()) } else { Err(format!("fetched {rows:?}, stored {wanted:?}")) }
            }
            Err(error) if was_failed && error.is_transaction_failed() => Ok(()),
            Err(error) => self.flushed(session, Err(error), depth).map(|_| ()),
        }
    }

    async fn savepoint(
        &mut self,
        session: &mut Session,
        steps: &[Step],
        keep: bool,
        depth: usize,
    ) -> Result<(), String> {
        let (before, failed) = (self.naive.world.clone(), self.naive.failed);
        let mut part = session.begin_savepoint();
        self.perform(&mut part, steps, depth + 1).await?;
        let kept = match keep {
            true => {
                let done = part.flush().await;
                let flushed = self.flushed(&part, done, depth + 1)?;
                let released = part.release().await;
                if released.is_ok() != (flushed && self.naive.failed.is_none()) {
                    return Err(format!("the flush gave {flushed}, and the release {released:?}"));
                }
                released.is_ok()
            }
            false => {
                drop(part);
                false
            }
        };
        if !kept {
            self.naive.world = before;
            for _ in self.naive.world.owners.len()..self.owners.len() {
                let row = OwnerRow { name: String::new(), points: 0 };
                self.naive.world.owners.push(Memory { state: State::Undone, ..Memory::new(row) });
            }
            for _ in self.naive.world.pets.len()..self.pets.len() {
                let row = PetRow { owner: None, mother: None, age: 0, version: 0 };
                self.naive.world.pets.push(Memory { state: State::Undone, ..Memory::new(row) });
            }
            self.naive.failed = failed;
        }
        Ok(())
    }

    async fn commit(&mut self, session: &mut Session) -> Result<(), String> {
        let done = session.commit().await;
        let failed_before = self.naive.failed.is_some();
        let committed = done.is_ok();
        let flushed = if failed_before { !committed } else { self.flushed(session, done, 0)? };
        if failed_before && committed {
            return Err("a commit after a failure succeeded".to_owned());
        }
        if flushed && !failed_before {
            self.naive.committed = self.naive.world.stored.clone();
            self.naive.begin = self.naive.world.clone();
            self.naive.in_transaction = false;
        } else {
            self.rolled_back();
        }
        Ok(())
    }

    /// Everything is what it was when the transaction began.
    fn rolled_back(&mut self) {
        self.naive.world = self.naive.begin.clone();
        self.naive.world.stored = self.naive.committed.clone();
        for _ in self.naive.world.owners.len()..self.owners.len() {
            let row = OwnerRow { name: String::new(), points: 0 };
            self.naive.world.owners.push(Memory { state: State::Undone, ..Memory::new(row) });
        }
        for _ in self.naive.world.pets.len()..self.pets.len() {
            let row = PetRow { owner: None, mother: None, age: 0, version: 0 };
            self.naive.world.pets.push(Memory { state: State::Undone, ..Memory::new(row) });
        }
        self.naive.begin = self.naive.world.clone();
        self.naive.failed = None;
        self.naive.in_transaction = false;
    }

    async fn others(&mut self, other: &Other) -> Result<(), String> {
        let told = |error: Error| format!("the other session: {error}");
        let committed = &mut self.naive.committed;
        match other {
            Other::Points(at, points) => {
                let Some(token) = usize::from(*at).checked_rem(self.owners.len()) else { return Ok(()) };
                let key = self.naive.world.owners[token].key;
                let (Some(row), Some(key)) = (committed.owners.get_mut(&token), key) else { return Ok(()) };
                row.points = *points;
                let work = async |db: &mut Session| {
                    let owner = db.get::<Owner>(key).await?;
                    db[owner].points = *points;
                    Ok(())
                };
                self.db.transaction(work).await.map_err(told)?;
            }
            Other::Age(at, age) => {
                let Some(token) = usize::from(*at).checked_rem(self.pets.len()) else { return Ok(()) };
                let key = self.naive.world.pets[token].key;
                let (Some(row), Some(key)) = (committed.pets.get_mut(&token), key) else { return Ok(()) };
                if row.age != *age {
                    (row.age, row.version) = (*age, row.version + 1);
                }
                let work = async |db: &mut Session| {
                    let pet = db.get::<Pet>(key).await?;
                    db[pet].age = *age;
                    Ok(())
                };
                self.db.transaction(work).await.map_err(told)?;
            }
            Other::DeletePet(at) => {
                let Some(token) = usize::from(*at).checked_rem(self.pets.len()) else { return Ok(()) };
                let key = self.naive.world.pets[token].key;
                let is_mother = committed.pets.values().any(|pet| pet.mother == Some(token));
                let (true, Some(key), false) = (committed.pets.contains_key(&token), key, is_mother) else {
                    return Ok(());
                };
                committed.pets.remove(&token);
                self.db.transaction(async |db| db.delete(Pet::at(key)).await).await.map_err(told)?;
            }
        }
        self.naive.world.stored = self.naive.committed.clone();
        self.naive.begin.stored = self.naive.committed.clone();
        Ok(())
    }

    /// Memory, entity by entity.
    fn compare(&self, session: &Session) -> Result<(), String> {
        for (token, memory) in self.naive.world.owners.iter().enumerate() {
            let found = session.try_get(self.owners[token]);
            let same = match found {
                Some(owner) => {
                    memory.is_present() && (owner.name == memory.now.name) && owner.points == memory.now.points
                }
                None => !memory.is_present(),
            };
            if !same {
                return Err(format!("owner {token} is {found:?}, should be {memory:?}"));
            }
        }
        for (token, memory) in self.naive.world.pets.iter().enumerate() {
            let found = session.try_get(self.pets[token]);
            let same = match found {
                Some(pet) => {
                    let version = memory.state == State::New || pet.version == memory.now.version;
                    memory.is_present()
                        && version
                        && pet.age == memory.now.age
                        && points_at(&pet.owner_id, memory.now.owner, &self.owners, |owner| {
                            self.naive.world.owners[owner].key
                        })
                        && points_at(&pet.mother_id, memory.now.mother, &self.pets, |pet| {
                            self.naive.world.pets[pet].key
                        })
                }
                None => !memory.is_present(),
            };
            if !same {
                return Err(format!("pet {token} is {found:?}, should be {memory:?}"));
            }
        }
        Ok(())
    }

    /// The database, row by row, as another session sees it.
    pub(super) async fn compare_stored(&self) -> Result<(), String> {
        let mut db = self.db.read();
        let rows = db.fetch(Owner::all()).await.map_err(|error| error.to_string())?;
        let mut found: Vec<_> = rows.into_iter().map(|owner| (owner.id, owner.name, owner.points)).collect();
        found.sort();
        let key = |token: usize| self.naive.world.owners[token].key.unwrap_or(-1);
        let mut wanted: Vec<_> = self
            .naive
            .committed
            .owners
            .iter()
            .map(|(token, row)| (key(*token), row.name.clone(), row.points))
            .collect();
        wanted.sort();
        if found != wanted {
            return Err(format!("stored owners are {found:?}, should be {wanted:?}"));
        }
        let rows = db.fetch(Pet::all()).await.map_err(|error| error.to_string())?;
        let of = |id: Option<&i64>| id.copied();
        let mut found: Vec<_> = rows
            .iter()
            .map(|pet| {
                let owner = of(pet.owner_id.as_ref().and_then(Fk::key));
                (pet.id, owner, of(pet.mother_id.as_ref().and_then(Fk::key)), pet.age, pet.version)
            })
            .collect();
        found.sort_unstable();
        let pet_key = |token: usize| self.naive.world.pets[token].key.unwrap_or(-1);
        let mut wanted: Vec<_> = self
            .naive
            .committed
            .pets
            .iter()
            .map(|(token, row)| (pet_key(*token), row.owner.map(key), row.mother.map(pet_key), row.age, row.version))
            .collect();
        wanted.sort_unstable();
        if found == wanted { Ok(()) } else { Err(format!("stored pets are {found:?}, should be {wanted:?}")) }
    }
}

fn expected_refusal(error: &Error, failed: bool) -> Result<(), String> {
    let fits = if failed { error.is_transaction_failed() } else { error.is_not_found() };
    if fits { Ok(()) } else { Err(format!("refused by {error}")) }
}

/// Whether a foreign key is the key of `token`, or its handle while it has none.
fn points_at<M: Model<Key = i64>>(
    field: &Option<Fk<M>>,
    token: Option<usize>,
    handles: &[Handle<M>],
    key: impl Fn(usize) -> Option<i64>,
) -> bool {
    match (field, token) {
        (None, None) => true,
        (Some(Fk::Key(found)), Some(token)) => key(token) == Some(*found),
        (Some(Fk::Pending(handle)), Some(token)) => handles[token] == *handle,
        _ => false,
    }
}
