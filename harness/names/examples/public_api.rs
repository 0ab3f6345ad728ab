//! Lists the public API of a library, one item per line, from rustdoc's JSON: `public_api
//! FILE.json`. `.ci/public-api` compares it with the committed list.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let json = std::env::args_os().nth(1).ok_or("a file is missing")?;
    // Derived and blanket implementations say nothing about this library.
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()?;
    print!("{api}");
    Ok(())
}
