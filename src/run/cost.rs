//! An estimate of what a run costs.

use std::fmt;

use super::Run;

/// An estimate of what a run costs on AWS, without the cost of the services that its tasks call.
///
/// The prices are [those of us-east-1](https://aws.amazon.com/step-functions/pricing/): 0.025 USD for 1,000 state
/// transitions of a Standard workflow; 1.00 USD for a million executions of an Express workflow, and 0.00001667 USD for
/// each GB-second, in steps of 100 ms and 64 MB. The estimate uses the minimum memory of an Express workflow, 64 MB.
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

    /// How the amount is computed.
    pub fn basis(&self) -> &'static str {
        match self.is_express {
            true => "1.00 USD for a million executions and 0.00001667 USD for a GB-second, of 64 MB, in us-east-1",
            false => "0.025 USD for 1,000 state transitions, in us-east-1",
        }
    }
}

/// The amount for many: `0.0250 USD for 1,000 such runs`.
impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4} USD for 1,000 such runs", self.dollars * 1000.0)
    }
}

impl Run {
    /// An estimate of what the run costs.
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
