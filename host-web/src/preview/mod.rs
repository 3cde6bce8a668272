//! What is in files, and what would become of them: found out by the engine in this page, before anything leaves the
//! machine. [`take`] lets files in, [`file`] finds out what each is, [`order`] how certificates belong together, [`show`]
//! draws them.

pub(crate) mod take;
pub(crate) mod file;
pub(crate) mod order;
pub(crate) mod show;
