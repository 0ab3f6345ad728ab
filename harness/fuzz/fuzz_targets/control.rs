//! Bytes that a system wrote: control messages, names, values of options. Any bytes can be
//! decoded, and control messages that were decoded can be encoded as themselves.
#![no_main]

use dualstack_names::SocketOption;
use dualstack_sockets::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let messages = fuzzing::control(bytes);
    assert!(
        messages
            .iter()
            .all(|message| !message.to_string().is_empty())
    );
    if let Ok(encoded) = fuzzing::encoded(&messages) {
        assert_eq!(fuzzing::control(&encoded), messages);
    }

    let (&length, bytes) = bytes.split_first().unwrap_or((&0, &[]));
    let name = fuzzing::name(bytes, length.into());
    assert!(name.as_bytes().len() <= bytes.len().min(length.into()));
    assert!(!name.to_string().is_empty());

    for option in SocketOption::ALL {
        let read = fuzzing::option(option, bytes, length.into());
        assert_eq!(read.len, usize::from(length));
    }
});
