//! What is in files, and what would become of them: found out by the engine in this page, before anything leaves the
//! machine. [`take`] lets files in, [`mod@file`] finds out what each is, [`order`] how certificates belong together, [`show`]
//! draws them. [`judge`] asks the engine what it decides about them, [`decide`] is the form of that question, and [`status`]
//! asks it what lists and responses say;
//! [`snapshot`] is what is known of the server's stores. [`upload`] plans what an upload would do and does it, and [`place`]
//! is its form.

pub(crate) mod take;
pub(crate) mod file;
pub(crate) mod order;
pub(crate) mod show;
pub(crate) mod snapshot;
pub(crate) mod judge;
pub(crate) mod decide;
pub(crate) mod status;
pub(crate) mod upload;
pub(crate) mod place;
