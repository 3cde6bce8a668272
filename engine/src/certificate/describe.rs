//! Every field of a certificate under the name an administrator knows, and its identifier. Data, not sentences.
