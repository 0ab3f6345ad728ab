//! The style sheet and the scripts, the same for every report.

use super::File;

const STYLE: &str = include_str!("../../../assets/report.css");

/// One file per idea; they share only the object `dualstack`.
const SCRIPT: &str = concat!(
    include_str!("../../../assets/core.js"),
    include_str!("../../../assets/state.js"),
    include_str!("../../../assets/model.js"),
    include_str!("../../../assets/grid.js"),
    include_str!("../../../assets/copy.js"),
    include_str!("../../../assets/cell.js"),
    include_str!("../../../assets/filters.js"),
    include_str!("../../../assets/main.js"),
);

pub(super) fn files() -> impl Iterator<Item = File> {
    [
        File::new("report.css", STYLE),
        File::new("report.js", SCRIPT),
    ]
    .into_iter()
}
