//! scratch
#[path = "../tests/sample/mod.rs"]
mod sample;
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let all = sample::large(5000, 30);
    for column in all.columns.clone() {
        let mut one = all.clone_shape(); one.columns.retain(|c| c.id == column.id);
        one.cells = all.cells.iter().filter(|c| c.column == column.id).cloned().collect();
        std::fs::write(format!("{dir}/{}.json", column.id), serde_json::to_vec(&one).unwrap()).unwrap();
    }
}
trait Shape { fn clone_shape(&self) -> Self; }
impl Shape for dualstack_report::Results { fn clone_shape(&self) -> Self { Self { cells: vec![], ..Self { format: self.format.clone(), version: self.version, tool: self.tool.clone(), started: self.started.clone(), catalogue: self.catalogue.clone(), scenarios: self.scenarios.clone(), columns: self.columns.clone(), cells: vec![] } } } }
