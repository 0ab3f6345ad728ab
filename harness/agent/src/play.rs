//! Runs the steps of a case.

use dualstack_scenario::step::Step;
use dualstack_scenario::{Outcome, Record, Returned, goes_on, with_call};

use crate::act::Act;
use crate::answers;
use crate::stage::Stage;
use crate::stop::Stop;

/// Makes the call of a step; the second value says whether the case continues.
pub(crate) fn carry_out<'a>(stage: &mut Stage<'a>, step: &'a Step) -> (Record, bool) {
    let call = stage.describe(&step.call);
    let outcome = match stage.holds(step) {
        Ok(true) => answers::outcome(act(stage, step)),
        Ok(false) => Outcome::NotCalled,
        Err(why) => Outcome::Unmade { why },
    };
    stage.record(step, &outcome);
    let goes_on = goes_on(step, &outcome);
    (Record { call, outcome }, goes_on)
}

fn act<'a>(stage: &mut Stage<'a>, step: &'a Step) -> Result<Returned, Stop> {
    stage.allow_time()?;
    stage.enter_host(&step.call)?;
    stage.set_deadline(step.within);
    with_call!(&step.call, call => call.act(stage))
}
