//! Tests of the suite itself: the flows, the command line against the real server, and that faults are caught.

mod command_line;
mod fault;
mod faults;
mod flows;
mod fuzzer;
mod packet;
mod proxy;
mod releases;
mod server;
mod tls;
