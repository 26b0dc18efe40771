//! Amazon ECS: launch targets of tasks.

use crate::task::Parameters;
use crate::tasks::ecs::{
    AssignPublicIp, CapacityProviderStrategyItem, KeyValuePair, LaunchType, PlacementConstraint,
    PlacementConstraintType, PlacementStrategy, PlacementStrategyType,
};
use crate::value::{IntoValue, Value};

super::name_and_value!(KeyValuePair);

/// The infrastructure on which the tasks run.
///
/// The types exclude settings that the launch type does not support: Fargate has no placement, EC2 no platform
/// version.
#[derive(Debug, Clone)]
#[must_use = "a launch target does nothing until it is passed to `RunTask`"]
pub struct LaunchTarget {
    parameters: Parameters,
    launch_type: Option<Value<LaunchType>>,
}

impl LaunchTarget {
    /// Fargate: you manage no instances. The task needs a network configuration.
    ///
    /// ```
    /// use sfn_tasks::tasks::ecs::{CapacityProviderStrategyItem, LaunchTarget};
    ///
    /// let target = LaunchTarget::fargate().platform_version("1.4.0");
    /// let spot = LaunchTarget::fargate()
    ///     .capacity_provider(CapacityProviderStrategyItem::new().capacity_provider("FARGATE_SPOT").weight(2))
    ///     .capacity_provider(CapacityProviderStrategyItem::new().capacity_provider("FARGATE").weight(1).base(1));
    /// ```
    pub fn fargate() -> Fargate {
        Fargate(Self::of(LaunchType::Fargate))
    }

    /// EC2 instances that are registered in the cluster.
    ///
    /// ```
    /// use sfn_tasks::tasks::ecs::{LaunchTarget, PlacementConstraint, PlacementStrategy};
    ///
    /// let target = LaunchTarget::ec2()
    ///     .placement_strategy(PlacementStrategy::spread_across_instances())
    ///     .placement_constraint(PlacementConstraint::member_of("attribute:ecs.instance-type =~ g4dn.*"));
    /// ```
    pub fn ec2() -> Ec2 {
        Ec2(Self::of(LaunchType::Ec2))
    }

    /// Any launch type, or an expression that returns one.
    pub fn of(launch_type: impl IntoValue<LaunchType>) -> Self {
        Self { parameters: Parameters::new(), launch_type: Some(launch_type.into_value()) }
    }

    fn capacity_provider(mut self, provider: Value<CapacityProviderStrategyItem>) -> Self {
        self.parameters = self.parameters.append("CapacityProviderStrategy", provider);
        self.cluster_default()
    }

    fn cluster_default(mut self) -> Self {
        self.launch_type = None;
        self
    }

    pub(crate) fn set_on(self, parameters: Parameters) -> Parameters {
        let parameters = match self.launch_type {
            Some(launch_type) => parameters.set("LaunchType", launch_type),
            None => parameters,
        };
        parameters.merge(self.parameters)
    }
}

macro_rules! capacity_providers {
    ($target:ident) => {
        impl $target {
            /// Adds a capacity provider. Capacity providers replace the launch type, and the tasks are distributed
            /// over them.
            pub fn capacity_provider(self, provider: impl IntoValue<CapacityProviderStrategyItem>) -> Self {
                Self(self.0.capacity_provider(provider.into_value()))
            }

            /// Uses the default capacity providers of the cluster. No launch type is set.
            pub fn default_capacity_providers(self) -> Self {
                Self(self.0.cluster_default())
            }
        }

        impl From<$target> for LaunchTarget {
            fn from(target: $target) -> Self {
                target.0
            }
        }
    };
}

/// Fargate. Created by [`LaunchTarget::fargate`].
#[derive(Debug, Clone)]
#[must_use = "a launch target does nothing until it is passed to `RunTask`"]
pub struct Fargate(LaunchTarget);

impl Fargate {
    /// The platform version, such as `1.4.0`. The default is the latest version.
    pub fn platform_version(mut self, version: impl IntoValue<String>) -> Self {
        self.0.parameters = self.0.parameters.set("PlatformVersion", version.into_value());
        self
    }
}

capacity_providers!(Fargate);

/// A launch target with placement. [`Ec2`] has the setters; this bound explains to users of other targets where they
/// are.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "on {Self} there are no instances for a placement",
    label = "write `LaunchTarget::ec2()`, or remove the placement"
)]
pub trait HasInstances {}

// Because of the lifetime, the compiler only checks the bounds when a method is used.
impl Fargate {
    #[doc(hidden)]
    pub fn placement_strategy(self, _strategy: impl IntoValue<PlacementStrategy>) -> Self
    where
        for<'never> Self: HasInstances,
    {
        self
    }

    #[doc(hidden)]
    pub fn placement_constraint(self, _constraint: impl IntoValue<PlacementConstraint>) -> Self
    where
        for<'never> Self: HasInstances,
    {
        self
    }
}

/// EC2 instances. Created by [`LaunchTarget::ec2`].
#[derive(Debug, Clone)]
#[must_use = "a launch target does nothing until it is passed to `RunTask`"]
pub struct Ec2(LaunchTarget);

impl Ec2 {
    /// Adds a placement strategy. The first strategy has the highest priority.
    pub fn placement_strategy(mut self, strategy: impl IntoValue<PlacementStrategy>) -> Self {
        self.0.parameters = self.0.parameters.append("PlacementStrategy", strategy.into_value());
        self
    }

    /// Adds a placement constraint, which an instance must fulfil.
    pub fn placement_constraint(mut self, constraint: impl IntoValue<PlacementConstraint>) -> Self {
        self.0.parameters = self.0.parameters.append("PlacementConstraints", constraint.into_value());
        self
    }
}

capacity_providers!(Ec2);

impl PlacementStrategy {
    /// Distributes the tasks evenly over the instances.
    pub fn spread_across_instances() -> Self {
        Self::spread_across("instanceId")
    }

    /// Distributes the tasks evenly over the values of an attribute, such as `attribute:ecs.availability-zone`.
    pub fn spread_across(field: impl IntoValue<String>) -> Self {
        PlacementStrategy::new().r#type(PlacementStrategyType::Spread).field(field)
    }

    /// Uses the instance with the least available CPU, so that few instances are used.
    pub fn packed_by_cpu() -> Self {
        PlacementStrategy::new().r#type(PlacementStrategyType::Binpack).field("CPU")
    }

    /// Uses the instance with the least available memory, so that few instances are used.
    pub fn packed_by_memory() -> Self {
        PlacementStrategy::new().r#type(PlacementStrategyType::Binpack).field("MEMORY")
    }

    /// Uses any instance.
    pub fn randomly() -> Self {
        PlacementStrategy::new().r#type(PlacementStrategyType::Random)
    }
}

impl PlacementConstraint {
    /// Each task of the group runs on a different instance.
    pub fn distinct_instances() -> Self {
        PlacementConstraint::new().r#type(PlacementConstraintType::DistinctInstance)
    }

    /// Only uses instances that match the expression in the cluster query language.
    pub fn member_of(expression: impl IntoValue<String>) -> Self {
        PlacementConstraint::new().r#type(PlacementConstraintType::MemberOf).expression(expression)
    }
}

/// `true` is `ENABLED`, `false` is `DISABLED`.
impl IntoValue<AssignPublicIp> for bool {
    fn into_value(self) -> Value<AssignPublicIp> {
        if self { AssignPublicIp::Enabled } else { AssignPublicIp::Disabled }.into_value()
    }
}
