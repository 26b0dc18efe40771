//! Methods that do not exist for some states, so that the compiler can explain why.
//!
//! Their bounds never hold. Because of the lifetime, the compiler only checks a bound when it is used.

use super::{Catch, Chain, Choice, Fail, IntoChain, Pass, Retry, Succeed, Wait};

/// A state whose errors can be retried and caught.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no retriers and no catchers",
    label = "`retry` and `catch` belong to a Task, Parallel, Map or DistributedMap state, before its `next`",
    note = "to retry or catch several states as one, turn the chain into a Parallel state: `chain.into_parallel(name)`"
)]
pub trait CanFail {}

/// A state that can have a next state.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` ends the machine and has no next state",
    label = "remove what follows, or use a `Pass` state"
)]
pub trait GoesOn {}

macro_rules! cannot_fail {
    ($($state:ty),*) => {$(
        impl $state {
            #[doc(hidden)]
            pub fn retry(self, _retry: Retry) -> Self
            where
                for<'never> Self: CanFail,
            {
                self
            }

            #[doc(hidden)]
            pub fn catch(self, _catch: Catch, _handler: impl IntoChain) -> Self
            where
                for<'never> Self: CanFail,
            {
                self
            }
        }
    )*};
}

cannot_fail!(Chain, Choice, Fail, Pass, Succeed, Wait);

macro_rules! ends {
    ($($state:ty),*) => {$(
        impl $state {
            #[doc(hidden)]
            pub fn next(self, _next: impl IntoChain) -> Chain
            where
                for<'never> Self: GoesOn,
            {
                self.into()
            }
        }
    )*};
}

ends!(Fail, Succeed);

/// A type that has a next state.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not lead to a state",
    label = "pass the handler to the state that catches the error: `.catch(Catch::all(), handler)`"
)]
pub trait Leads {}

impl Catch {
    #[doc(hidden)]
    pub fn next(self, _handler: impl IntoChain) -> Self
    where
        for<'never> Self: Leads,
    {
        self
    }
}
