//! Each case in `tests/sockets` is a test.

dualstack_test::main!("tests/sockets"PROGRAMS);
