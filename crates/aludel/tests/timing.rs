//! What must not take long: tests that measure. They run one after the other, each against a baseline taken without
//! load in the same process, and the best of three attempts counts.

mod timing {
    pub(crate) mod beat;
    pub(crate) mod kit;
}
