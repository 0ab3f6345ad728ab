//! Results files, of this version and of older ones, which are upgraded: any text is
//! either refused, or it is a file that can be written, read again and merged with itself.
#![no_main]

use dualstack_report::Results;
use dualstack_report::merge::Merge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(results) = Results::read(text) else {
        return;
    };
    let written = serde_json::to_string(&results).expect("results can be written");
    let again = Results::read(&written).expect("results that were written can be read");
    assert_eq!(results, again);

    let mut merge = Merge::default();
    merge.add(results);
    merge.add(again);
    assert!(merge.finish().is_some());
});
