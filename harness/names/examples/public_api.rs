//! Lists the public API of a library, an item a line, from what rustdoc tells in
//! JSON: `public_api FILE.json`. `.ci/public-api` compares it with what is committed.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let json = std::env::args_os().nth(1).ok_or("a file is missing")?;
    // What is derived, and what every type has, says nothing about this one.
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()?;
    print!("{api}");
    Ok(())
}
