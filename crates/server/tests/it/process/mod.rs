//! The real program as operators run it: started, used over the network, administered from
//! another process, stopped. Each test has a data directory of its own; ports are the system's
//! choice.

mod installation;
mod program;
mod web;

mod audit;
mod cli;
mod config;
mod console;
mod demo;
mod doctor;
mod edge;
mod logs;
mod nodes;
mod openid;
mod prompt;
mod reference;
mod remote;
mod start;
mod stop;
mod tls;
