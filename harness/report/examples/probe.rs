//! scratch
#[path = "../tests/browser/mod.rs"]
mod browser;
use browser::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let screen = match a[1].as_str() { "phone" => PHONE, "dark" => DESKTOP.dark(), "phonedark" => PHONE.dark(), _ => DESKTOP };
    let screen = match std::env::var("H") { Ok(h) => Screen { height: h.parse().unwrap(), ..screen }, _ => screen };
    let screen = match std::env::var("W") { Ok(h) => Screen { width: h.parse().unwrap(), ..screen }, _ => screen };
    let mut b = Browser::start(screen).unwrap();
    b.open(std::path::Path::new(&a[2]), &a[3]);
    for s in &a[5..] { println!("{}", b.text(s)); }
    if a[4] != "-" { b.eval("new Promise(r => setTimeout(r, 300))"); std::fs::write(&a[4], b.picture()).unwrap(); }
    b.assert_quiet();
}
