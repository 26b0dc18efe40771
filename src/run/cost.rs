//! What a run would cost.

use super::Run;

/// What a run would cost on AWS, without what its tasks cost.
///
/// By the prices of us-east-1 as [AWS shows them](https://aws.amazon.com/step-functions/pricing/): 0.025 USD for 1,000
/// state transitions of a Standard workflow; 1.00 USD for a million executions of an Express workflow, and 0.00001667 USD
/// for each GB-second, in steps of 100 ms and 64 MB. The memory of an Express workflow is taken as 64 MB, the least.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Cost {
    /// US dollars.
    pub dollars: f64,
    /// Whether it was run as an Express workflow.
    pub is_express: bool,
}

impl Cost {
    /// Where the prices are from.
    pub const SOURCE: &'static str = "https://aws.amazon.com/step-functions/pricing/";

    /// How the figure comes about.
    pub fn basis(&self) -> &'static str {
        match self.is_express {
            true => "1.00 USD for a million executions and 0.00001667 USD for a GB-second, of 64 MB, in us-east-1",
            false => "0.025 USD for 1,000 state transitions, in us-east-1",
        }
    }
}

impl Run {
    /// What the run would cost.
    pub fn cost(&self) -> Cost {
        let dollars = match self.is_express {
            true => {
                let seconds = (self.duration().as_millis().div_ceil(100).max(1)) as f64 / 10.0;
                1.0 / 1e6 + seconds * 64.0 / 1024.0 * 0.000_016_67
            }
            false => self.state_transitions() as f64 * 0.025 / 1000.0,
        };
        Cost { dollars, is_express: self.is_express }
    }
}
