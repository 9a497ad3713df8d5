//! Relations resolved against the layouts of their models: which columns meet which.

use crate::model::{Layout, Meta};
use crate::sql::{Hop, Name, Path};
use crate::{Error, Model, Result, Type};

/// Pairs of columns that hold a relation together: the foreign key's, the key's.
fn pairs(layout: &'static Layout, field: usize) -> Result<Vec<(&'static str, &'static str)>> {
    let columns = &layout.columns[layout.fields[field].clone()];
    let pair = |column: &'static crate::model::LayoutColumn| {
        column.references.map(|(_, target)| (column.name, target)).ok_or_else(|| {
            Error::usage(format!(
                "`{}.{}` is no foreign key, but a relation stands on it",
                layout.meta.model, layout.meta.fields[field].name
            ))
        })
    };
    columns.iter().map(pair).collect()
}

/// The hop from `M` to the row that its foreign key at `field` names.
pub(crate) fn to_one<M: Model, T: Model>(field: usize, optional: bool) -> Result<Hop> {
    let on = pairs(M::__layout(), field)?.into_iter().map(|(key, target)| (key.into(), target.into())).collect();
    Ok(Hop { table: T::META.table.into(), on, optional })
}

/// The hop from a row to those of `T` whose foreign key at `field` names it.
pub(crate) fn to_children<T: Model>(field: usize, optional: bool) -> Result<Hop> {
    let on = pairs(T::__layout(), field)?.into_iter().map(|(key, target)| (target.into(), key.into())).collect();
    Ok(Hop { table: T::META.table.into(), on, optional })
}

/// A to-many relation, as its target sees it.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// The table whose rows belong to the parent: the target, or what leads to it.
    pub(crate) table: &'static str,
    /// Its columns that hold the parent's key, with the parent's columns and their types.
    pub(crate) on: Vec<(Name, Name, Type)>,
    /// From there to the target.
    pub(crate) target: Path,
}

impl Link {
    /// The rows of `T` whose foreign key at `field` names a row of `M`.
    pub(crate) fn children<M: Model, T: Model>(field: usize) -> Result<Self> {
        Ok(Link { table: T::META.table, on: keyed(M::__layout(), T::__layout(), field)?, target: Path::root() })
    }

    /// The rows of `T` that rows of `Through` connect with a row of `M`.
    pub(crate) fn through<M: Model, T: Model, Through: Model>(
        near: Option<&'static str>,
        far: Option<&'static str>,
    ) -> Result<Self> {
        let (near, far) = Self::ends::<M, T, Through>(near, far)?;
        Ok(Link {
            table: Through::META.table,
            on: keyed(M::__layout(), Through::__layout(), near)?,
            target: Path::root().then(to_one::<Through, T>(far, false)?),
        })
    }

    /// The fields of `Through` that point at both ends.
    pub(crate) fn ends<M: Model, T: Model, Through: Model>(
        near: Option<&'static str>,
        far: Option<&'static str>,
    ) -> Result<(usize, usize)> {
        Ok((foreign_key::<Through>(M::META, near)?, foreign_key::<Through>(T::META, far)?))
    }

    /// The hops from the parent to the target, each of which may multiply rows but the last of several.
    pub(crate) fn path(&self) -> Path {
        let on = self.on.iter().map(|(key, target, _)| (target.clone(), key.clone())).collect();
        Path::root().then(Hop { table: self.table.into(), on, optional: false }).join(&self.target)
    }
}

fn keyed(parent: &'static Layout, child: &'static Layout, field: usize) -> Result<Vec<(Name, Name, Type)>> {
    let typed = |(key, target): (&'static str, &'static str)| {
        let column = parent.columns.iter().find(|column| column.name == target).ok_or_else(|| {
            Error::usage(format!("`{}` has no column `{target}` for `{key}` to name", parent.meta.model))
        })?;
        Ok((Name::from(key), Name::from(target), column.ty.clone()))
    };
    pairs(child, field)?.into_iter().map(typed).collect()
}

/// The field of `Through` that points at `target`: the one so named, else the only one.
fn foreign_key<Through: Model>(target: &'static Meta, named: Option<&'static str>) -> Result<usize> {
    let layout = Through::__layout();
    if let Some(name) = named {
        let found = layout.meta.fields.iter().position(|field| field.name == name);
        return found.ok_or_else(|| Error::usage(format!("`{}` has no field `{name}`", layout.meta.model)));
    }
    let points = |column: &&crate::model::LayoutColumn| {
        column.references.is_some_and(|(meta, _)| meta().table == target.table && meta().bind == target.bind)
    };
    let mut fields: Vec<usize> = layout.columns.iter().filter(points).map(|column| column.field).collect();
    fields.dedup();
    match fields[..] {
        [field] => Ok(field),
        [] => Err(Error::usage(format!(
            "`{}` connects nothing with `{}`: give it a field `Fk<{}>`",
            layout.meta.model, target.model, target.model
        ))),
        _ => Err(Error::usage(format!(
            "`{}` points at `{}` by {} fields: name both in the relation, `many_to_many(.. through {}(here_id, there_id))`",
            layout.meta.model,
            target.model,
            fields.len(),
            layout.meta.model
        ))),
    }
}
