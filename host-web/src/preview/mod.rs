//! What is in files, and what would become of them: found out by the engine in this page, before anything leaves the
//! machine.
