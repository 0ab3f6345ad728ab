//! The cases in `tests/sockets`, as a crate that depends on this one has them.

dualstack_test::main!("tests/sockets");
