//! Has the crate built anew when a file is added to what it embeds.

fn main() {
    for embedded in [
        "../../scenarios",
        "../../fixtures/claims.toml",
        "../../reports/answers",
    ] {
        println!("cargo::rerun-if-changed={embedded}");
    }
}
