//! The administration console, by noun.

mod client_form;
