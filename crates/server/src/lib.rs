//! The Countersign server: HTTP, pages, configuration and the command line around the engine.
//!
//! Invariant: a handler parses, calls one engine function and renders; it decides nothing.

pub mod account;
pub mod api;
pub mod app;
pub mod assets;
pub mod cli;
pub mod config;
pub mod console;
pub mod demo;
pub mod http;
pub mod installation;
pub mod net;
pub mod oauth;
pub mod ops;
pub mod pages;
pub mod router;
pub mod serve;
pub mod telemetry;
pub mod texts;
