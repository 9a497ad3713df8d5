//! Keyset pagination: the rows after a key, in key order.

use super::expr::{binary, joined};
use super::operand::key_nodes;
use super::{Cond, Query};
use crate::sql::{Binary, Expr, Path, Sort};
use crate::{Error, Model, Result, Value};

impl<M: Model> Query<M, M> {
    /// At most `rows` rows, in key order, whose key comes after `key`.
    ///
    /// # Errors
    /// A usage error where the query has an order, a limit or an offset of its own.
    pub(crate) fn after(mut self, key: Option<&[Value]>, rows: u64) -> Result<Self> {
        let select = &self.select;
        if !select.order.is_empty() || select.limit.is_some() || select.offset.is_some() {
            return Err(Error::usage(
                "rows are streamed in key order to the last: leave out the order, the limit and the offset, or `fetch`",
            ));
        }
        let nodes = key_nodes::<M>(&Path::root());
        if let Some(key) = key {
            let value =
                |at: usize| Expr::Value(key[at].clone(), M::__layout().columns[M::__layout().key[at]].ty.clone());
            // (a, b) > (x, y) is a > x, or a = x and b > y: not every engine uses an index for the short form.
            let later = (0..nodes.len()).map(|at| {
                let equal = (0..at).map(|before| binary(nodes[before].clone(), Binary::Eq, value(before)));
                let last = binary(nodes[at].clone(), Binary::Gt, value(at));
                joined(equal.chain([last]), Binary::And)
            });
            if let Some(condition) = joined(later.flatten(), Binary::Or) {
                self = self.filter(Cond::<M>::from_node(condition));
            }
        }
        self.select.order = nodes.into_iter().map(Sort::upwards).collect();
        self.select.limit = Some(rows);
        Ok(self)
    }
}
