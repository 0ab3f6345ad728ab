//! How long each part of the report of 5,000 cases on 30 platforms takes.
//!
//! Together the parts should take less than 5 s. Nothing is written here, because that
//! would measure the disk. How long the browser takes for the page is measured in
//! `tests/page.rs`.

#[path = "../tests/sample/mod.rs"]
mod sample;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use dualstack_report::Results;
use dualstack_report::form::page::Page;
use dualstack_report::form::{csv, junit, markdown};
use dualstack_report::merge::Merge;

const CASES: usize = 5_000;
const PLATFORMS: usize = 30;

fn merged(file: &str) -> Results {
    let mut merge = Merge::default();
    merge.add(Results::read(file).expect("a results file"));
    merge.finish().expect("results").0
}

fn report(criterion: &mut Criterion) {
    let results = sample::large(CASES, PLATFORMS);
    let mut group = criterion.benchmark_group("5000 cases on 30 platforms");
    group.sample_size(10);
    let text = serde_json::to_string(&results).expect("JSON");
    group.bench_function("read and merge", |b| b.iter(|| black_box(merged(&text))));
    drop(text);
    let page = Page::new(&results, &[], None);
    group.bench_function("make the page", |b| {
        b.iter(|| page.files().map(|file| file.text.len()).sum::<usize>());
    });
    group.bench_function("markdown", |b| {
        b.iter(|| black_box(markdown::report(&results, None, markdown::GITHUB_LIMIT)));
    });
    group.bench_function("junit", |b| b.iter(|| black_box(junit::report(&results))));
    group.bench_function("csv", |b| b.iter(|| black_box(csv::report(&results))));
    group.finish();
}

criterion_group!(benches, report);
criterion_main!(benches);
