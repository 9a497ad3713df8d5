//! The oracle: maps, copies, and no idea of how a flush works.

use std::collections::{BTreeMap, BTreeSet};

/// An owner or a pet, by the order in which the run made them.
pub(super) type Token = usize;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct OwnerRow {
    pub(super) name: String,
    pub(super) points: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct PetRow {
    pub(super) owner: Option<Token>,
    pub(super) mother: Option<Token>,
    pub(super) age: i32,
    pub(super) version: i32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    New,
    Clean,
    Doomed,
    Gone,
    Undone,
}

/// An entity: what memory shows, and the row it was last read from or written to.
#[derive(Clone, Debug)]
pub(super) struct Memory<R> {
    pub(super) state: State,
    pub(super) now: R,
    pub(super) base: R,
    pub(super) key: Option<i64>,
}

impl<R: Clone + PartialEq> Memory<R> {
    pub(super) fn new(row: R) -> Self {
        Memory { state: State::New, base: row.clone(), now: row, key: None }
    }

    pub(super) fn is_present(&self) -> bool {
        matches!(self.state, State::New | State::Clean | State::Doomed)
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self.state, State::New | State::Clean)
    }

    fn is_changed(&self) -> bool {
        self.state == State::Clean && self.now != self.base
    }

    pub(super) fn delete(&mut self) {
        self.state = match self.state {
            State::New => State::Undone,
            State::Clean => State::Doomed,
            other => other,
        };
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tables {
    pub(super) owners: BTreeMap<Token, OwnerRow>,
    pub(super) pets: BTreeMap<Token, PetRow>,
}

/// Everything a savepoint brings back.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) owners: Vec<Memory<OwnerRow>>,
    pub(super) pets: Vec<Memory<PetRow>>,
    pub(super) stored: Tables,
}

#[derive(Debug, Default)]
pub(super) struct Naive {
    pub(super) world: World,
    pub(super) begin: World,
    pub(super) committed: Tables,
    /// At which depth of savepoints a statement failed.
    pub(super) failed: Option<usize>,
    pub(super) in_transaction: bool,
}

/// What a flush has to do.
#[derive(Debug)]
pub(super) enum Verdict {
    Nothing,
    /// Succeed, and leave this; `forgiven` where values change hands and an engine may refuse the order.
    Writes {
        after: Box<World>,
        forgiven: bool,
    },
    MustFail(&'static str),
}

impl Naive {
    pub(super) fn judge(&self) -> Verdict {
        let world = &self.world;
        let mut after = world.clone();
        let busy = world
            .owners
            .iter()
            .any(|one| one.state == State::New || one.state == State::Doomed || one.is_changed())
            || world.pets.iter().any(|one| one.state == State::New || one.state == State::Doomed || one.is_changed());
        if !busy {
            return Verdict::Nothing;
        }
        if let Some(why) = stale(world) {
            return Verdict::MustFail(why);
        }
        for (token, owner) in after.owners.iter_mut().enumerate() {
            match owner.state {
                State::New | State::Clean if owner.state == State::New || owner.is_changed() => {
                    let mut row = owner.now.clone();
                    if let (State::Clean, Some(stored)) = (owner.state, world.stored.owners.get(&token)) {
                        // Only what differs is written.
                        row.name = if owner.now.name == owner.base.name { stored.name.clone() } else { row.name };
                        row.points = if owner.now.points == owner.base.points { stored.points } else { row.points };
                    }
                    after.stored.owners.insert(token, row);
                    owner.base = owner.now.clone();
                    owner.state = State::Clean;
                }
                State::Doomed => {
                    after.stored.owners.remove(&token);
                    owner.state = State::Gone;
                }
                _ => {}
            }
        }
        for (token, pet) in after.pets.iter_mut().enumerate() {
            match pet.state {
                State::New | State::Clean if pet.state == State::New || pet.is_changed() => {
                    pet.now.version = if pet.state == State::New { 1 } else { pet.base.version + 1 };
                    after.stored.pets.insert(token, pet.now.clone());
                    pet.base = pet.now.clone();
                    pet.state = State::Clean;
                }
                State::Doomed => {
                    after.stored.pets.remove(&token);
                    pet.state = State::Gone;
                }
                _ => {}
            }
        }
        match broken(&after.stored) {
            Some(why) => Verdict::MustFail(why),
            None => {
                let forgiven = names_change_hands(world);
                Verdict::Writes { after: Box::new(after), forgiven }
            }
        }
    }
}

/// Rows that changed or vanished under the session.
fn stale(world: &World) -> Option<&'static str> {
    for (token, owner) in world.owners.iter().enumerate() {
        let stored = world.stored.owners.get(&token);
        match (owner.state, stored) {
            (State::Doomed, None) => return Some("deletes an owner that is gone"),
            (State::Clean, None) if owner.is_changed() => return Some("changes an owner that is gone"),
            (State::Clean, Some(stored)) => {
                let name = owner.now.name != owner.base.name && stored.name != owner.base.name;
                let points = owner.now.points != owner.base.points && stored.points != owner.base.points;
                if name || points {
                    return Some("changes an owner that has changed");
                }
            }
            _ => {}
        }
    }
    for (token, pet) in world.pets.iter().enumerate() {
        let version = world.stored.pets.get(&token).map(|stored| stored.version);
        if (pet.state == State::Doomed || pet.is_changed()) && version != Some(pet.base.version) {
            return Some("writes a pet that has changed");
        }
    }
    None
}

/// Which rule of the schema the tables break.
fn broken(tables: &Tables) -> Option<&'static str> {
    let names: BTreeSet<&String> = tables.owners.values().map(|owner| &owner.name).collect();
    if names.len() < tables.owners.len() {
        return Some("two owners have one name");
    }
    if tables.owners.values().any(|owner| owner.points < 0) {
        return Some("points below zero");
    }
    let dangling = |pet: &PetRow| {
        pet.owner.is_some_and(|owner| !tables.owners.contains_key(&owner))
            || pet.mother.is_some_and(|mother| !tables.pets.contains_key(&mother))
    };
    tables.pets.values().any(dangling).then_some("a pet points at nobody")
}

/// Whether a row takes a name that another gives up in the same flush.
fn names_change_hands(world: &World) -> bool {
    let gives = world.owners.iter().filter(|owner| owner.state == State::Doomed || owner.is_changed());
    let given: BTreeSet<&String> = gives.map(|owner| &owner.base.name).collect();
    let takes = world.owners.iter().filter(|owner| owner.state == State::New || owner.is_changed());
    takes.into_iter().any(|owner| {
        given.contains(&owner.now.name) && (owner.state == State::New || owner.now.name != owner.base.name)
    })
}
