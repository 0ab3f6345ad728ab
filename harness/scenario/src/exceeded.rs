//! The problem of a file that exceeds a bound.

use std::fmt::Display;

use crate::bounds::Bound;
use crate::problem::Problem;
use crate::source::Span;

impl Bound {
    /// The problem of a file that has more, if it is not counted how much.
    pub(crate) fn exceeded(&self, span: Span) -> Problem {
        self.problem(span, &"more")
    }

    /// Compares what was found with the bound.
    pub(crate) fn check(&self, found: usize, span: Span) -> Result<(), Problem> {
        if found <= self.most {
            return Ok(());
        }
        Err(self.problem(span, &found))
    }

    /// The same for a reader that collects its problems.
    pub(crate) fn holds(&self, found: usize, span: Span, problems: &mut Vec<Problem>) -> bool {
        let exceeded = self.check(found, span).err();
        let holds = exceeded.is_none();
        problems.extend(exceeded);
        holds
    }

    fn problem(&self, span: Span, found: &dyn Display) -> Problem {
        let Self { of, most, unit, .. } = self;
        let message = format!("{of} may have at most {most} {unit}; here are {found}");
        Problem::new(span, message).hint(self.fix)
    }
}
